import type { Random } from "../math/random";
import { type Catalog, catalogOfIds } from "./catalog";
import type { Dataset } from "./dataset";
import type { Interactions } from "./interactions";
import { countsOf } from "./readInteractions";

/** Sizes of a synthetic log, whatever its kind. */
export interface LogSizes {
  /** Number of users, at least 10. */
  readonly users: number;
  /** Number of items, at least 10. */
  readonly items: number;
  /** Shortest and longest history; lengths are uniform between them. */
  readonly rows: readonly [number, number];
}

/** About 60,000 rows. */
export const defaultSizes: LogSizes = { users: 1000, items: 1500, rows: [30, 90] };

export const day = 86_400;
/** 2020-01-01, so that times look like times. */
const start = 1_577_836_800;
/** Days that a log spans. */
export const spanDays = 730;

/** One reader's choices: item rows and ratings in the order of reading, at most one a moment. */
export interface Choices {
  readonly items: readonly number[];
  readonly ratings: readonly number[];
}

/**
 * @throws when there are too few users or items, or a history could be longer than the catalogue.
 */
export function requireSizes(what: string, { users, items, rows }: LogSizes): void {
  const [low, high] = rows;
  if (!(users >= 10 && items >= 10 && low >= 2 && high >= low && high <= items))
    throw new Error(
      `${what} requires 10 users, 10 items and histories of 2 rows to the whole catalogue, got ${users} users, ${items} items, rows ${low} to ${high}`,
    );
}

/**
 * Makes a log: readers come somewhere in the first .7 of two years; one half stays to the end, the others leave
 * at any later time (at least .1 of the span later). A reader's moments are uniform in between, in order.
 *
 * @param choose what one reader takes at those moments (days from the start, ascending); it may be fewer items
 * @returns rows in time order; rows of one second in the order of users
 */
export function makeLog(
  sizes: LogSizes,
  draw: Random,
  choose: (user: number, moments: Float64Array) => Choices,
): Interactions {
  const { users, items, rows } = sizes;
  const made: { user: number; item: number; rating: number; time: number }[] = [];
  for (let user = 0; user < users; user++) {
    const count = rows[0] + draw.integer(rows[1] - rows[0] + 1);
    const from = 0.7 * draw.next();
    const to = draw.next() < 0.5 ? 1 : from + 0.1 + (0.9 - from) * draw.next();
    const moments = new Float64Array(count);
    for (let i = 0; i < count; i++) moments[i] = spanDays * (from + (to - from) * draw.next());
    moments.sort();
    const { items: chosen, ratings } = choose(user, moments);
    chosen.forEach((item, i) => {
      made.push({ user, item, rating: ratings[i], time: Math.floor(start + moments[i] * day) });
    });
  }
  // Array sort is stable: rows of one second keep the order in which they were made.
  made.sort((a, b) => a.time - b.time);
  return {
    size: made.length,
    users: Int32Array.from(made, (row) => row.user),
    items: Int32Array.from(made, (row) => row.item),
    weights: Float32Array.from(made, (row) => row.rating),
    times: Float64Array.from(made, (row) => row.time),
    userIds: Array.from({ length: users }, (_, user) => String(user + 1)),
    itemIds: Array.from({ length: items }, (_, item) => String(item + 1)),
    order: "timestamp",
    weightKind: "rating",
    extra: {},
  };
}

/** A rating of 1 .. 5: whole, of a mean and a spread. */
export function ratingOf(mean: number, spread: number, draw: Random): number {
  return Math.min(5, Math.max(1, Math.round(mean + spread * draw.normal())));
}

/** The log as a dataset, named by its kind: the label goes on every figure. */
export function syntheticOfKind(
  kind: string,
  interactions: Interactions,
  seed: number,
  catalog: Partial<Pick<Catalog, "titles" | "text" | "numbers">> = {},
): Dataset {
  return {
    name: `synthetic-${kind}`,
    label: `synthetic data, ${kind}-driven (${countsOf(interactions)}, seed ${seed})`,
    origin: "made here",
    interactions,
    catalog: { ...catalogOfIds(interactions.itemIds), ...catalog },
    skippedRows: 0,
    notices: [],
  };
}
