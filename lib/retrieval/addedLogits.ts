/**
 * What a few items get on top of their logits in each of some states: a part of the served score that depends on
 * the history and that no query can say, such as a linear item–item model's. All other items get nothing.
 */
export interface AddedLogits {
  /** C: how many items at most a state. */
  readonly width: number;
  /** [n × C] item rows, no item twice in a state; −1 where a state has fewer. */
  readonly items: Int32Array;
  /** [n × C] logits, finite. */
  readonly values: Float32Array;
}

/** The same for states that are asked for as they are needed, where all of them would be too many to hold. */
export interface AddedRows {
  /** What is added in some states, by row: row i of the answer belongs to rows[i]. */
  at(rows: Int32Array): AddedLogits;
}
