/**
 * Gini coefficient of non-negative counts: Σ (2i − n − 1) x_(i) / (n Σ x) with x sorted upwards, i from 1. 0 where all
 * are equal, near 1 where one has everything; 0 of nothing.
 *
 * @example giniOf([1, 1, 1]) // 0
 * @example giniOf([0, 0, 3]) // 2 / 3, the most three can have
 */
export function giniOf(counts: ArrayLike<number>): number {
  const sorted = Float64Array.from(counts).sort();
  let [sum, weighted] = [0, 0];
  for (let i = 0; i < sorted.length; i++) {
    sum += sorted[i];
    weighted += (2 * (i + 1) - sorted.length - 1) * sorted[i];
  }
  return sum === 0 ? 0 : weighted / (sorted.length * sum);
}
