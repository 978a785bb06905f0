import { meanOf } from "./mean";

/** Standard deviation of a sample, √(Σ (x − x̄)² / (n − 1)); NaN of fewer than two. @example deviationOf(Float64Array.of(1, 3)) // √2 */
export function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
