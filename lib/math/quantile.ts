import { quantileSorted } from "simple-statistics";

/**
 * Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996) of sorted values.
 *
 * @param sorted at least one number, ascending
 * @param probability in [0, 1]
 * @throws when it is not, or there is no number.
 * @example quantile(Float64Array.of(1, 2, 4), 0.75) // 3
 */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  return quantileSorted(sorted as number[], probability);
}
