/**
 * Ranked lists, one a request, `k` places each, best first. A place that could not be filled holds item -1
 * and score -Infinity.
 */
export interface Lists {
  readonly size: number;
  readonly k: number;
  /** [size × k] item rows */
  readonly items: Int32Array;
  /** [size × k] scores, in double precision */
  readonly scores: Float64Array;
}
