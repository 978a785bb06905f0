/**
 * The networks that agents are made of: where actions live, actors and critics, how they are asked, and the encoder
 * that may learn along with the critics.
 */

import type { TrainableEncoder } from "../encoders/trainableEncoder";
import type { Random } from "../math/random";
import type { Batch } from "../replay/batch";
import { glorotUniform } from "../tensors/initialisers";
import { multilayerPerceptron, type Network, network, variableOf } from "../tensors/networks";
import { softUpdate } from "../tensors/softUpdate";
import { type Tensor2D, tf, type Variable } from "../tensors/tf";
import { unitRows } from "../tensors/unitRows";

/**
 * Where actions live. "unit": rows of length 1, as item vectors of unit geometry are. "box": every number in
 * [−1, 1], as in most control tasks. "free": anywhere.
 */
export type ActionSpace = "unit" | "box" | "free";

/** Raw outputs of a network as actions, differentiably: scaled to length 1, or through tanh. [B, A] → [B, A] */
export function project(raw: Tensor2D, space: ActionSpace): Tensor2D {
  if (space === "unit") return unitRows(raw);
  return space === "box" ? tf().tanh(raw) : raw;
}

/** Actions moved a little and brought back into their space, differentiably. [B, A] → [B, A] */
export function perturb(actions: Tensor2D, move: Tensor2D, space: ActionSpace): Tensor2D {
  const moved = actions.add(move) as Tensor2D;
  if (space === "unit") return unitRows(moved);
  return space === "box" ? tf().clipByValue(moved, -1, 1) : moved;
}

/**
 * What noise and perturbations are multiplied by. A step of σ in each of A numbers is σ√A long: at length 1 and
 * 64 numbers, σ = .2 would turn an action by 58 degrees. Divided by √A it turns it by 11, whatever A.
 *
 * @example perturbationScale("unit", 64) // 1 / 8
 */
export function perturbationScale(space: ActionSpace, actionSize: number): number {
  return space === "unit" ? 1 / Math.sqrt(actionSize) : 1;
}

/** The linear query head of a supervised model: query = normalise(state · weights + bias). */
export interface Head {
  /** [S × A] */
  readonly weights: Float32Array;
  /** [A] */
  readonly bias: Float32Array;
}

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
 * An actor μ(s) = project(s·W₀ + b₀ + MLP(s)) with the MLP's last layer zero at the start, so that it begins
 * as the supervised head exactly and learning must earn its keep from there. Without a head W₀ is random.
 * `project` brings the sum into the action space: to length 1, or through tanh.
 * Variables in order: W₀ [S, A], b₀ [A], the MLP's. Input [B, S + extraInputs], the state first.
 *
 * @throws when the head has other sizes.
 */
export function actorNetwork(shape: ActorShape): Network {
  const { stateSize, actionSize, hidden, actionSpace = "unit", random, extraInputs = 0 } = shape;
  const mlp = multilayerPerceptron({
    inputs: stateSize + extraInputs,
    hidden,
    outputs: actionSize,
    random: random.fork("actor"),
    outputScale: 0,
  });
  const linear = linearHead(shape);
  return network([...linear, ...mlp.variables], ([w, b, ...rest], input) => {
    const states = extraInputs === 0 ? input : input.slice([0, 0], [input.shape[0], stateSize]);
    const raw = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b)
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
  if (parts.length === 1) return parts[0];
  const width = parts[0].length / rowsAtOnce;
  const actions = new Float32Array(size * width);
  parts.forEach((part, i) => {
    actions.set(part, i * rowsAtOnce * width);
  });
  return actions;
}

/** All variables of some networks, in order. */
export function variablesOf(networks: readonly Network[]) {
  return networks.flatMap((each) => each.variables);
}

/** Each row `times` times, one after the other. [B, S] → [B · times, S] */
export function repeatRows(rows: Tensor2D, times: number): Tensor2D {
  const [size, width] = rows.shape;
  return rows
    .expandDims(1)
    .tile([1, times, 1])
    .reshape([size * times, width]) as Tensor2D;
}

/**
 * What one of an agent's networks answers, in plain numbers: a critic at states and actions, a decoder at states
 * and latents.
 *
 * @param states [n × S]
 * @param beside [n × B] what stands beside each state
 * @returns [n × outputs]
 * @throws when there are not as many rows beside as states.
 * @example predict(agent.networks.critic, states, { stateSize: 2, beside: agent.act(states) }) // Q(s, μ(s)) [n]
 */
export function predict(
  network: Pick<Network, "apply">,
  states: Float32Array,
  { stateSize, beside }: { readonly stateSize: number; readonly beside: Float32Array },
): Float32Array {
  const size = states.length / stateSize;
  const width = beside.length / size;
  if (!(Number.isInteger(size) && size >= 1 && Number.isInteger(width)))
    throw new Error(
      `predict requires rows of ${stateSize} numbers and as many rows beside them, got ${states.length} and ${beside.length} numbers`,
    );
  return tf().tidy(() => {
    const rows = [tf().tensor2d(states, [size, stateSize]), tf().tensor2d(beside, [size, width])];
    return Float32Array.from(network.apply(tf().concat(rows, 1)).dataSync());
  });
}

/**
 * An encoder that learns with the critics: their loss, and nothing else, reaches its weights; the actor reads
 * its states as constants. Next states come from a target copy that follows softly, as target critics do.
 */
export interface JointEncoder {
  readonly online: TrainableEncoder;
  readonly target: TrainableEncoder;
  /** Online variables, then the target's. */
  readonly variables: readonly Variable[];
  /** The batch with states [B, S] and next states read anew from its windows; no gradient is meant to pass. */
  encoded(batch: Batch): Batch;
  /** The batch with its states alone read anew, differentiable in the online variables: what critics learn from. */
  readAnew(batch: Batch): Batch;
  /** target ← (1 − rate) · target + rate · online */
  follow(): void;
  dispose(): void;
}

/** Takes the encoder over, where there is one: it is disposed of with the agent. */
export function jointEncoder(
  online: TrainableEncoder | undefined,
  { targetRate }: { readonly targetRate: number },
): JointEncoder | undefined {
  if (online === undefined) return undefined;
  const target = online.copy();
  return {
    online,
    target,
    variables: [...online.variables, ...target.variables],
    encoded(batch) {
      const { states, nextStates } = windowsOf(batch);
      return { ...batch, states: online.states(states), nextStates: target.states(nextStates) };
    },
    readAnew: (batch) => ({ ...batch, states: online.states(windowsOf(batch).states) }),
    follow() {
      if (online.variables.length > 0) softUpdate(target.variables, online.variables, targetRate);
    },
    dispose() {
      online.dispose();
      target.dispose();
    },
  };
}

/** @throws when the batch was drawn without windows. */
function windowsOf(batch: Batch): NonNullable<Batch["windows"]> {
  if (!batch.windows)
    throw new Error("joint training requires batches with windows, got none: see replayBuffer's window");
  return batch.windows;
}
