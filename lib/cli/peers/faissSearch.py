"""The 50 nearest of 10,000 by inner product through faiss-cpu. Cases: retrieve.1, retrieve.512 (queries at a time)."""

import faiss
import numpy
from blocks import case, folder, serve, threads

faiss.omp_set_num_threads(threads)
WIDTH, PLACES = 64, 50
vectors = numpy.fromfile(f"{folder}/vectors.f32", numpy.float32).reshape(-1, WIDTH)
queries = numpy.fromfile(f"{folder}/queries.f32", numpy.float32).reshape(-1, WIDTH)
index = faiss.IndexFlatIP(WIDTH)
index.add(vectors)
at_once = int(case.split(".")[1])
blocks = [queries[start : start + at_once] for start in range(0, len(queries), at_once)]


def run(count):
    for piece in range(count):
        index.search(blocks[piece % len(blocks)], PLACES)


found = index.search(queries, PLACES)[1]
run(3)
# Of each query the sum and the sum of squares of the items found: order does not matter, ties and rounding do little.
sums = numpy.concatenate([found.sum(1), (found.astype(float) ** 2).sum(1)])
serve("faiss-cpu", faiss.__version__, run, sums.tolist())
