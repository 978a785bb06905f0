import type { Histories } from "../data/histories";

/** Turns histories into states: rows of `stateSize` numbers that agents and recommenders read instead. */
export interface Encoder {
  readonly name: string;
  readonly stateSize: number;
  /** [size × S], the state after each whole history; zeros where it is empty. */
  encode(histories: Histories): Float32Array;
  /** [entries × S], the state after each entry; entry e of the histories is row e. */
  encodePositions(histories: Histories): Float32Array;
  dispose(): void;
}
