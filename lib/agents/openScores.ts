import type { Added, Seen } from "../replay/batch";
import { type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import type { ActionCatalogue } from "./agent";

/** Far below any score, and still a number that can be added to. */
export const outOfReach = -1e9;

/** [N] what is added to scores so that items which cannot be had are never chosen. */
export function unavailableOffsets(catalogue: ActionCatalogue | undefined, size: number): Tensor1D {
  return tf().tensor1d(
    Float32Array.from({ length: size }, (_, row) => (catalogue?.unavailable?.has(row) ? outOfReach : 0)),
  );
}

/** Scores [B, N] with those of items that the user of each row has had put out of reach. */
export function withoutSeen(scores: Tensor2D, seen: Seen | undefined): Tensor2D {
  if (seen === undefined || seen.items.length === 0) return scores;
  const updates = tf().fill([seen.items.length], outOfReach);
  return tf().tensorScatterUpdate(scores, placesOf(seen), updates) as Tensor2D;
}

/** Scores [B, N] plus `scale` times the logits added to some of them; `scale` is T where scores / T are logits. */
export function withAdded(scores: Tensor2D, added: Added | undefined, scale: number): Tensor2D {
  if (added === undefined || added.items.length === 0 || scale === 0) return scores;
  const logits = tf().tensor1d(added.values).mul(scale);
  // Entries of the same place are summed.
  return scores.add(tf().scatterND(placesOf(added), logits, scores.shape)) as Tensor2D;
}

/** int32 [entries, 2] */
function placesOf({ rows, items }: Seen): Tensor2D {
  const places = new Int32Array(2 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    places[2 * i] = rows[i]!;
    places[2 * i + 1] = items[i]!;
  }
  return tf().tensor2d(places, [rows.length, 2], "int32");
}
