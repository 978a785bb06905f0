import type { EntryFeatures } from "../encoders/features";
import type { EncoderWindows } from "../encoders/trainableEncoder";
import type { AddedLogits } from "../retrieval/addedLogits";
import { tf } from "../tensors/tf";
import type { Added, Batch, Seen } from "./batch";
import type { SeenStretches } from "./transitions";

/** What the users of some transitions have had, as pairs of a place in the batch and an item. */
export function seenBy({ items, starts, ends }: SeenStretches, rows: Int32Array): Seen {
  let size = 0;
  for (const row of rows) size += ends[row] - starts[row];
  const seen = { rows: new Int32Array(size), items: new Int32Array(size) };
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const before = items.subarray(starts[rows[i]], ends[rows[i]]);
    seen.items.set(before, at);
    seen.rows.fill(i, at, at + before.length);
    at += before.length;
  }
  return seen;
}

/** What is added in some states, as entries of a place in the batch, an item and a logit. */
export function addedIn({ width, items, values }: AddedLogits, stateRows: Int32Array): Added {
  let size = 0;
  for (const row of stateRows)
    for (let place = row * width; place < (row + 1) * width; place++) if (items[place] >= 0) size++;
  const added = {
    rows: new Int32Array(size),
    items: new Int32Array(size),
    values: new Float32Array(size),
  };
  let at = 0;
  for (let i = 0; i < stateRows.length; i++)
    for (let place = stateRows[i] * width; place < (stateRows[i] + 1) * width; place++) {
      if (items[place] < 0) continue;
      added.rows[at] = i;
      added.items[at] = items[place];
      added.values[at++] = values[place];
    }
  return added;
}

/** The last entries, at most `window`, before each state and before each next state of some transitions. */
export function windowsBefore(
  seen: SeenStretches,
  rows: Int32Array,
  window: number,
  features?: EntryFeatures,
): NonNullable<Batch["windows"]> {
  const upTo = (places: number): EncoderWindows => {
    const ends = Int32Array.from(rows, (row) => seen.ends[row] - places);
    const starts = ends.map((end, i) => Math.max(seen.starts[rows[i]], end - window));
    const lengths = ends.map((end, i) => end - starts[i]);
    const steps = Math.max(...lengths);
    const items = new Int32Array(rows.length * steps);
    const weights = new Float32Array(rows.length * steps);
    const width = features?.width ?? 0;
    const further = new Float32Array(rows.length * steps * width);
    for (let i = 0; i < rows.length; i++) {
      items.set(seen.items.subarray(starts[i], ends[i]), i * steps);
      weights.set(seen.weights.subarray(starts[i], ends[i]), i * steps);
      for (let e = starts[i]; features && e < ends[i]; e++)
        features.write(e, further, (i * steps + e - starts[i]) * width);
    }
    return {
      items: tf().tensor2d(items, [rows.length, steps], "int32"),
      weights: tf().tensor3d(weights, [rows.length, steps, 1]),
      ...(features && { features: tf().tensor3d(further, [rows.length, steps, width]) }),
      lengths,
    };
  };
  return { states: upTo(1), nextStates: upTo(0) };
}
