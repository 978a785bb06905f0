import { deltaError, momentsOf } from "./deltaMethod";
import { deviationOf } from "./deviation";
import { meanOf } from "./mean";
import { normalDistribution, normalQuantile } from "./normal";
import { quantile } from "./quantile";
import type { Random } from "./random";
import { tQuantile } from "./studentT";
import type { SumStatistic } from "./sumStatistic";
import { type SumUnits, sumUnits } from "./sumUnits";

/** A statistic and how far it can be trusted. */
export interface StatisticInterval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the statistic over the resamples; of "t" the first-order standard error. */
  readonly standardError: number;
}

/**
 * How the ends are found: the middle of the resampled statistics ("percentile"; Efron and Tibshirani 1993,
 * section 13.3), the same with its ends moved for bias and skewness ("bca", section 14.3), the resampled statistics
 * in units of their own standard errors ("studentized", section 12.5), or Student's t around the value with no
 * resample at all ("t").
 */
export type IntervalMethod = "percentile" | "bca" | "studentized" | "t";

export const intervalMethods: readonly IntervalMethod[] = ["percentile", "bca", "studentized", "t"];

export interface StatisticIntervalsOptions {
  readonly method?: IntervalMethod;
  /** How many resamples; 1,000 by default. */
  readonly resamples?: number;
  /** Probability the interval should cover, in (0, 1); .95 by default. */
  readonly level?: number;
  /** [n] whose row it is: units, not rows, are drawn again. */
  readonly units?: Int32Array;
  /** The most units; beyond it groups of them by lot are drawn (`sumUnits`). */
  readonly most?: number;
}

/**
 * Intervals of statistics over the same rows: units are drawn with replacement, every statistic is taken again from
 * the sums of the same resample. Resamples on which a ratio has nothing below it say nothing and are left out.
 *
 * @throws when there is no row, a number is not finite, or an option is out of range.
 * @example statisticIntervals([meanStatistic(Float64Array.of(2, 2, 2))], random(1))[0] // value 2, lower 2, upper 2, standardError 0
 */
export function statisticIntervals(
  statistics: readonly SumStatistic[],
  random: Random,
  {
    method = "percentile",
    resamples = 1000,
    level = 0.95,
    units: owners,
    most,
  }: StatisticIntervalsOptions = {},
): StatisticInterval[] {
  if (!(Number.isInteger(resamples) && resamples >= 2))
    throw new Error(`statisticIntervals requires at least 2 resamples, got ${resamples}`);
  if (!(level > 0 && level < 1))
    throw new Error(`statisticIntervals requires a level in (0, 1), got ${level}`);
  const units = sumUnits(statistics, { units: owners, most });
  const totals = totalsOf(units);
  const values = statistics.map((each, s) => each.of(totalsIn(totals, units.columns[s]), totals[0]));
  // One unit is every resample: nothing is known of the spread.
  if (units.size < 2) return values.map(unknownSpread);
  const tails = [(1 - level) / 2, (1 + level) / 2] as const;
  if (method === "t")
    return statistics.map((each, s) => {
      const error = deltaError(each, momentsOf(units, units.columns[s]));
      const reach = tQuantile(tails[1], units.size - 1) * error;
      return {
        value: values[s],
        lower: values[s] - reach,
        upper: values[s] + reach,
        standardError: error,
      };
    });
  const drawn = resampled(statistics, units, random, { resamples, errors: method === "studentized" });
  return statistics.map((each, s) => {
    const value = values[s];
    const replicates = drawn.values[s].filter(Number.isFinite).sort();
    if (replicates.length < 2) return unknownSpread(value);
    const standardError = deviationOf(replicates);
    if (method === "studentized") {
      const error = deltaError(each, momentsOf(units, units.columns[s]));
      // A resample without spread of its own may lie anywhere: its ratio is without bound, not without meaning.
      const ratios = drawn.values[s]
        .map((replicate, r) => (replicate - value) / drawn.errors[s][r])
        .filter((ratio) => !Number.isNaN(ratio))
        .sort();
      if (ratios.length < 2 || error === 0) return { value, lower: value, upper: value, standardError };
      const [lower, upper] = [
        value - quantile(ratios, tails[1]) * error,
        value - quantile(ratios, tails[0]) * error,
      ];
      return {
        value,
        lower: Number.isFinite(lower) ? lower : quantile(replicates, tails[0]),
        upper: Number.isFinite(upper) ? upper : quantile(replicates, tails[1]),
        standardError,
      };
    }
    const ends = method === "bca" ? movedEnds(each, units, { s, value, replicates, tails }) : tails;
    return {
      value,
      lower: quantile(replicates, ends[0]),
      upper: quantile(replicates, ends[1]),
      standardError,
    };
  });
}

function unknownSpread(value: number): StatisticInterval {
  return { value, lower: Number.NaN, upper: Number.NaN, standardError: Number.NaN };
}

function resampled(
  statistics: readonly SumStatistic[],
  units: SumUnits,
  random: Random,
  { resamples, errors }: { readonly resamples: number; readonly errors: boolean },
): { readonly values: Float64Array[]; readonly errors: Float64Array[] } {
  const { size, width, sums } = units;
  const found = { values: empty(), errors: errors ? empty() : [] };
  const totals = new Float64Array(width);
  const times = errors ? new Int32Array(size) : undefined;
  for (let r = 0; r < resamples; r++) {
    totals.fill(0);
    times?.fill(0);
    for (let draw = 0; draw < size; draw++) {
      const unit = random.integer(size);
      if (times) times[unit]++;
      const start = unit * width;
      for (let c = 0; c < width; c++) totals[c] += sums[start + c];
    }
    statistics.forEach((each, s) => {
      found.values[s][r] = each.of(totalsIn(totals, units.columns[s]), totals[0]);
      if (times) found.errors[s][r] = deltaError(each, momentsOf(units, units.columns[s], times));
    });
  }
  return found;

  function empty(): Float64Array[] {
    return statistics.map(() => new Float64Array(resamples));
  }
}

/** Where BCa reads the resampled statistics: moved by their bias and by the skewness that leaving units out shows. */
function movedEnds(
  statistic: SumStatistic,
  units: SumUnits,
  {
    s,
    value,
    replicates,
    tails,
  }: {
    readonly s: number;
    readonly value: number;
    readonly replicates: Float64Array;
    readonly tails: readonly [number, number];
  },
): readonly [number, number] {
  let below = 0;
  for (const replicate of replicates) below += replicate < value ? 1 : replicate === value ? 0.5 : 0;
  const share = Math.min(Math.max(below, 0.5), replicates.length - 0.5) / replicates.length;
  const bias = normalQuantile(share);
  const acceleration = skewnessOf(leftOut(statistic, units, units.columns[s])) / 6;
  const moved = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return normalDistribution(bias + z / (1 - acceleration * z));
  };
  return [moved(tails[0]), moved(tails[1])];
}

/** The statistic without each unit in turn. */
function leftOut(statistic: SumStatistic, units: SumUnits, columns: Int32Array): Float64Array {
  const totals = totalsOf(units);
  const rest = new Float64Array(columns.length);
  const without = new Float64Array(units.size);
  for (let unit = 0; unit < units.size; unit++) {
    const start = unit * units.width;
    columns.forEach((column, t) => {
      rest[t] = totals[column] - units.sums[start + column];
    });
    without[unit] = statistic.of(rest, totals[0] - units.sums[start]);
  }
  return without;
}

/** Σ (mean − x)³ / (Σ (mean − x)²)^1.5, six times the acceleration of BCa; 0 where nothing varies. */
function skewnessOf(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  const mean = meanOf(finite);
  let [squares, cubes] = [0, 0];
  for (const value of finite) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / squares ** 1.5;
}

/** [width] each column of the units, summed. */
function totalsOf({ size, width, sums }: SumUnits): Float64Array {
  const totals = new Float64Array(width);
  for (let unit = 0; unit < size; unit++) for (let c = 0; c < width; c++) totals[c] += sums[unit * width + c];
  return totals;
}

/** The totals that a statistic reads. */
function totalsIn(totals: Float64Array, columns: Int32Array): Float64Array {
  return Float64Array.from(columns, (column) => totals[column]);
}
