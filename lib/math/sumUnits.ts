import { random, shuffle } from "./random";
import type { SumStatistic } from "./sumStatistic";

/** Rows summed up by whoever they belong to: what is drawn again in a resample. */
export interface SumUnits {
  readonly size: number;
  /** 1 + number of distinct terms. */
  readonly width: number;
  /** [size × width] number of rows of the unit, then the sum of each term over them. */
  readonly sums: Float64Array;
  /** Which columns of `sums` each statistic reads. */
  readonly columns: readonly Int32Array[];
}

export interface SumUnitsOptions {
  /** [n] whose row it is, from 0; each row is on its own without. */
  readonly units?: Int32Array;
  /**
   * The most units; 20,000 by default. Where there are more, units drawn by lot are put together: the spread of a sum
   * over such groups is that over units, known to one part in √(2 · groups), .5%, which is less than 1,000 resamples
   * tell. Neighbours would not do: in a file sorted by reward they are alike, in one dealt out in turn they are as
   * unlike as can be, and the spread over groups of them is too large in the first and too small in the second.
   */
  readonly most?: number;
}

/**
 * Sums the terms of statistics by unit. Statistics that share a column share its sums. The lots are always the same:
 * whatever is told of the same rows is told from the same groups.
 *
 * @throws when the columns differ in length or are empty, or a number in them is not finite.
 */
export function sumUnits(
  statistics: readonly SumStatistic[],
  { units, most = 20_000 }: SumUnitsOptions = {},
): SumUnits {
  const terms = [...new Set(statistics.flatMap((statistic) => statistic.terms))];
  const rows = terms[0]?.length ?? 0;
  if (rows === 0) throw new Error("sumUnits requires at least one row, got none");
  const place = placesOf(rows, units, most);
  const width = terms.length + 1;
  const sums = new Float64Array(place.size * width);
  for (let i = 0; i < rows; i++) sums[place.of[i] * width]++;
  terms.forEach((term, t) => {
    if (term.length !== rows)
      throw new Error(`sumUnits requires ${rows} rows in each column, got ${term.length}`);
    for (let i = 0; i < rows; i++) {
      if (!Number.isFinite(term[i])) throw new Error(`sumUnits requires finite numbers, got ${term[i]}`);
      sums[place.of[i] * width + t + 1] += term[i];
    }
  });
  const columns = statistics.map((statistic) =>
    Int32Array.from(statistic.terms, (term) => terms.indexOf(term) + 1),
  );
  return { size: place.size, width, sums, columns };
}

/** Places from 0 without gaps: in the units' order, or groups by lot where there are too many. */
function placesOf(
  rows: number,
  units: Int32Array | undefined,
  most: number,
): { readonly size: number; readonly of: Int32Array } {
  const of = new Int32Array(rows);
  let size = rows;
  if (units === undefined) for (let i = 0; i < rows; i++) of[i] = i;
  else {
    if (units.length !== rows) throw new Error(`sumUnits requires ${rows} units, got ${units.length}`);
    let largest = 0;
    for (const unit of units) largest = Math.max(largest, unit);
    const places = new Int32Array(largest + 1);
    for (const unit of units) places[unit] = 1;
    size = 0;
    places.forEach((used, unit) => {
      if (used === 1) places[unit] = size++;
    });
    for (let i = 0; i < rows; i++) of[i] = places[units[i]];
  }
  if (size <= most) return { size, of };
  const lots = shuffle(
    new Int32Array(size).map((_, unit) => unit),
    random(1).fork("groups of units"),
  );
  for (let i = 0; i < rows; i++) of[i] = Math.floor((lots[of[i]] * most) / size);
  return { size: most, of };
}
