import { meanOf } from "../math/mean";
import type { Batch } from "../replay/batch";
import type { Optimizer } from "../tensors/adam";
import { type GradientStepOptions, gradientStep } from "../tensors/gradientStep";
import type { Network } from "../tensors/networks";
import type { Scalar, Tensor2D, Variable } from "../tensors/tf";
import { actionValue } from "./actorNetwork";
import type { AgentProblem } from "./agent";
import { meanSquaredError, shareOutside } from "./bellman";
import type { JointEncoder } from "./jointEncoder";

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
  readonly bounds: readonly [number, number];
}

/**
 * Sum over the critics of the mean squared distance of Q(s, a) from its bounds, 0 within them. The log says nothing
 * about actions that nobody took, but this much is known of them; and an actor climbs Q just there, where a critic
 * fitted to logged actions goes on in a straight line.
 */
export function beyondBounds(
  critics: readonly Network[],
  states: Tensor2D,
  { actions, bounds: [low, high] }: OwnActions,
): Scalar {
  const each = critics.map((critic) => {
    const values = actionValue(critic, states, actions);
    return values.sub(values.clipByValue(low, high)).square().mean() as Scalar;
  });
  return each.reduce((sum, one) => sum.add(one));
}

/** What to watch of a critic. */
export interface WatchedCritic {
  /** before the step */
  criticLoss: number;
  /** mean Q of the first critic at the logged actions, before the step */
  meanQ: number;
  targetMean: number;
  /** share of those Q outside the problem's bounds */
  alarmShare: number;
}

/** One step of all critics towards the same targets. */
export function criticStep(
  critics: readonly Network[],
  batch: Batch,
  {
    targets,
    optimizer,
    clip = {},
    bounds,
    joint,
    own,
  }: {
    /** y [B, 1] */
    readonly targets: Tensor2D;
    /** made for `criticVariables` */
    readonly optimizer: Optimizer;
    /** learns along; its target follows when the agent says, as target critics do */
    readonly joint?: JointEncoder | undefined;
    readonly clip?: GradientStepOptions;
    readonly bounds?: AgentProblem["valueBounds"];
    /** where Q is also held within bounds */
    readonly own?: OwnActions | undefined;
  },
): WatchedCritic {
  let values = new Float32Array(0);
  let fitted = 0;
  gradientStep(
    () => {
      const read = joint?.readAnew(batch) ?? batch;
      const parts = criticLoss(critics, read, targets);
      // Tensors do not outlive the step; the numbers to watch are read on the way.
      values = parts.values[0]!.dataSync<"float32">() as typeof values;
      fitted = parts.loss.dataSync()[0]!;
      return own ? parts.loss.add(beyondBounds(critics, read.states, own)) : parts.loss;
    },
    optimizer.variables,
    optimizer,
    clip,
  );
  const wanted = targets.dataSync<"float32">();
  batch.onErrors?.(values.map((value, i) => wanted[i]! - value));
  return {
    criticLoss: fitted,
    meanQ: meanOf(values),
    targetMean: meanOf(wanted),
    alarmShare: shareOutside(values, bounds),
  };
}

/** What a critic step moves: all critics, and the encoder that learns along. */
export function criticVariables(critics: readonly Network[], joint?: JointEncoder): Variable[] {
  return [...variablesOf(critics), ...(joint?.online.variables ?? [])];
}

/** All variables of some networks, in order. */
export function variablesOf(networks: readonly Network[]) {
  return networks.flatMap((each) => each.variables);
}
