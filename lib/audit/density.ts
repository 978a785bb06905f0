/** A curve of density over a grid. */
export interface Density {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * A Gaussian kernel density estimate with Silverman's bandwidth, .9 · min(σ, IQR / 1.34) · n^(−1/5)
 * (Silverman 1986, equation 3.31), over a grid.
 *
 * @param values at least two numbers that are not all equal
 * @param grid where the density is wanted
 * @returns density at each grid point; it integrates to 1 over all x
 */
export function kernelDensity(values: ArrayLike<number>, grid: Float64Array): Density {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const quartile = (share: number): number => sorted[Math.min(n - 1, Math.floor(share * n))];
  const range = (quartile(0.75) - quartile(0.25)) / 1.34;
  const spread = range > 0 ? Math.min(deviation, range) : deviation;
  const bandwidth = 0.9 * spread * n ** -0.2;
  if (!(bandwidth > 0))
    throw new Error(`kernelDensity requires two different numbers, got ${n} with deviation ${deviation}`);
  const y = new Float64Array(grid.length);
  const scale = 1 / (n * bandwidth * Math.sqrt(2 * Math.PI));
  for (const [g, x] of grid.entries()) {
    let sum = 0;
    for (const value of sorted) sum += Math.exp(-0.5 * ((x - value) / bandwidth) ** 2);
    y[g] = scale * sum;
  }
  return { x: grid, y };
}

/**
 * `count` points, evenly from the least to the largest of some samples, a tenth of the range beyond both, but
 * nothing below `from`: a distance has no density below 0.
 */
export function gridOver(
  samples: readonly ArrayLike<number>[],
  count = 200,
  { from = Number.NEGATIVE_INFINITY }: { readonly from?: number } = {},
): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const sample of samples)
    for (let i = 0; i < sample.length; i++) {
      low = Math.min(low, sample[i]);
      high = Math.max(high, sample[i]);
    }
  const margin = (high - low) / 10;
  const [start, end] = [Math.max(from, low - margin), high + margin];
  return Float64Array.from({ length: count }, (_, i) => start + ((end - start) * i) / (count - 1));
}
