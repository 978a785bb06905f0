import { type Tensor2D, tf } from "../tensors/tf";
import type { AgentProblem } from "./agent";

/** Replaces actions by the vectors of the items they retrieve. */
export interface RetrievedActions {
  /** [B, A] → [B, A], rows of the catalogue; no gradient passes. */
  of(actions: Tensor2D): Tensor2D;
  dispose(): void;
}

/**
 * What an action leads to in the end: the item with the largest logit q·v/T + b (seen items are not left out
 * here). A query lies between items (its cosine to the nearest is near .6), where a critic that has learned
 * from items alone knows nothing; at the retrieved item it has something to go by. After Dulac-Arnold et al.
 * 2015 (Wolpertinger), with one neighbour.
 *
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function retrievedActions({
  catalogue,
  actionSize,
}: Pick<AgentProblem, "catalogue" | "actionSize">): RetrievedActions {
  if (!catalogue) throw new Error("retrievedActions requires a catalogue, got none");
  const { itemVectors, temperature = 1 } = catalogue;
  const size = itemVectors.length / actionSize;
  const itemBias = catalogue.itemBias ?? new Float32Array(size);
  if (!Number.isInteger(size) || itemBias.length !== size)
    throw new Error(
      `retrievedActions requires one bias an item of ${actionSize} numbers, got ${itemBias.length} for ${itemVectors.length} numbers`,
    );
  const vectors: Tensor2D = tf().tensor2d(itemVectors, [size, actionSize]);
  const offsets = tf().tidy(() => tf().tensor1d(itemBias).mul(temperature));
  return {
    of: (actions) =>
      tf().tidy(() => {
        const scores = tf().matMul(actions, vectors, false, true).add(offsets);
        return tf().gather(vectors, tf().argMax(scores, 1)) as Tensor2D;
      }),
    dispose() {
      vectors.dispose();
      offsets.dispose();
    },
  };
}
