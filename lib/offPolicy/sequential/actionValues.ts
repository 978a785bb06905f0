import { actionValue, repeatRows } from "../../agents/networks";

import type { Random } from "../../math/random";
import { multilayerPerceptron, type Network } from "../../tensors/networks";
import { type Tensor1D, type Tensor2D, tf } from "../../tensors/tf";

/** A network that values actions known by their rows. */
export interface ActionValues {
  readonly network: Network;
  /** Q(s, a), differentiable. [B, S], int32 [B] → [B, 1] */
  chosen(states: Tensor2D, actions: Tensor1D): Tensor2D;
  /** Q of k actions in each state. [B, S], [B × k] rows → [B × k] */
  each(states: Tensor2D, actions: Int32Array): Float32Array;
  dispose(): void;
}

export interface ActionValuesShape {
  readonly stateSize: number;
  /** A */
  readonly actionCount: number;
  /** [A × D] when actions are vectors that the network reads; without, each action has an output of its own. */
  readonly actionVectors?: Float32Array;
  readonly hidden: readonly number[];
  readonly random: Random;
}

/** @throws when the vectors are not rows of equal width, or a width is below 1. */
export function actionValues(shape: ActionValuesShape): ActionValues {
  return shape.actionVectors === undefined ? outputs(shape) : inputs(shape, shape.actionVectors);
}

/** Q(s, ·) at once: [B, S] → [B, A] */
function outputs({ stateSize, actionCount, hidden, random }: ActionValuesShape): ActionValues {
  const network = multilayerPerceptron({ inputs: stateSize, hidden, outputs: actionCount, random });
  return {
    network,
    chosen: (states, actions) =>
      network.apply(states).mul(tf().oneHot(actions, actionCount)).sum(1, true) as Tensor2D,
    each(states, actions) {
      const all = tf().tidy(() => network.apply(states).dataSync<"float32">());
      const perState = actions.length / states.shape[0];
      return Float32Array.from(actions, (action, i) => all[Math.floor(i / perState) * actionCount + action]);
    },
    dispose: () => network.dispose(),
  };
}

/** Q of the state and the action's vector: [B, S + D] → [B, 1] */
function inputs(
  { stateSize, actionCount, hidden, random }: ActionValuesShape,
  rows: Float32Array,
): ActionValues {
  const width = rows.length / actionCount;
  if (!(Number.isInteger(width) && width >= 1))
    throw new Error(
      `actionValues requires ${actionCount} vectors of equal width, got ${rows.length} numbers`,
    );
  const network = multilayerPerceptron({ inputs: stateSize + width, hidden, outputs: 1, random });
  const vectors: Tensor2D = tf().tensor2d(rows, [actionCount, width]);
  const chosen = (states: Tensor2D, actions: Tensor1D): Tensor2D =>
    actionValue(network, states, tf().gather(vectors, actions));
  return {
    network,
    chosen,
    each: (states, actions) =>
      tf().tidy(() => {
        const repeated = repeatRows(states, actions.length / states.shape[0]);
        return chosen(repeated, tf().tensor1d(actions, "int32")).dataSync<"float32">();
      }),
    dispose() {
      network.dispose();
      vectors.dispose();
    },
  };
}
