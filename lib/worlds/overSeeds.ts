import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import { tQuantile } from "../math/studentT";

/** A mean over seeds with its 95% interval (Student's t); of one seed the interval is everything. */
export interface OverSeeds {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** @example overSeeds([1, 3]) // { mean: 2, lower: −10.7, upper: 14.7 } */
export function overSeeds(values: readonly number[]): OverSeeds {
  const [mean, n] = [meanOf(values), values.length];
  const reach =
    n > 1 ? (tQuantile(0.975, n - 1) * deviationOf(values)) / Math.sqrt(n) : Number.POSITIVE_INFINITY;
  return { mean, lower: mean - reach, upper: mean + reach };
}
