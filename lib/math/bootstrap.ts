import { crossedError, crossedMean, crossedP, crossedReach } from "./crossedMean";
import { deviationOf } from "./deviation";
import { meanOf } from "./mean";
import { quantile } from "./quantile";
import type { Random } from "./random";
import { tDistribution } from "./studentT";

/** A mean and how far it can be trusted. */
export interface Interval {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the mean over the resamples; over seeds that of the model (`crossedError`). */
  readonly standardError: number;
  /** Of a paired difference: two-sided p value against 0, not corrected for how many were looked at (`holm`). */
  readonly p?: number;
}

export interface BootstrapOptions {
  /** How many resamples; 1,000 by default. */
  readonly resamples?: number;
  /** Probability the interval should cover, in (0, 1); .95 by default. */
  readonly level?: number;
}

/**
 * Percentile bootstrap interval of a mean (Efron and Tibshirani 1993, section 13.3): units (users) are drawn
 * with replacement, the mean is taken again, and the interval holds the middle `level` of those means.
 *
 * @throws when there is no value, a value is not finite, or an option is out of range.
 * @example interval({ values: new Float64Array([2, 2, 2]) }, random(1)) // mean 2, lower 2, upper 2, error 0
 */
export function interval(
  sample: { readonly values: Float64Array },
  random: Random,
  options: BootstrapOptions = {},
): Interval {
  return intervals([sample.values], random, options)[0];
}

/**
 * Intervals of several means over the same units, from the same resamples: one draw serves all columns.
 *
 * @param columns each [units]
 */
export function intervals(
  columns: readonly Float64Array[],
  random: Random,
  options: BootstrapOptions = {},
): Interval[] {
  const { resamples, level } = checked("intervals", options);
  const units = columns[0]?.length ?? 0;
  if (units === 0) throw new Error("intervals requires at least one value, got none");
  const width = columns.length;
  const rows = interleaved(columns, units); // [units × columns], so that one draw touches one stretch of memory
  const means = columns.map(() => new Float64Array(resamples));
  const sums = new Float64Array(width);
  for (let r = 0; r < resamples; r++) {
    sums.fill(0);
    for (let draw = 0; draw < units; draw++) {
      const at = random.integer(units) * width;
      for (let c = 0; c < width; c++) sums[c] += rows[at + c];
    }
    for (let c = 0; c < width; c++) means[c][r] = sums[c] / units;
  }
  return columns.map((column, c) => summary(meanOf(column), means[c], level));
}

/**
 * Interval of the mean difference a − b of two systems evaluated on the same units: the units are resampled,
 * so what both find hard (a user with an odd taste) cancels out. Its p value is that of Student's t over the units.
 *
 * @throws when the lengths differ.
 * @example pairedInterval(new Float64Array([3, 5]), new Float64Array([1, 3]), random(1)).lower // 2
 */
export function pairedInterval(
  a: Float64Array,
  b: Float64Array,
  random: Random,
  options: BootstrapOptions = {},
): Interval {
  const values = differences("pairedInterval", a, b);
  const found = interval({ values }, random, options);
  return values.length < 2 ? found : { ...found, p: pOfMean(values, found.mean) };
}

/** Two-sided, by Student's t over the units. */
function pOfMean(values: Float64Array, mean: number): number {
  const error = deviationOf(values) / Math.sqrt(values.length);
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * tDistribution(-Math.abs(mean / error), values.length - 1);
}

/**
 * Interval of a mean over users and training seeds together: it is to hold the mean over fresh users and fresh seeds, so
 * it carries the luck of training as well as the choice of users. Seeds are few, and drawing a few again tells too
 * little of their spread: the interval is that of a model of both (`crossedReach`, with its coverage). Nothing is drawn,
 * and no resamples are counted; both stay in the signature so that every interval of a mean is asked for alike.
 *
 * @param runs one column [users] a seed; with one user the seeds alone
 * @throws when fewer than two seeds are given or their users differ in number.
 */
export function intervalOverSeeds(
  runs: readonly Float64Array[],
  _random: Random,
  options: BootstrapOptions = {},
): Interval {
  const { level } = checked("intervalOverSeeds", options);
  if (runs.length < 2) throw new Error(`intervalOverSeeds requires at least 2 seeds, got ${runs.length}`);
  const found = crossedMean(runs);
  const reach = crossedReach(found, level);
  const { mean } = found;
  return { mean, lower: mean - reach, upper: mean + reach, standardError: crossedError(found) };
}

/**
 * As `intervalOverSeeds`, for the difference of two learned models: seed s of one is paired with seed s of
 * the other. A model without a seed (a baseline) is given once and paired with every seed. With a p value by the same
 * model.
 */
export function pairedIntervalOverSeeds(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  random: Random,
  options: BootstrapOptions = {},
): Interval {
  const seeds = Math.max(a.length, b.length);
  if ((a.length !== seeds && a.length !== 1) || (b.length !== seeds && b.length !== 1))
    throw new Error(
      `pairedIntervalOverSeeds requires as many seeds on both sides, got ${a.length} and ${b.length}`,
    );
  const paired = Array.from({ length: seeds }, (_, s) =>
    differences("pairedIntervalOverSeeds", a[a.length === 1 ? 0 : s], b[b.length === 1 ? 0 : s]),
  );
  return { ...intervalOverSeeds(paired, random, options), p: crossedP(crossedMean(paired)) };
}

/**
 * The difference of two methods for the same units with all that is known of it: over units and seeds where either has
 * several seeds (`pairedIntervalOverSeeds`), over units alone where each was made once (`pairedInterval`).
 *
 * @param a one column [units] a seed
 * @throws as those two do.
 */
export function pairedDifference(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  random: Random,
  options: BootstrapOptions = {},
): Interval {
  return a.length === 1 && b.length === 1
    ? pairedInterval(a[0], b[0], random, options)
    : pairedIntervalOverSeeds(a, b, random, options);
}

function checked(name: string, { resamples = 1000, level = 0.95 }: BootstrapOptions) {
  if (!(Number.isInteger(resamples) && resamples >= 2))
    throw new Error(`${name} requires at least 2 resamples, got ${resamples}`);
  if (!(level > 0 && level < 1)) throw new Error(`${name} requires a level in (0, 1), got ${level}`);
  return { resamples, level };
}

function differences(name: string, a: Float64Array, b: Float64Array): Float64Array {
  if (a.length !== b.length)
    throw new Error(`${name} requires the same units on both sides, got ${a.length} and ${b.length}`);
  return a.map((value, i) => value - b[i]);
}

function interleaved(columns: readonly Float64Array[], units: number): Float64Array {
  const rows = new Float64Array(units * columns.length);
  columns.forEach((column, c) => {
    if (column.length !== units)
      throw new Error(`bootstrap requires ${units} values in each column, got ${column.length}`);
    for (let i = 0; i < units; i++) {
      if (!Number.isFinite(column[i])) throw new Error(`bootstrap requires finite values, got ${column[i]}`);
      rows[i * columns.length + c] = column[i];
    }
  });
  return rows;
}

function summary(mean: number, means: Float64Array, level: number): Interval {
  const standardError = deviationOf(means);
  means.sort();
  return {
    mean,
    lower: quantile(means, (1 - level) / 2),
    upper: quantile(means, (1 + level) / 2),
    standardError,
  };
}
