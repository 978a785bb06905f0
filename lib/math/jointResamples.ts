import type { Random } from "./random";
import type { SumStatistic } from "./sumStatistic";
import type { SumUnits } from "./sumUnits";

/** Statistics over the same units, and the same statistics on resamples that they share. */
export interface JointResamples {
  /** How many units were drawn from. */
  readonly units: number;
  /** [P] */
  readonly values: Float64Array;
  /** [P] each [R]: place r of every one is from the same units. Resamples on which one is no number are left out. */
  readonly replicates: readonly Float64Array[];
}

/**
 * Draws units with replacement and takes every statistic again from the same units, so that what is said of the difference of
 * two of them knows what they have in common.
 *
 * @param units the statistics' terms by unit (`sumUnits` of the same statistics)
 * @example jointResamples([a, b], sumUnits([a, b], { units: users }), random(1)).replicates[0].length // 1000
 */
export function jointResamples(
  statistics: readonly SumStatistic[],
  units: SumUnits,
  random: Random,
  { resamples = 1000 }: { readonly resamples?: number } = {},
): JointResamples {
  const { size, width, sums } = units;
  const replicates = statistics.map(() => new Float64Array(resamples));
  const totals = new Float64Array(width);
  let kept = 0;
  for (let r = 0; r < resamples; r++) {
    totals.fill(0);
    for (let draw = 0; draw < size; draw++) {
      const start = random.integer(size) * width;
      for (let c = 0; c < width; c++) totals[c] += sums[start + c];
    }
    const values = valuesAt(statistics, units, totals);
    if (!values.every(Number.isFinite)) continue;
    for (let p = 0; p < values.length; p++) replicates[p][kept] = values[p];
    kept++;
  }
  const values = valuesAt(statistics, units, totalsOf(units));
  return { units: size, values, replicates: replicates.map((each) => each.subarray(0, kept)) };
}

/**
 * Values of statistics on some of the units, and how far each pair's difference may be off there.
 *
 * @param chosen rows of the units
 */
export function valuesOn(
  statistics: readonly SumStatistic[],
  units: SumUnits,
  chosen: Int32Array,
): { readonly values: Float64Array; errorOf(a: number, b: number): number } {
  const totals = totalsOf(units, chosen);
  const influences = statistics.map((each, s) =>
    influencesOn(each, units, { columns: units.columns[s], totals, chosen }),
  );
  return {
    values: valuesAt(statistics, units, totals),
    errorOf(a, b) {
      let squares = 0;
      for (let i = 0; i < chosen.length; i++) squares += (influences[a][i] - influences[b][i]) ** 2;
      return Math.sqrt((squares * chosen.length) / (chosen.length - 1));
    },
  };
}

/** [width] the columns of some units, of all by default, summed. */
function totalsOf({ size, width, sums }: SumUnits, chosen?: Int32Array): Float64Array {
  const totals = new Float64Array(width);
  const count = chosen?.length ?? size;
  for (let i = 0; i < count; i++) {
    const start = (chosen?.[i] ?? i) * width;
    for (let c = 0; c < width; c++) totals[c] += sums[start + c];
  }
  return totals;
}

function valuesAt(
  statistics: readonly SumStatistic[],
  { columns }: SumUnits,
  totals: Float64Array,
): Float64Array {
  return Float64Array.from(statistics, (each, s) =>
    each.of(
      Float64Array.from(columns[s], (column) => totals[column]),
      totals[0],
    ),
  );
}

/**
 * [chosen] what each unit adds to a statistic, to first order (Hampel 1974): its columns along the statistic's slope at the
 * totals, less their mean.
 */
function influencesOn(
  statistic: SumStatistic,
  { width, sums }: SumUnits,
  {
    columns,
    totals,
    chosen,
  }: { readonly columns: Int32Array; readonly totals: Float64Array; readonly chosen: Int32Array },
): Float64Array {
  const places = Int32Array.of(0, ...columns);
  const at = Float64Array.from(places, (place) => totals[place]);
  const spread = Float64Array.from(places, (place) => {
    let squares = 0;
    for (const unit of chosen) squares += sums[unit * width + place] ** 2;
    return Math.sqrt(squares);
  });
  const slope = at.map((total, d) => {
    const step = 1e-5 * (Math.abs(total) + spread[d]) || 1e-9;
    at[d] = total + step;
    const above = statistic.of(at.subarray(1), at[0]);
    at[d] = total - step;
    const below = statistic.of(at.subarray(1), at[0]);
    at[d] = total;
    return (above - below) / (2 * step);
  });
  const found = Float64Array.from(chosen, (unit) => {
    let sum = 0;
    for (let d = 0; d < places.length; d++) sum += slope[d] * sums[unit * width + places[d]];
    return sum;
  });
  const mean = found.reduce((sum, each) => sum + each, 0) / chosen.length;
  return found.map((each) => each - mean);
}
