/**
 * What actor–critics learn by: the critics' targets and their step, the actor's loss and its step, and the behaviour
 * term that holds an actor near the log.
 */

import type { Batch, ItemSample } from "../replay/batch";
import type { Optimizer } from "../tensors/adam";
import { constant, descend, type GradientStepOptions } from "../tensors/gradientStep";
import { softmaxCrossEntropy } from "../tensors/native";
import type { Network } from "../tensors/networks";
import { requireShape } from "../tensors/shapes";
import { type Scalar, type Tensor1D, type Tensor2D, tf, type Variable } from "../tensors/tf";
import type { ActionCatalogue, ActorCriticConfig, AgentProblem } from "./agent";
import { catalogueParts } from "./catalogue";
import { itemSample, type SampleSizes } from "./itemSample";
import { actionValue, type JointEncoder, variablesOf } from "./networks";
import {
  type ActorTensors,
  actorFigures,
  type CriticTensors,
  criticFigures,
  type WatchedActor,
  type WatchedCritic,
} from "./watched";

/**
 * What a critic should say: y = r + γ (1 − terminal) Q′(s′, a′) (Bellman 1957; Lillicrap et al. 2015,
 * Algorithm 1). All [B, 1]. A truncated transition has terminal 0, so its value is bootstrapped.
 *
 * With bounds, Q′ beyond what any policy could earn counts as the bound: it is wrong for certain, and believed it
 * would feed the next target. So y stays within them too, since r_max + γ r_max/(1 − γ) = r_max/(1 − γ); and what a
 * terminal step earned stays as it is.
 *
 * @throws when a shape is not [B, 1]: a reward [B] would broadcast to [B, B].
 * @param bounds smallest and largest possible value; none by default
 * @example reward 1, discount .9, terminal 0, next value 10: 10; next value 30, bounds [−10, 10]: 10
 */
export function tdTarget(
  rewards: Tensor2D,
  terminals: Tensor2D,
  nextValues: Tensor2D,
  discount: number,
  bounds?: Bounds,
): Tensor2D {
  const size = rewards.shape[0];
  requireShape(rewards, [size, 1], "rewards");
  requireShape(terminals, [size, 1], "terminals");
  requireShape(nextValues, [size, 1], "nextValues");
  return tf().tidy(() => {
    const believed = bounds ? keptWithin(nextValues, bounds) : nextValues;
    return rewards.add(tf().sub(1, terminals).mul(believed).mul(discount)) as Tensor2D;
  });
}

/** What values are kept within: smallest and largest. */
export type Bounds = readonly [number, number] | readonly [Scalar, Scalar];

/** Values below or above the bounds as the bound. */
function keptWithin(values: Tensor2D, [low, high]: Bounds): Tensor2D {
  if (typeof low === "number" && typeof high === "number") return values.clipByValue(low, high) as Tensor2D;
  return tf().minimum(tf().maximum(values, low), high) as Tensor2D;
}

/**
 * What several critics agree on: λ·min + (1 − λ)·max of their values, number by number. λ = 1 is clipped double
 * Q-learning (Fujimoto, van Hoof and Meger 2018, Algorithm 1), whose error is to say too little; BCQ uses .75
 * (Fujimoto, Meger and Precup 2019, equation 13). One critic is its own answer.
 *
 * @param values [B, 1] each
 * @example values 1 and 3: 1; with λ = .75: 1.5
 */
export function clippedDoubleQ(values: readonly Tensor2D[], weightOfMinimum = 1): Tensor2D {
  const [first, second] = values;
  if (first === undefined || values.length > 2)
    throw new Error(`clippedDoubleQ requires the values of one or two critics, got ${values.length}`);
  if (second === undefined) return first;
  requireShape(second, first.shape, "the second critic's values");
  const least = tf().minimum(first, second) as Tensor2D;
  if (weightOfMinimum === 1) return least;
  const most = tf().maximum(first, second);
  return least.mul(weightOfMinimum).add(most.mul(1 - weightOfMinimum)) as Tensor2D;
}

/** Mean of (value − target)² over a batch. Both [B, 1]; the target is a constant to the gradient. */
export function meanSquaredError(values: Tensor2D, targets: Tensor2D): Scalar {
  requireShape(targets, [values.shape[0], 1], "targets");
  requireShape(values, [targets.shape[0], 1], "values");
  return tf().tidy(() => values.sub(targets).square().mean() as Scalar);
}

export interface CriticLoss {
  readonly loss: Scalar;
  /** Q(s, a) [B, 1] of each critic at the logged actions */
  readonly values: readonly Tensor2D[];
}

/**
 * Sum over the critics of the mean of (Q(s, a) − y)² at the logged actions. Where the batch was drawn by
 * priority, each square counts by its importance weight.
 *
 * @param targets y [B, 1], a constant to the gradient
 */
export function criticLoss(critics: readonly Network[], batch: Batch, targets: Tensor2D): CriticLoss {
  const { states, actions, weights } = batch;
  const values = critics.map((critic) => actionValue(critic, states, actions));
  const losses = values.map((each) =>
    weights === undefined
      ? meanSquaredError(each, targets)
      : (each.sub(targets).square().mul(weights).mean() as Scalar),
  );
  return { loss: losses.reduce((sum, each) => sum.add(each)), values };
}

/** Actions of the agent's own choice, and what no value of theirs can leave. */
export interface OwnActions {
  /** [B, A], constants to the gradient */
  readonly actions: Tensor2D;
  readonly bounds: Bounds;
}

/**
 * Sum over the critics of the mean squared distance of Q(s, a) from its bounds, 0 within them. The log says nothing
 * about actions that nobody took, but this much is known of them; and an actor climbs Q just there, where a critic
 * fitted to logged actions goes on in a straight line.
 */
export function beyondBounds(
  critics: readonly Network[],
  states: Tensor2D,
  { actions, bounds }: OwnActions,
): Scalar {
  const each = critics.map((critic) => {
    const values = actionValue(critic, states, actions);
    return values.sub(keptWithin(values, bounds)).square().mean() as Scalar;
  });
  return each.reduce((sum, one) => sum.add(one));
}

/** What a step of critics is told beside critics and batch. */
export interface CriticStepOptions {
  /** y [B, 1] */
  readonly targets: Tensor2D;
  /** made for `criticVariables` */
  readonly optimizer: Optimizer;
  /** learns along; its target follows when the agent says, as target critics do */
  readonly joint?: JointEncoder;
  readonly clip?: GradientStepOptions;
  /** where Q is also held within bounds */
  readonly own?: OwnActions;
}

/** One step of all critics towards the same targets; nothing is read, so that it may stand in a compiled step. */
export function moveCritics(
  critics: readonly Network[],
  batch: Batch,
  { targets, optimizer, clip, joint, own }: CriticStepOptions,
): CriticTensors {
  const compute = () => {
    const read = joint?.readAnew(batch) ?? batch;
    const { loss: fitted, values } = criticLoss(critics, read, targets);
    const loss = own ? (fitted.add(beyondBounds(critics, read.states, own)) as Scalar) : fitted;
    return { loss, fitted, values: values[0] };
  };
  const { fitted, values } = descend(compute, optimizer.variables, optimizer, clip);
  return { criticLoss: fitted, values, targets };
}

/** One step of all critics, and its figures. */
export function criticStep(
  critics: readonly Network[],
  batch: Batch,
  { bounds, ...options }: CriticStepOptions & { readonly bounds?: AgentProblem["valueBounds"] },
): WatchedCritic {
  return tf().tidy(() => criticFigures(moveCritics(critics, batch, options), batch, bounds));
}

/** What a critic step moves: all critics, and the encoder that learns along. */
export function criticVariables(critics: readonly Network[], joint?: JointEncoder): Variable[] {
  return [...variablesOf(critics), ...(joint?.online.variables ?? [])];
}

/** The parts of an actor's loss: loss = −λ · value + behaviourWeight · behaviour, with λ = criticWeight (/ mean |Q|). */
export interface PolicyLoss {
  readonly loss: Scalar;
  /** Q(s, μ(s)) [B, 1], at the actor's own actions */
  readonly values: Tensor2D;
  /** their mean */
  readonly value: Scalar;
  /** λ: what the value counts, a constant to the gradient */
  readonly valueWeight: Scalar;
  /** the behaviour term, 0 without one */
  readonly behaviour: Scalar;
}

/**
 * What an actor makes small: the value of its own actions with the sign turned, and how far they are from what
 * was done (Fujimoto and Gu 2021, equations 3 to 5).
 *
 * @param actions [B, A] the actor's
 * @param values [B, 1] of those actions, differentiable in them
 */
export function policyLoss(
  { actions, values }: { readonly actions: Tensor2D; readonly values: Tensor2D },
  batch: Batch,
  config: Pick<ActorCriticConfig, "criticWeight" | "scaleByValue" | "behaviourWeight">,
  term?: BehaviourTerm,
): PolicyLoss {
  const value = values.mean() as Scalar;
  const weight = tf().scalar(config.criticWeight);
  const size = config.scaleByValue ? constant(values.abs().mean().maximum(1e-6)) : undefined;
  const behaviour = term ? term.loss(actions, batch.actions, batch.itemRows, batch.sample) : tf().scalar(0);
  const valueWeight = size ? (weight.div(size) as Scalar) : weight;
  const loss = value.mul(valueWeight.neg()).add(behaviour.mul(config.behaviourWeight)) as Scalar;
  return { loss, values, value, valueWeight, behaviour };
}

export interface PolicyStepOptions {
  readonly optimizer: Optimizer;
  readonly clip?: GradientStepOptions;
}

/**
 * One step of an actor; nothing is read, so that it may stand in a compiled step. What the computation gives beyond
 * the parts of a loss comes along.
 */
export function moveActor<Parts extends PolicyLoss>(
  compute: () => Parts,
  { optimizer, clip }: PolicyStepOptions,
): ActorTensors & Omit<Parts, keyof PolicyLoss> {
  const parts = descend(() => ({ ...compute() }) as never, optimizer.variables, optimizer, clip);
  const { loss, values, value: _, valueWeight: __, behaviour, ...further } = parts as Parts;
  return { actorLoss: loss, actorValues: values, behaviourLoss: behaviour, ...further };
}

/** One step of an actor, and its figures. */
export function policyStep(
  compute: () => PolicyLoss,
  { bounds, ...options }: PolicyStepOptions & { readonly bounds?: AgentProblem["valueBounds"] },
): WatchedActor {
  return tf().tidy(() => actorFigures(moveActor(compute, options), bounds));
}

/** How far an actor's actions are from what was done. */
export interface BehaviourTerm {
  /** [B, A] actions, [B, A] and int32 [B] logged ones, the sample of a prepared batch; a scalar to be made small. */
  loss(actions: Tensor2D, logged: Tensor2D, itemRows: Tensor1D, sample?: ItemSample): Scalar;
  /** With the sample that stands for a large catalogue. */
  prepared?(batch: Batch): Partial<Batch>;
  dispose(): void;
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

/**
 * The action as a query: −log of the probability that a softmax over the whole catalogue gives the logged
 * item, with logits q·v/T + b. It pulls towards the item and away from all others, as next-item training does.
 * The bias is the model's own: this is a likelihood of what the log did, at times when other things were popular than
 * when lists are served. With the served bias the query would learn to take today's popularity back. Of a large
 * catalogue, a sample of the items stands for all (`itemSample`).
 *
 * @throws when the catalogue's sizes do not fit.
 */
export function softmaxBehaviour(
  catalogue: ActionCatalogue,
  actionSize: number,
  sizes: SampleSizes = {},
): BehaviourTerm {
  const { size, itemVectors, itemBias, temperature } = catalogueParts(
    "softmaxBehaviour",
    catalogue,
    actionSize,
  );
  if (!(temperature > 0))
    throw new Error(`softmaxBehaviour requires a temperature above 0, got ${temperature}`);
  const sample = itemSample(itemBias, sizes);
  // [v/T, b] against [q, 1]: one product, and gradients flow to the query alone.
  const items: Tensor2D = tf().tidy(() => {
    const scaled = tf().tensor2d(itemVectors, [size, actionSize]).div(temperature);
    return tf().concat([scaled, tf().tensor2d(itemBias, [size, 1])], 1) as Tensor2D;
  });
  return {
    loss: (actions, _logged, itemRows, prepared) => {
      const queries = tf().concat([actions, tf().onesLike(actions.slice([0, 0], [actions.shape[0], 1]))], 1);
      const some = prepared ?? sample?.of({ itemRows });
      if (some === undefined) return softmaxCrossEntropy(tf().matMul(queries, items, false, true), itemRows);
      const logits = tf().matMul(queries, tf().gather(items, some.rows), false, true);
      return softmaxCrossEntropy(logits.sub(some.correction) as Tensor2D, some.labels);
    },
    prepared: ({ itemRows }) => sample?.prepared({ itemRows }) ?? {},
    dispose: () => items.dispose(),
  };
}
