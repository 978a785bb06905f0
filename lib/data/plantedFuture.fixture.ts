import type { Interactions } from "./interactions";
import type { Split } from "./split";

/**
 * For tests: the same log with an absurd future: in every validation and test row another item (rotated by half the
 * catalogue) and the opposite rating (the log's smallest + largest - rating). Train rows, users and times are
 * untouched, so the split is the same, and whatever is fitted on train must come out bit for bit the same
 * from both logs. If it does not, it has read the future.
 *
 * @param keep "train" alters validation and test; "train and validation" alters test only, for what may look
 *   as far as the test cut (histories, seen-masks, refitted models).
 * @example
 * const before = fit(data, split);
 * const after = fit(plantFuture(data, split), split);
 * assert.deepEqual(after, before);
 */
export function plantFuture(
  interactions: Interactions,
  split: Split,
  options: { readonly keep?: "train" | "train and validation" } = {},
): Interactions {
  const items = interactions.items.slice();
  const weights = interactions.weights.slice();
  const itemCount = interactions.itemIds.length;
  const shift = Math.max(1, Math.floor(itemCount / 2));
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const weight of weights) {
    if (weight < low) low = weight;
    if (weight > high) high = weight;
  }
  const alter = (rows: Int32Array): void => {
    for (const row of rows) {
      items[row] = (items[row] + shift) % itemCount;
      weights[row] = low + high - weights[row];
    }
  };
  if (options.keep !== "train and validation") alter(split.validation);
  alter(split.test);
  return { ...interactions, items, weights };
}
