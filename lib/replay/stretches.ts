import type { EncoderWindows } from "../encoders/trainableEncoder";
import { tf } from "../tensors/tf";
import type { Added, Batch, Seen } from "./batch";
import type { Had } from "./transitions";

/** What the users of some transitions have had, as pairs of a place in the batch and an item. */
export function seenBy({ items, starts, ends }: Had, rows: Int32Array): Seen {
  let size = 0;
  for (const row of rows) size += ends[row]! - starts[row]!;
  const seen = { rows: new Int32Array(size), items: new Int32Array(size) };
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const had = items.subarray(starts[rows[i]!]!, ends[rows[i]!]!);
    seen.items.set(had, at);
    seen.rows.fill(i, at, at + had.length);
    at += had.length;
  }
  return seen;
}

/** Logits that retrieval adds to some items, one row a state; see `ReplayBufferOptions`. */
export interface AddedTable {
  /** Places in a row. */
  readonly width: number;
  /** [R × width] item rows, −1 where a place is empty */
  readonly items: Int32Array;
  /** [R × width] logits; not read where a place is empty */
  readonly values: Float32Array;
}

/** What is added in some states, as entries of a place in the batch, an item and a logit. */
export function addedIn({ width, items, values }: AddedTable, stateRows: Int32Array): Added {
  const places: number[] = [];
  const rows: number[] = [];
  for (let i = 0; i < stateRows.length; i++)
    for (let place = stateRows[i]! * width; place < (stateRows[i]! + 1) * width; place++)
      if (items[place]! >= 0) {
        places.push(place);
        rows.push(i);
      }
  return {
    rows: Int32Array.from(rows),
    items: Int32Array.from(places, (place) => items[place]!),
    values: Float32Array.from(places, (place) => values[place]!),
  };
}

/** The last entries, at most `window`, before each state and before each next state of some transitions. */
export function windowsBefore(had: Had, rows: Int32Array, window: number): NonNullable<Batch["windows"]> {
  const upTo = (places: number): EncoderWindows => {
    const ends = Int32Array.from(rows, (row) => had.ends[row]! - places);
    const starts = ends.map((end, i) => Math.max(had.starts[rows[i]!]!, end - window));
    const lengths = ends.map((end, i) => end - starts[i]!);
    const steps = Math.max(...lengths);
    const items = new Int32Array(rows.length * steps);
    const weights = new Float32Array(rows.length * steps);
    for (let i = 0; i < rows.length; i++) {
      items.set(had.items.subarray(starts[i]!, ends[i]!), i * steps);
      weights.set(had.weights.subarray(starts[i]!, ends[i]!), i * steps);
    }
    return {
      items: tf().tensor2d(items, [rows.length, steps], "int32"),
      weights: tf().tensor3d(weights, [rows.length, steps, 1]),
      lengths,
    };
  };
  return { states: upTo(1), nextStates: upTo(0) };
}
