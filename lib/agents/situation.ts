/**
 * What is said of single items in single states: which the user has seen, and what is added to their logits. Said of
 * scores, by numbers on the host or, where a step is compiled, by tensors (`placed`).
 */

import type { Added, Seen, Situation } from "../replay/batch";
import { type Scalar, type Tensor1D, type Tensor2D, tf } from "../tensors/tf";

/** Far below any score, and still a number that can be added to. */
export const outOfReach = -1e9;

/** Scores [B, N] with those of items that the user of each row has seen put out of reach. */
export function withoutSeen(scores: Tensor2D, seen: Seen | undefined): Tensor2D {
  if (seen === undefined || (seen.places === undefined && seen.items.length === 0)) return scores;
  // One for each place, however many there are.
  const updates = seen.places
    ? tf().onesLike(seen.places.max(1)).toFloat().mul(outOfReach)
    : tf().fill([seen.items.length], outOfReach);
  return tf().tensorScatterUpdate(scores, placesOf(seen), updates) as Tensor2D;
}

/** Scores [B, N] plus `scale` times the logits added to some of them; `scale` is T where scores / T are logits. */
export function withAdded(scores: Tensor2D, added: Added | undefined, scale: number | Scalar): Tensor2D {
  if (added === undefined || scale === 0) return scores;
  if (added.places === undefined && added.items.length === 0) return scores;
  const logits = (added.logits ?? tf().tensor1d(added.values)).mul(scale);
  // Entries of the same place are summed.
  return scores.add(tf().scatterND(placesOf(added), logits, scores.shape)) as Tensor2D;
}

/**
 * What is added to the scores of the items `rows` [B, K] in their states: `scale` times their added logits. [B, K]
 * Without scores of all items; `withAdded` is for those.
 */
export function addedAt(rows: Tensor2D, added: Added, scale: number | Scalar): Tensor2D {
  const [states, items] = tf().unstack(placesOf(added), 1) as [Tensor1D, Tensor1D]; // [entries]
  const meant = tf().equal(tf().gather(rows, states), items.expandDims(1)).toFloat(); // [entries, K]
  const logits = (added.logits ?? tf().tensor1d(added.values)).mul(scale).expandDims(1);
  return tf().unsortedSegmentSum(meant.mul(logits), states, rows.shape[0]) as Tensor2D;
}

/** A situation with its places as tensors. */
export function placed({ seen, added }: Situation): Situation {
  return {
    seen: seen && { ...seen, places: placesOf(seen) },
    added: added && { ...added, places: placesOf(added), logits: tf().tensor1d(added.values) },
  };
}

/** int32 [entries, 2] */
export function placesOf({ rows, items, places: made }: Seen): Tensor2D {
  if (made) return made;
  const places = new Int32Array(2 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    places[2 * i] = rows[i];
    places[2 * i + 1] = items[i];
  }
  return tf().tensor2d(places, [rows.length, 2], "int32");
}

/** What retrieval has to know of repeated rows. */
export function repeatSituation({ seen, added }: Situation, times: number): Situation {
  if (seen?.places ?? added?.places) return { seen, added }; // prepared, of repeated rows
  return {
    seen: seen && { rows: repeatedPlaces(seen.rows, times), items: eachTimes(seen.items, times) },
    added: added && {
      rows: repeatedPlaces(added.rows, times),
      items: eachTimes(added.items, times),
      values: Float32Array.from(
        { length: added.values.length * times },
        (_, i) => added.values[Math.floor(i / times)],
      ),
    },
  };
}

/** What retrieval has to know of `count` rows from `start` on, out of many. */
export function situationOfRows({ seen, added }: Situation, start: number, count: number): Situation {
  const entries = (rows: Int32Array): Int32Array =>
    Int32Array.from(rows.keys()).filter((entry) => rows[entry] >= start && rows[entry] < start + count);
  const some = ({ rows, items }: Seen, kept: Int32Array): Seen => ({
    rows: kept.map((entry) => rows[entry] - start),
    items: kept.map((entry) => items[entry]),
  });
  const kept = added && entries(added.rows);
  return {
    seen: seen && some(seen, entries(seen.rows)),
    added: added &&
      kept && { ...some(added, kept), values: Float32Array.from(kept, (entry) => added.values[entry]) },
  };
}

function repeatedPlaces(rows: Int32Array, times: number): Int32Array {
  return eachTimes(rows, times).map((row, i) => row * times + (i % times));
}

function eachTimes(values: Int32Array, times: number): Int32Array {
  return Int32Array.from({ length: values.length * times }, (_, i) => values[Math.floor(i / times)]);
}
