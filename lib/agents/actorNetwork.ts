import type { Random } from "../math/random";
import { glorotUniform } from "../tensors/initialisers";
import { multilayerPerceptron, type Network, network, variableOf } from "../tensors/networks";
import { type Tensor2D, tf } from "../tensors/tf";
import type { Head } from "./agent";

export interface ActorShape {
  /** S */
  readonly stateSize: number;
  /** A */
  readonly actionSize: number;
  readonly hidden: readonly number[];
  /** Actions of length 1. */
  readonly unitActions: boolean;
  readonly random: Random;
  readonly head?: Head;
}

/**
 * An actor μ(s) = normalise(s·W₀ + b₀ + MLP(s)) with the MLP's last layer zero at the start, so that it begins
 * as the supervised head exactly and learning must earn its keep from there. Without a head W₀ is random.
 * Variables in order: W₀ [S, A], b₀ [A], the MLP's.
 *
 * @throws when the head has other sizes.
 */
export function actorNetwork({
  stateSize,
  actionSize,
  hidden,
  unitActions,
  random,
  head,
}: ActorShape): Network {
  if (head && (head.weights.length !== stateSize * actionSize || head.bias.length !== actionSize))
    throw new Error(
      `actorNetwork requires a head of ${stateSize} × ${actionSize}, got ${head.weights.length} weights and ${head.bias.length} biases`,
    );
  const mlp = multilayerPerceptron({
    inputs: stateSize,
    hidden,
    outputs: actionSize,
    random: random.fork("actor"),
    outputScale: 0,
  });
  const weights = head?.weights ?? glorotUniform(stateSize, actionSize, random.fork("actor head"));
  const linear = [
    variableOf(weights, [stateSize, actionSize]),
    variableOf(head?.bias ?? new Float32Array(actionSize), [actionSize]),
  ];
  return network([...linear, ...mlp.variables], ([w, b, ...rest], states) => {
    const raw = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b!)
      .add(mlp.forward(rest, states)) as Tensor2D;
    return unitActions ? unitLength(raw) : raw;
  });
}

/** Rows scaled to length 1, differentiably; a zero row stays zero. [B, A] → [B, A] */
export function unitLength(rows: Tensor2D): Tensor2D {
  return tf().tidy(() => rows.div(rows.square().sum(1, true).maximum(1e-24).sqrt()) as Tensor2D);
}

/** A critic Q(s, a): a perceptron on [s, a]. [B, S + A] → [B, 1] */
export function criticNetwork(
  stateSize: number,
  actionSize: number,
  hidden: readonly number[],
  random: Random,
): Network {
  return multilayerPerceptron({ inputs: stateSize + actionSize, hidden, outputs: 1, random });
}

/** Q(s, a) [B, 1] of states [B, S] and actions [B, A]. */
export function actionValue(critic: Network, states: Tensor2D, actions: Tensor2D): Tensor2D {
  return critic.apply(tf().concat([states, actions], 1));
}

/**
 * An actor asked from outside: [n × S] → [n × A].
 * @throws when the states are not rows of `stateSize` numbers.
 */
export function actionsFor(actor: Network, states: Float32Array, stateSize: number): Float32Array {
  if (states.length % stateSize !== 0)
    throw new Error(`act requires states of ${stateSize} numbers, got ${states.length} in all`);
  if (states.length === 0) return new Float32Array(0);
  return tf().tidy(() => {
    const rows: Tensor2D = tf().tensor2d(states, [states.length / stateSize, stateSize]);
    return actor.apply(rows).dataSync<"float32">();
  });
}
