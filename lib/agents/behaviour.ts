import { softmaxCrossEntropy } from "../tensors/native";
import { requireShape } from "../tensors/shapes";
import { type Scalar, type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import type { ActionCatalogue, AgentProblem } from "./agent";
import { catalogueParts } from "./catalogueParts";

/** How far an actor's actions are from what was done. */
export interface BehaviourTerm {
  /** [B, A] actions, [B, A] and int32 [B] logged ones; a scalar to be made small. */
  loss(actions: Tensor2D, logged: Tensor2D, itemRows: Tensor1D): Scalar;
  dispose(): void;
}

/**
 * The action as a query: −log of the probability that a softmax over the whole catalogue gives the logged
 * item, with logits q·v/T + b. It pulls towards the item and away from all others, as next-item training does.
 * The bias is the model's own: this is a likelihood of what the log did, at times when other things were popular than
 * when lists are served. With the served bias the query would learn to take today's popularity back.
 *
 * @throws when the catalogue's sizes do not fit.
 */
export function softmaxBehaviour(catalogue: ActionCatalogue, actionSize: number): BehaviourTerm {
  const { size, itemVectors, itemBias, temperature } = catalogueParts(
    "softmaxBehaviour",
    catalogue,
    actionSize,
  );
  if (!(temperature > 0))
    throw new Error(`softmaxBehaviour requires a temperature above 0, got ${temperature}`);
  // [v/T, b] against [q, 1]: one product, and gradients flow to the query alone.
  const items: Tensor2D = tf().tidy(() => {
    const scaled = tf().tensor2d(itemVectors, [size, actionSize]).div(temperature);
    return tf().concat([scaled, tf().tensor2d(itemBias, [size, 1])], 1) as Tensor2D;
  });
  return {
    loss: (actions, _logged, itemRows) => {
      const queries = tf().concat([actions, tf().onesLike(actions.slice([0, 0], [actions.shape[0], 1]))], 1);
      return softmaxCrossEntropy(tf().matMul(queries, items, false, true), itemRows);
    },
    dispose: () => items.dispose(),
  };
}

/** Mean over the batch of the squared distance to the logged item's vector (Fujimoto and Gu 2021, equation 3). */
export function squaredBehaviour(): BehaviourTerm {
  return {
    loss: (actions, logged) => {
      requireShape(logged, actions.shape, "logged actions");
      return actions.sub(logged).square().sum(1).mean() as Scalar;
    },
    dispose() {},
  };
}

/**
 * The term of a name, or none.
 * @throws when "softmax" is asked for without a catalogue.
 */
export function behaviourTerm(
  name: "none" | "softmax" | "squared",
  { catalogue, actionSize }: Pick<AgentProblem, "catalogue" | "actionSize">,
): BehaviourTerm | undefined {
  if (name === "none") return undefined;
  if (name === "squared") return squaredBehaviour();
  if (!catalogue) throw new Error('behaviourTerm requires a catalogue for "softmax", got none');
  return softmaxBehaviour(catalogue, actionSize);
}
