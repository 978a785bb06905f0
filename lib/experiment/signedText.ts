import type { Interval } from "../math/bootstrap";

type Ends = Pick<Interval, "mean" | "lower" | "upper">;

/**
 * A difference with its interval, each number with its sign.
 *
 * @param written how a size is written
 * @example signedText({ mean: -0.1, lower: -0.2, upper: 0 }, (x) => x.toFixed(1)) // "−0.1 (−0.2 to +0.0)"
 */
export function signedText({ mean, lower, upper }: Ends, written: (size: number) => string): string {
  return `${signed(mean, written)} (${signed(lower, written)} to ${signed(upper, written)})`;
}

/**
 * What an interval of a difference allows to say. One that holds 0 does not show that there is none: the text then
 * says how large an effect it leaves open.
 *
 * @param reference the value the difference is from; with it the effect is told in parts of that value too
 * @example differenceText({ mean: .002, lower: -.0006, upper: .0047 }, .084) // "no difference shown; allows −.0006 to +.0047, at most +5.6% of the start"
 * @example differenceText({ mean: .002, lower: .001, upper: .0047 }) // "higher; +.0010 to +.0047"
 */
export function differenceText({ lower, upper }: Ends, reference?: number): string {
  if (Number.isNaN(lower) || Number.isNaN(upper)) return "no difference shown; its spread is unknown";
  const between = `${signed(lower, decimals)} to ${signed(upper, decimals)}`;
  const part = (bound: string, end: number): string =>
    reference === undefined || !(reference > 0)
      ? ""
      : `, ${bound} ${signed((100 * end) / reference, (size) => size.toFixed(1))}% of the start`;
  if (lower > 0) return `higher; ${between}${part("at least", lower)}`;
  if (upper < 0) return `lower; ${between}${part("at least", upper)}`;
  return `no difference shown; allows ${between}${part("at most", upper >= -lower ? upper : lower)}`;
}

function signed(value: number, written: (size: number) => string): string {
  return `${value < 0 ? "−" : "+"}${written(Math.abs(value))}`;
}

function decimals(value: number): string {
  return value.toFixed(4).replace(/^0/, "");
}
