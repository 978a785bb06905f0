import type { Situation } from "../../replay/batch";
import { type Tensor1D, type Tensor2D, tf } from "../../tensors/tf";
import type { AgentProblem } from "../agent";
import { catalogueParts, outOfReach, unavailableOffsets, withAdded, withoutSeen } from "../catalogue";
import { project } from "../networks";

/** Puts the scores of items that may not be chosen out of reach. */
export interface CandidateFilter {
  /** Scores [B, N] in states [B, S] → [B, N]. */
  apply(scores: Tensor2D, states: Tensor2D, situation?: Situation): Tensor2D;
  dispose(): void;
}

/**
 * What may be chosen in a state: available items that the user has not seen and, with `candidates`,
 * of those only so many that the supervised head ranks first, by the served bias and with the logits added in the
 * state: the candidates of serving. Without a head all stay.
 *
 * @param candidates how many, or null for all
 * @throws when there is no catalogue.
 */
export function candidateFilter(
  { catalogue, head, stateSize, actionSize, actionSpace = "unit" }: AgentProblem,
  candidates: number | null,
): CandidateFilter {
  const { size, itemVectors, servedBias, temperature } = catalogueParts(
    "candidateFilter",
    catalogue,
    actionSize,
  );
  const unavailable = unavailableOffsets(catalogue, size);
  const narrow = candidates !== null && candidates < size && head !== undefined;
  const held = narrow
    ? {
        kernel: tf().tensor2d(head.weights, [stateSize, actionSize]) as Tensor2D,
        offset: tf().tensor1d(head.bias) as Tensor1D,
        vectors: tf().tensor2d(itemVectors, [size, actionSize]) as Tensor2D,
        bias: tf().tidy(() => tf().tensor1d(servedBias).mul(temperature)),
      }
    : undefined;
  return {
    apply: (scores, states, { seen, added } = {}) =>
      tf().tidy(() => {
        const allowed = withoutSeen(scores.add(unavailable) as Tensor2D, seen);
        if (held === undefined) return allowed;
        const query = project(tf().matMul(states, held.kernel).add(held.offset) as Tensor2D, actionSpace);
        const likely = tf()
          .matMul(query, held.vectors, false, true)
          .add(held.bias)
          .add(unavailable) as Tensor2D;
        const open = withoutSeen(withAdded(likely, added, temperature), seen);
        const last = tf()
          .topk(open, candidates!)
          .values.slice([0, candidates! - 1], [-1, 1]);
        return tf().where(open.greaterEqual(last), allowed, outOfReach) as Tensor2D;
      }),
    dispose() {
      for (const tensor of [unavailable, ...Object.values(held ?? {})]) tensor.dispose();
    },
  };
}
