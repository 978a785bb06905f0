import { join } from "node:path";
import { withBookTags } from "./bookTags";
import type { Dataset } from "./dataset";
import { everyNthUser } from "./everyNthUser";
import { countsOf, readDataset } from "./readInteractions";

/** From this many readers on, a ratings file is the full one (53,424), not a sample. */
const fullFrom = 20_000;
const quickStep = 20;

/**
 * Reads goodbooks-10k: `ratings.csv` (row order is time order) and `books.csv`, with genres and
 * tags where their files are there. Of the full file the quick
 * mode takes every twentieth reader; a sample is taken whole.
 */
export async function readGoodbooks(
  folder: string,
  options: { readonly full?: boolean } = {},
): Promise<Dataset> {
  const dataset = await readDataset(
    { interactions: join(folder, "ratings.csv"), items: join(folder, "books.csv") },
    { name: "goodbooks" },
  );
  const { catalog, notices } = await withBookTags(dataset.catalog, folder);
  const isFull = dataset.interactions.userIds.length >= fullFrom;
  const quick = isFull && options.full !== true;
  const interactions = quick ? everyNthUser(dataset.interactions, quickStep) : dataset.interactions;
  const part = quick ? ", every 20th reader" : isFull ? "" : ", a sample";
  return {
    ...dataset,
    label: `goodbooks-10k${part} (${countsOf(interactions, { users: "readers" })})`,
    origin: folder,
    interactions,
    catalog,
    notices: [...dataset.notices, ...notices],
  };
}
