/** What each item brought in some rows. */
export interface ItemRewards {
  /** [N] rows of the item */
  readonly counts: Float64Array;
  /** [N] sum of its rewards */
  readonly sums: Float64Array;
  /** [N] mean of its rewards; 0 for items without a row */
  readonly means: Float64Array;
  /** Share of the rewards' variance that lies between items, in [0, 1]; 0 where all rewards are equal. */
  readonly between: number;
}

/**
 * Rewards gathered by item: the best that a learner can know about an item without looking at who asks.
 * `between` (eta squared) says how much knowing the item tells about the reward at all.
 *
 * @param items [rows] item rows
 * @param rewards [rows]
 * @param catalogSize N
 * @example itemRewards([0, 0, 1], [1, 3, 5], 2).means // [2, 5]
 */
export function itemRewards(
  items: ArrayLike<number>,
  rewards: ArrayLike<number>,
  catalogSize: number,
): ItemRewards {
  if (items.length !== rewards.length || items.length === 0)
    throw new Error(`itemRewards requires one reward a row, got ${rewards.length} for ${items.length} rows`);
  const counts = new Float64Array(catalogSize);
  const sums = new Float64Array(catalogSize);
  let [total, squares] = [0, 0];
  for (let i = 0; i < items.length; i++) {
    counts[items[i]]++;
    sums[items[i]] += rewards[i];
    total += rewards[i];
    squares += rewards[i] ** 2;
  }
  const means = sums.map((sum, item) => (counts[item] > 0 ? sum / counts[item] : 0));
  const mean = total / items.length;
  const all = squares - items.length * mean ** 2;
  const among = means.reduce((sum, value, item) => sum + counts[item] * (value - mean) ** 2, 0);
  return { counts, sums, means, between: all > 1e-9 * items.length ? among / all : 0 };
}
