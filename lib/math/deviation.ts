import { sampleStandardDeviation } from "simple-statistics";

/**
 * Standard deviation of a sample, √(Σ (x − x̄)² / (n − 1)); NaN of fewer than two.
 *
 * @example deviationOf(Float64Array.of(1, 3)) // √2
 */
export function deviationOf(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : sampleStandardDeviation(values as number[]);
}
