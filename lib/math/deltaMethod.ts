import type { SumStatistic } from "./sumStatistic";

/** Sums of units' columns and of their products: what the delta method reads. */
export interface Moments {
  /** Number of units. */
  readonly size: number;
  /** [D] rows, then the sum of each term. */
  readonly sums: Float64Array;
  /** [D × D] Σ over units of products of two columns. */
  readonly products: Float64Array;
}

/**
 * Standard error of a statistic of sums, to first order: √(gᵀ Σ g) with g its gradient at the sums and Σ their
 * covariance (Efron and Tibshirani 1993, section 21.4; for a mean it is s / √n). The gradient is taken by central
 * differences, so that a statistic need not bring one.
 *
 * @returns NaN when there are fewer than two units.
 */
export function deltaError(statistic: Pick<SumStatistic, "of">, { size, sums, products }: Moments): number {
  if (size < 2) return Number.NaN;
  const width = sums.length;
  const at = (values: Float64Array): number => statistic.of(values.subarray(1), values[0]);
  const gradient = new Float64Array(width);
  const moved = sums.slice();
  for (let d = 0; d < width; d++) {
    const step = 1e-5 * (Math.abs(sums[d]) + Math.sqrt(products[d * width + d])) || 1e-9;
    moved[d] = sums[d] + step;
    const above = at(moved);
    moved[d] = sums[d] - step;
    gradient[d] = (above - at(moved)) / (2 * step);
    moved[d] = sums[d];
  }
  let variance = 0;
  for (let a = 0; a < width; a++)
    for (let b = 0; b < width; b++)
      variance += gradient[a] * gradient[b] * (products[a * width + b] - (sums[a] * sums[b]) / size);
  return Math.sqrt(Math.max(0, (variance * size) / (size - 1)));
}

/** The moments of some columns of units' sums, each unit counted `times[u]` times (once by default). */
export function momentsOf(
  units: { readonly size: number; readonly width: number; readonly sums: Float64Array },
  columns: ArrayLike<number>,
  times?: Int32Array,
): Moments {
  const width = columns.length + 1;
  const places = Int32Array.from({ length: width }, (_, d) => (d === 0 ? 0 : columns[d - 1]));
  const sums = new Float64Array(width);
  const products = new Float64Array(width * width);
  for (let unit = 0; unit < units.size; unit++) {
    const weight = times === undefined ? 1 : times[unit];
    if (weight === 0) continue;
    const start = unit * units.width;
    for (let a = 0; a < width; a++) {
      const value = weight * units.sums[start + places[a]];
      sums[a] += value;
      for (let b = a; b < width; b++) products[a * width + b] += value * units.sums[start + places[b]];
    }
  }
  for (let a = 0; a < width; a++)
    for (let b = 0; b < a; b++) products[a * width + b] = products[b * width + a];
  return { size: units.size, sums, products };
}
