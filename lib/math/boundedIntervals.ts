import { deviationOf } from "./deviation";
import { meanOf } from "./mean";

/** Numbers that cannot leave [lower, upper]; said by whoever knows, not read off the sample. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * An interval of the mean of independent bounded numbers that holds for every sample size: x̄ ± range · √(ln(2/δ) / 2n)
 * (Hoeffding 1963, theorem 2). Wide, and never wrong more often than promised.
 *
 * @throws when there is no value, one lies outside the bounds, or the level is not in (0, 1).
 */
export function hoeffdingInterval(values: Float64Array, bounds: Bounds, level = 0.95): Bounds {
  check("hoeffdingInterval", values, bounds, level);
  const reach = (bounds.upper - bounds.lower) * Math.sqrt(Math.log(2 / (1 - level)) / (2 * values.length));
  const mean = meanOf(values);
  return { lower: mean - reach, upper: mean + reach };
}

/**
 * As Hoeffding's, narrower where the numbers vary little: x̄ ± √(2 V ln(4/δ) / n) + 7 · range · ln(4/δ) / (3 (n − 1)), V
 * the sample variance (Maurer and Pontil 2009, theorem 4, on both sides).
 *
 * @throws as hoeffdingInterval; and when there are fewer than two values.
 */
export function empiricalBernsteinInterval(values: Float64Array, bounds: Bounds, level = 0.95): Bounds {
  check("empiricalBernsteinInterval", values, bounds, level);
  if (values.length < 2)
    throw new Error(`empiricalBernsteinInterval requires at least 2 values, got ${values.length}`);
  const n = values.length;
  const mean = meanOf(values);
  const logarithm = Math.log(4 / (1 - level));
  const reach =
    deviationOf(values) * Math.sqrt((2 * logarithm) / n) +
    (7 * (bounds.upper - bounds.lower) * logarithm) / (3 * (n - 1));
  return { lower: mean - reach, upper: mean + reach };
}

function check(name: string, values: Float64Array, { lower, upper }: Bounds, level: number): void {
  if (values.length === 0) throw new Error(`${name} requires at least one value, got none`);
  if (!(level > 0 && level < 1)) throw new Error(`${name} requires a level in (0, 1), got ${level}`);
  for (const value of values)
    if (!(value >= lower && value <= upper))
      throw new Error(`${name} requires values in [${lower}, ${upper}], got ${value}`);
}
