import { join } from "node:path";
import { withBookTags } from "./bookTags";
import type { Dataset } from "./dataset";
import type { Interactions } from "./interactions";
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
    { name: "goodbooks", isInOrder: true },
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

/**
 * Every nth user, by user row (0, n, 2n, ...), with their whole histories. Items keep their rows; users are
 * numbered anew in the same order.
 *
 * @throws when n is not a whole number of at least 1.
 * @example everyNthUser(interactions, 20).userIds.length // a twentieth of the users, rounded up
 */
export function everyNthUser(interactions: Interactions, n: number): Interactions {
  if (!(Number.isInteger(n) && n >= 1))
    throw new Error(`everyNthUser requires a whole number of at least 1, got ${n}`);
  let size = 0;
  for (const user of interactions.users) if (user % n === 0) size++;
  const rows = new Int32Array(size);
  let next = 0;
  for (let row = 0; row < interactions.size; row++) if (interactions.users[row] % n === 0) rows[next++] = row;
  const { extra, texts, userColumns } = interactions;
  const isKept = (_: unknown, user: number): boolean => user % n === 0;
  return {
    ...interactions,
    size,
    users: rows.map((row) => interactions.users[row] / n),
    items: rows.map((row) => interactions.items[row]),
    weights: Float32Array.from(rows, (row) => interactions.weights[row]),
    times: Float64Array.from(rows, (row) => interactions.times[row]),
    userIds: interactions.userIds.filter((_, user) => user % n === 0),
    extra: eachColumn(extra, (values) => Float32Array.from(rows, (row) => values[row])),
    ...(texts && {
      texts: eachColumn(texts, ({ codes, values }) => ({ codes: rows.map((row) => codes[row]), values })),
    }),
    ...(userColumns && {
      userColumns: {
        text: eachColumn(userColumns.text, (values) => values.filter(isKept)),
        numbers: eachColumn(userColumns.numbers, (values) => values.filter(isKept)),
      },
    }),
  };
}

function eachColumn<A, B>(columns: Readonly<Record<string, A>>, change: (column: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, change(column)]));
}
