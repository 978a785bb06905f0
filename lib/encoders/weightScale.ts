/** How ratings are brought to about −1 … 1: a weight w enters as (w − centre) / spread. */
export interface WeightScale {
  readonly centre: number;
  readonly spread: number;
}

/**
 * The middle and half the range of the weights learned from; spread 1 where all are equal.
 *
 * @example weightScaleOf([1, 5, 3]) // { centre: 3, spread: 2 }
 */
export function weightScaleOf(weights: ArrayLike<number>): WeightScale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < weights.length; i++) {
    low = Math.min(low, weights[i]);
    high = Math.max(high, weights[i]);
  }
  if (low > high) return { centre: 0, spread: 1 };
  return { centre: (low + high) / 2, spread: high > low ? (high - low) / 2 : 1 };
}
