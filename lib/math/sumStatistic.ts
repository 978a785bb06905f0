/**
 * A number made of sums over rows: a mean, a ratio of two, or a mean with a ratio added. What can be said of it
 * (its value, its spread, its value on a resample) can be said from sums.
 */
export interface SumStatistic {
  /** [K] columns of n numbers. */
  readonly terms: readonly Float64Array[];
  /** The number, from the sum of each term and the number of rows. */
  of(sums: Float64Array, rows: number): number;
}

/** The number on all rows. */
export function estimateOf({ terms, of }: SumStatistic): number {
  const sums = Float64Array.from(terms, (term) => term.reduce((sum, each) => sum + each, 0));
  return of(sums, terms[0].length);
}

/** The mean of a column. */
export function meanStatistic(values: Float64Array): SumStatistic {
  return { terms: [values], of: ([sum], rows) => sum / rows };
}
