import type { Interactions } from "../data/interactions";
import { rankedBy, type ScoringRecommender } from "../retrieval/scorer";
import { type PositiveOptions, positiveRows } from "./positives";

/**
 * The items with the most positive interactions in the fitted rows, for everybody.
 *
 * @example mostPopular(interactions, split.train, { positiveAt: 4 })
 */
export function mostPopular(
  interactions: Interactions,
  rows: Int32Array,
  options: PositiveOptions = {},
): ScoringRecommender {
  const items = interactions.itemIds.length;
  const counts = new Float64Array(items);
  for (const row of positiveRows(interactions, rows, options)) counts[interactions.items[row]]++;
  return rankedBy({ name: "MostPopular", items, scores: (histories) => repeated(counts, histories.size) });
}

/** The same row of scores for each history. */
export function repeated(row: Float64Array, times: number): Float64Array {
  const scores = new Float64Array(row.length * times);
  for (let h = 0; h < times; h++) scores.set(row, h * row.length);
  return scores;
}
