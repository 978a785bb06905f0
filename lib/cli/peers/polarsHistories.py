"""A CSV file of ratings to histories with Polars: read, sorted by user and time, cut where the user changes."""

import os

from blocks import folder, serve, threads

os.environ["POLARS_MAX_THREADS"] = str(threads)
import numpy
import polars

file = f"{folder}/ratings.csv"


def histories():
    rows = polars.scan_csv(file).sort("user_id", "timestamp").collect()
    users = rows["user_id"].to_numpy()
    offsets = numpy.concatenate([[0], numpy.flatnonzero(users[1:] != users[:-1]) + 1, [len(users)]])
    return users[offsets[:-1]], offsets, rows["item_id"].to_numpy(), rows["rating"].to_numpy()


def run(count):
    for _ in range(count):
        histories()


users, offsets, items, ratings = histories()
newest = items[offsets[1:] - 1]
serve("Polars", polars.__version__, run, [len(items), len(users), int(newest.sum()), float(ratings.sum())])
