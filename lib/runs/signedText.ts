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
  if (lower === 0 && upper === 0) return "the same";
  const between = `${signed(lower, decimals)} to ${signed(upper, decimals)}`;
  const part = (bound: string, end: number): string =>
    reference === undefined || !(reference > 0) ? "" : `, ${bound} ${percent(end, reference)} of the start`;
  if (lower > 0) return `higher; ${between}${part("at least", lower)}`;
  if (upper < 0) return `lower; ${between}${part("at least", upper)}`;
  return `no difference shown; allows ${between}${part("at most", upper >= -lower ? upper : lower)}`;
}

/** Words of `verdictText` for what an actor was before its first update. */
export const stepZeroWords = { better: "better than step 0", worse: "worse than step 0", from: "step 0" };

/**
 * The same in a cell beside the interval itself, in words of its own.
 *
 * @param words.from what it is compared with: "step 0"
 * @example verdictText({ mean: .002, lower: -.0006, upper: .0047 }, { better: "it helped", worse: "it did harm", from: "step 0" }, .084) // "no difference from step 0 shown; up to +.0047 (+5.6%) is left open"
 */
export function verdictText(
  { lower, upper }: Ends,
  words: { readonly better: string; readonly worse: string; readonly from: string },
  reference?: number,
): string {
  if (lower === 0 && upper === 0) return `the same as ${words.from}`;
  if (lower > 0) return words.better;
  if (upper < 0) return words.worse;
  if (Number.isNaN(lower) || Number.isNaN(upper)) return `no difference from ${words.from} shown`;
  const most = upper >= -lower ? upper : lower;
  const part = reference === undefined || !(reference > 0) ? "" : ` (${percent(most, reference)})`;
  return `no difference from ${words.from} shown; up to ${signed(most, decimals)}${part} is left open`;
}

function percent(size: number, reference: number): string {
  return `${signed((100 * size) / reference, (value) => value.toFixed(1))}%`;
}

function signed(value: number, written: (size: number) => string): string {
  return `${value < 0 ? "−" : "+"}${written(Math.abs(value))}`;
}

/** A share in four decimals without the zero before the point: ".0512". */
export function decimals(value: number): string {
  return value.toFixed(4).replace(/^0/, "");
}
