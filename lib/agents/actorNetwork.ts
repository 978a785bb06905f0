import type { Random } from "../math/random";
import { glorotUniform } from "../tensors/initialisers";
import { multilayerPerceptron, type Network, network, variableOf } from "../tensors/networks";
import { type Tensor2D, tf, type Variable } from "../tensors/tf";
import { type ActionSpace, project } from "./actionSpace";
import type { Head } from "./agent";

export interface ActorShape {
  /** S */
  readonly stateSize: number;
  /** A */
  readonly actionSize: number;
  readonly hidden: readonly number[];
  /** "unit" by default. */
  readonly actionSpace?: ActionSpace;
  readonly random: Random;
  readonly head?: Head;
  /** Numbers beside the state that the perceptron also reads, such as a latent draw; 0 by default. */
  readonly extraInputs?: number;
}

/**
 * An actor μ(s) = into(s·W₀ + b₀ + MLP(s)) with the MLP's last layer zero at the start, so that it begins
 * as the supervised head exactly and learning must earn its keep from there. Without a head W₀ is random.
 * `into` brings the sum into the action space: to length 1, or through tanh.
 * Variables in order: W₀ [S, A], b₀ [A], the MLP's. Input [B, S + extraInputs], the state first.
 *
 * @throws when the head has other sizes.
 */
export function actorNetwork(shape: ActorShape): Network {
  const { stateSize, actionSize, hidden, actionSpace = "unit", random, head, extraInputs = 0 } = shape;
  const mlp = multilayerPerceptron({
    inputs: stateSize + extraInputs,
    hidden,
    outputs: actionSize,
    random: random.fork("actor"),
    outputScale: 0,
  });
  const linear = linearHead({ stateSize, actionSize, random, ...(head && { head }) });
  return network([...linear, ...mlp.variables], ([w, b, ...rest], input) => {
    const states = extraInputs === 0 ? input : input.slice([0, 0], [input.shape[0], stateSize]);
    const raw = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b!)
      .add(mlp.forward(rest, input)) as Tensor2D;
    return project(raw, actionSpace);
  });
}

/**
 * W₀ [S, A] and b₀ [A]: the supervised head where there is one, else random weights.
 *
 * @throws when the head has other sizes.
 */
export function linearHead({
  stateSize,
  actionSize,
  random,
  head,
}: Pick<ActorShape, "stateSize" | "actionSize" | "random" | "head">): Variable[] {
  if (head && (head.weights.length !== stateSize * actionSize || head.bias.length !== actionSize))
    throw new Error(
      `actorNetwork requires a head of ${stateSize} × ${actionSize}, got ${head.weights.length} weights and ${head.bias.length} biases`,
    );
  const weights = head?.weights ?? glorotUniform(stateSize, actionSize, random.fork("actor head"));
  return [
    variableOf(weights, [stateSize, actionSize]),
    variableOf(head?.bias ?? new Float32Array(actionSize), [actionSize]),
  ];
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

/**
 * One or two critics that start apart: the first from the stream "critic", the second from "critic 2".
 * [B, S + A] → [B, 1] each
 */
export function criticNetworks(
  count: 1 | 2,
  problem: { readonly stateSize: number; readonly actionSize: number; readonly random: Random },
  hidden: readonly number[],
): Network[] {
  const { stateSize, actionSize, random } = problem;
  return ["critic", "critic 2"]
    .slice(0, count)
    .map((stream) => criticNetwork(stateSize, actionSize, hidden, random.fork(stream)));
}

/** Q(s, a) [B, 1] of states [B, S] and actions [B, A]. */
export function actionValue(critic: Network, states: Tensor2D, actions: Tensor2D): Tensor2D {
  return critic.apply(tf().concat([states, actions], 1));
}

/**
 * An actor asked from outside: [n × S] → [n × A]; at most `rowsAtOnce` together where much is made of each row. It
 * hears which row the first of them is.
 * @throws when the states are not rows of `stateSize` numbers.
 */
export function actionsFor(
  actor: { apply(states: Tensor2D, from: number): Tensor2D },
  states: Float32Array,
  stateSize: number,
  { rowsAtOnce = Number.POSITIVE_INFINITY } = {},
): Float32Array {
  if (states.length % stateSize !== 0)
    throw new Error(`act requires states of ${stateSize} numbers, got ${states.length} in all`);
  if (states.length === 0) return new Float32Array(0);
  const size = states.length / stateSize;
  const parts: Float32Array[] = [];
  for (let start = 0; start < size; start += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, size - start);
    const some = states.subarray(start * stateSize, (start + rows) * stateSize);
    parts.push(
      tf().tidy(() => actor.apply(tf().tensor2d(some, [rows, stateSize]), start).dataSync<"float32">()),
    );
  }
  if (parts.length === 1) return parts[0]!;
  const width = parts[0]!.length / rowsAtOnce;
  const actions = new Float32Array(size * width);
  parts.forEach((part, i) => {
    actions.set(part, i * rowsAtOnce * width);
  });
  return actions;
}
