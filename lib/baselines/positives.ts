import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";

/** Which interactions a baseline learns from and reads in a history. */
export interface PositiveOptions {
  /** Rows with a smaller weight are passed over; by default none is. */
  readonly positiveAt?: number;
}

/** The rows that count as positive, ascending as they came. */
export function positiveRows(
  interactions: Interactions,
  rows: Int32Array,
  { positiveAt = Number.NEGATIVE_INFINITY }: PositiveOptions = {},
): Int32Array {
  return rows.filter((row) => interactions.weights[row] >= positiveAt);
}

/** Histories as weighted bags: entry e of history h weighs weights[e]. */
export interface WeightedHistories {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Weighs each positive entry of a history by recency^position, the newest being position 0: what somebody
 * read last says most about what comes next. recency 1 weighs all alike.
 *
 * @param options.last at most so many of the newest entries are kept; all by default
 * @throws when recency lies outside (0, 1].
 * @example items [4, 7, 9] with recency .5 weigh [.25, .5, 1]
 */
export function recencyWeighted(
  histories: Histories,
  options: PositiveOptions & { readonly recency?: number; readonly last?: number },
): WeightedHistories {
  const { recency = 1, positiveAt = Number.NEGATIVE_INFINITY, last = Number.POSITIVE_INFINITY } = options;
  if (!(recency > 0 && recency <= 1))
    throw new Error(`recencyWeighted requires recency in (0, 1], got ${recency}`);
  const { size } = histories;
  const offsets = new Int32Array(size + 1);
  for (let h = 0; h < size; h++) {
    let kept = 0;
    for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++)
      if (histories.weights[e] >= positiveAt) kept++;
    offsets[h + 1] = offsets[h] + Math.min(kept, last);
  }
  const items = new Int32Array(offsets[size]);
  const weights = new Float64Array(items.length);
  for (let h = 0; h < size; h++) {
    let weight = 1;
    let at = offsets[h + 1] - 1;
    for (let e = histories.offsets[h + 1] - 1; at >= offsets[h]; e--) {
      if (!(histories.weights[e] >= positiveAt)) continue;
      items[at] = histories.items[e];
      weights[at--] = weight;
      weight *= recency;
    }
  }
  return { size, offsets, items, weights };
}
