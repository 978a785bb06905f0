/**
 * How many equal weights would tell as much as these: (Σ w)² / Σ w² (Kong 1992), from 1 to n; 0 where all are 0.
 *
 * @param weights none below 0
 * @example effectiveSize(Float64Array.of(1, 3)) // 1.6
 */
export function effectiveSize(weights: Float64Array): number {
  let most = 0;
  for (const weight of weights) most = Math.max(most, weight);
  if (most === 0) return 0;
  // In parts of the largest: products of many steps' ratios are too large or too small to be squared.
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    const part = weight / most;
    sum += part;
    squares += part * part;
  }
  return (sum * sum) / squares;
}

/**
 * How many standard errors the mean of n weights lies from 1, told from their mean and effective size alone: the
 * weights' variance is mean² (n / n_e − 1). Infinite where equal weights are not 1.
 */
export function errorsFromOne(n: number, mean: number, effective: number): number {
  const off = Math.abs(mean - 1);
  const error = effective === 0 ? 0 : mean * Math.sqrt(Math.max(0, n / effective - 1) / n);
  return off === 0 ? 0 : off / error;
}
