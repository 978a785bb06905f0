import type { Situation } from "../replay/batch";
import { type Tensor2D, tf } from "../tensors/tf";
import type { ActorCriticConfig } from "./actorCriticConfig";
import type { AgentProblem } from "./agent";
import { catalogueParts } from "./catalogueParts";
import { unavailableOffsets, withAdded, withoutSeen } from "./openScores";

/** Replaces actions by the vectors of the items they retrieve. */
export interface RetrievedActions {
  /**
   * [B, A] → [B, A], rows of the catalogue; no gradient passes. Items that were seen are left out, added logits
   * count as in serving.
   */
  of(actions: Tensor2D, situation?: Situation): Tensor2D;
  dispose(): void;
}

/**
 * What an action leads to in the end: the item with the largest served logit, q·v/T + b and what is added in its
 * state, among those that the user has not had and that can be had. A query lies between items (its cosine to the
 * nearest is near .6), where a critic that has learned from items alone knows nothing; at the retrieved item it has
 * something to go by. After Dulac-Arnold et al. 2015 (Wolpertinger), with one neighbour.
 *
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function retrievedActions({
  catalogue,
  actionSize,
}: Pick<AgentProblem, "catalogue" | "actionSize">): RetrievedActions {
  const { size, itemVectors, servedBias, temperature } = catalogueParts(
    "retrievedActions",
    catalogue,
    actionSize,
  );
  const vectors: Tensor2D = tf().tensor2d(itemVectors, [size, actionSize]);
  const offsets = tf().tidy(() =>
    tf().tensor1d(servedBias).mul(temperature).add(unavailableOffsets(catalogue, size)),
  );
  return {
    of: (actions, { seen, added } = {}) =>
      tf().tidy(() => {
        const plain = tf().matMul(actions, vectors, false, true).add(offsets) as Tensor2D;
        const scores = withoutSeen(withAdded(plain, added, temperature), seen);
        return tf().gather(vectors, tf().argMax(scores, 1)) as Tensor2D;
      }),
    dispose() {
      vectors.dispose();
      offsets.dispose();
    },
  };
}

/** What bootstrap targets are valued at: retrieved items where settings and catalogue allow, else the action itself. */
export function bootstrapItems(
  { bootstrapAt }: Pick<ActorCriticConfig, "bootstrapAt">,
  problem: Pick<AgentProblem, "catalogue" | "actionSize">,
): RetrievedActions | undefined {
  return bootstrapAt === "item" && problem.catalogue ? retrievedActions(problem) : undefined;
}
