/**
 * Q(s, i), what a reader in state s will bring who takes item i, and Q(s, ⊥) of one who takes nothing. A table and a
 * network are such; so is an object of one's own.
 */
export interface ItemValues {
  /**
   * Gets ready to be asked again and again about the items on offer in some states, which must not change meanwhile.
   *
   * @param states [n × S]
   * @param candidates [n × m]
   * @returns a function that gives the values as they are at that time: [n × (m + 1)], last in each row ⊥. The
   *   array is its own and is written anew at the next question.
   */
  asked(states: Float32Array, candidates: Int32Array): (which: "online" | "target") => Float64Array;
  /**
   * Moves Q(s, chosen) towards y.
   *
   * @param chosen [n] item, N for ⊥; −1: not to be learned from
   * @param rate share of the way that a table goes; 1: all of it
   * @returns the largest change of a table's values, or the loss of a network before it moved
   */
  learn(states: Float32Array, chosen: Int32Array, targets: Float64Array, rate: number): number;
  /** What targets are made of becomes what was learned so far. A table has nothing to do. */
  follow(): void;
  /** All values start here, once, before anything is learned. */
  startAt(value: number, nullValue: number): void;
  /** All numbers that were learned. */
  numbers(): Float64Array;
  dispose(): void;
}
