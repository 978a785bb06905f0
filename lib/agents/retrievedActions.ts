import type { Seen } from "../replay/batch";
import { type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import type { ActionCatalogue, AgentProblem } from "./agent";
import { catalogueParts } from "./catalogueParts";

/** Replaces actions by the vectors of the items they retrieve. */
export interface RetrievedActions {
  /** [B, A] → [B, A], rows of the catalogue; no gradient passes. Items of `seen` are left out. */
  of(actions: Tensor2D, seen?: Seen): Tensor2D;
  dispose(): void;
}

/**
 * What an action leads to in the end: the item with the largest logit q·v/T + b among those that the user has
 * not had and that can be had, as in serving. A query lies between items (its cosine to the nearest is near
 * .6), where a critic that has learned from items alone knows nothing; at the retrieved item it has something
 * to go by. After Dulac-Arnold et al. 2015 (Wolpertinger), with one neighbour.
 *
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function retrievedActions({
  catalogue,
  actionSize,
}: Pick<AgentProblem, "catalogue" | "actionSize">): RetrievedActions {
  const { size, itemVectors, itemBias, temperature } = catalogueParts(
    "retrievedActions",
    catalogue,
    actionSize,
  );
  const vectors: Tensor2D = tf().tensor2d(itemVectors, [size, actionSize]);
  const offsets = tf().tidy(() =>
    tf().tensor1d(itemBias).mul(temperature).add(unavailableOffsets(catalogue, size)),
  );
  return {
    of: (actions, seen) =>
      tf().tidy(() => {
        const scores = tf().matMul(actions, vectors, false, true).add(offsets) as Tensor2D;
        return tf().gather(vectors, tf().argMax(withoutSeen(scores, seen), 1)) as Tensor2D;
      }),
    dispose() {
      vectors.dispose();
      offsets.dispose();
    },
  };
}

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
  const count = seen.items.length;
  const places = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) {
    places[2 * i] = seen.rows[i]!;
    places[2 * i + 1] = seen.items[i]!;
  }
  const updates = tf().fill([count], outOfReach);
  return tf().tensorScatterUpdate(scores, tf().tensor2d(places, [count, 2], "int32"), updates) as Tensor2D;
}
