import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { rankedBy, type ScoringRecommender } from "../retrieval/scorer";
import { repeated } from "./mostPopular";
import { type PositiveOptions, positiveRows } from "./positives";

export interface RecentPopularityOptions extends PositiveOptions {
  /** Length of the window: days where the log has times, rows of the file under row order. Above 0. */
  readonly window: number;
  /**
   * Where the window ends. "fitted rows" (default): with the last fitted row, one list for all, as in serving
   * a model that was fitted then. "history": with each history's own last entry, for leave-one-out splits,
   * where every user is asked about at another moment; still only fitted rows are counted.
   */
  readonly ends?: "fitted rows" | "history";
  /**
   * With `ends: "history"`: when each user (by user row) is asked, in seconds or, under row order, rows. The
   * window then ends just before. A history can have ended long before its owner comes back, and a server
   * knows the time: under leave-one-out this is `requestMoments` of the evaluated rows.
   */
  readonly moments?: Float64Array;
}

/** Overall counts break ties within the window, and fill lists where it is nearly empty. */
const overallShare = 1e-4;

/**
 * What everybody reads just now: positive interactions in the last window. The window is measured in time (or
 * rows) before positives are picked, so a window of 5,000 rows holds fewer than 5,000 positives.
 *
 * @throws when the window is not above 0 or no row is given.
 * @example recentPopularity(interactions, split.train, { window: 5000, positiveAt: 4 })
 */
export function recentPopularity(
  interactions: Interactions,
  rows: Int32Array,
  options: RecentPopularityOptions,
): ScoringRecommender {
  const { window, ends = "fitted rows" } = options;
  if (!(window > 0)) throw new Error(`recentPopularity requires a window above 0, got ${window}`);
  if (rows.length === 0) throw new Error("recentPopularity requires at least one row, got none");
  const items = interactions.itemIds.length;
  const positives = positiveRows(interactions, rows, options);
  const momentOf = moments(interactions);
  const length = interactions.order === "timestamp" ? window * 86400 : window;
  const overall = new Float64Array(items);
  for (const row of positives) overall[interactions.items[row]] += overallShare;

  /** Counts in (end − length, end], on top of the overall counts. */
  const countsUntil = (end: number): Float64Array => {
    const counts = overall.slice();
    for (let at = firstAfter(positives, momentOf, end) - 1; at >= 0; at--) {
      const row = positives[at];
      if (momentOf(row) <= end - length) break;
      counts[interactions.items[row]]++;
    }
    return counts;
  };

  const name = "RecentPop";
  if (ends === "fitted rows") {
    const counts = countsUntil(momentOf(rows[rows.length - 1]));
    return rankedBy({ name, items, scores: (histories) => repeated(counts, histories.size) });
  }
  const last = momentOf(rows[rows.length - 1]);
  /** One second or one row before the request; nothing where it is not known. */
  const askedAt = (histories: Histories, h: number): number | undefined => {
    const moment = options.moments?.[histories.users[h]];
    return moment === undefined || Number.isNaN(moment) ? undefined : moment - 1;
  };
  return rankedBy({
    name,
    items,
    scores(histories) {
      const scores = new Float64Array(histories.size * items);
      for (let h = 0; h < histories.size; h++)
        scores.set(countsUntil(askedAt(histories, h) ?? endOf(histories, h, momentOf) ?? last), h * items);
      return scores;
    },
  });
}

/**
 * When each user is asked: the moment of the user's first row among these, [users], NaN where there is none.
 * Only when, not what, is taken from the rows.
 *
 * @example requestMoments(interactions, split.test)
 */
export function requestMoments(interactions: Interactions, rows: Int32Array): Float64Array {
  const momentOf = moments(interactions);
  const asked = new Float64Array(interactions.userIds.length).fill(Number.NaN);
  for (const row of rows) {
    const user = interactions.users[row];
    if (!(asked[user] <= momentOf(row))) asked[user] = momentOf(row);
  }
  return asked;
}

/** When a row happened: its time in seconds, or its place under row order. */
function moments(interactions: Interactions): (row: number) => number {
  return interactions.order === "timestamp" ? (row) => interactions.times[row] : (row) => row;
}

/** The moment of a history's last entry that came from the log. */
function endOf(histories: Histories, h: number, momentOf: (row: number) => number): number | undefined {
  for (let e = histories.offsets[h + 1] - 1; e >= histories.offsets[h]; e--)
    if (histories.rows[e] >= 0) return momentOf(histories.rows[e]);
  return undefined;
}

/** Index of the first of these ascending rows that lies after the moment. */
function firstAfter(rows: Int32Array, momentOf: (row: number) => number, moment: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (momentOf(rows[middle]) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
