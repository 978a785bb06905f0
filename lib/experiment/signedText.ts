import type { Interval } from "../math/bootstrap";

/**
 * A difference with its interval, each number with its sign.
 *
 * @param written how a size is written
 * @example signedText({ mean: -0.1, lower: -0.2, upper: 0 }, (x) => x.toFixed(1)) // "−0.1 (−0.2 to +0.0)"
 */
export function signedText(
  { mean, lower, upper }: Pick<Interval, "mean" | "lower" | "upper">,
  written: (size: number) => string,
): string {
  const sign = (value: number): string => `${value < 0 ? "−" : "+"}${written(Math.abs(value))}`;
  return `${sign(mean)} (${sign(lower)} to ${sign(upper)})`;
}
