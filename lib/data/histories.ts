import type { Interactions } from "./interactions";

/**
 * Many histories, end to end: history h holds entries offsets[h] .. offsets[h + 1], oldest first.
 * `users[h]` says whose it is (a user row, or -1 for somebody not in the log).
 */
export interface Histories {
  readonly size: number;
  readonly users: Int32Array;
  /** [size + 1] */
  readonly offsets: Int32Array;
  /** [offsets[size]] item rows */
  readonly items: Int32Array;
  /** [offsets[size]] ratings or weights */
  readonly weights: Float32Array;
  /** [offsets[size]] row of each entry in the interactions it came from; -1 where it came from none. */
  readonly rows: Int32Array;
}

/** Names the type in one place until the builder of this file lands. */
export type HistoriesOf = (interactions: Interactions, rows: Int32Array) => Histories;
