/**
 * What is watched while actor–critics learn: the tensors that a step gives, and the figures made of them. Steps read
 * nothing on the way, so that they can be compiled.
 */

import { meanOf } from "../math/mean";
import type { Batch } from "../replay/batch";
import type { Scalar, Tensor2D } from "../tensors/tf";
import type { AgentProblem } from "./agent";

/**
 * The alarm: which share of the values lies outside what any policy could earn, [r_min/(1−γ), r_max/(1−γ)].
 * Such values are wrong for certain; an actor that climbs them climbs an error. 0 when no bounds are given.
 *
 * @example values [0, 12, −3], bounds [−10, 10]: 1/3
 */
export function shareOutside(
  values: ArrayLike<number>,
  bounds: readonly [number, number] | undefined,
): number {
  if (!bounds) return 0;
  let outside = 0;
  for (let i = 0; i < values.length; i++) if (!(values[i] >= bounds[0] && values[i] <= bounds[1])) outside++;
  return values.length > 0 ? outside / values.length : 0;
}

/** What to watch of a critic. */
export type WatchedCritic = {
  /** before the step */
  criticLoss: number;
  /** mean Q of the first critic at the logged actions, before the step */
  meanQ: number;
  targetMean: number;
  /** share of those Q outside the problem's bounds */
  alarmShare: number;
};

/** What to watch of a critics' step, still on the device. */
export type CriticTensors = {
  /** before the step, at the logged actions */
  criticLoss: Scalar;
  /** Q of the first critic there [B, 1], before the step */
  values: Tensor2D;
  /** y [B, 1] */
  targets: Tensor2D;
};

/** The figures of a critics' step. The batch hears its errors, where it wants to. */
export function criticFigures(
  { criticLoss, values, targets }: CriticTensors,
  { onErrors }: Pick<Batch, "onErrors">,
  bounds?: AgentProblem["valueBounds"],
): WatchedCritic {
  const fitted = criticLoss.dataSync()[0];
  const said = values.dataSync<"float32">();
  const wanted = targets.dataSync<"float32">();
  onErrors?.(Float32Array.from(said, (value, i) => wanted[i] - value));
  return {
    criticLoss: fitted,
    meanQ: meanOf(said),
    targetMean: meanOf(wanted),
    alarmShare: shareOutside(said, bounds),
  };
}

/** What to watch of an actor: actorQ, behaviourLoss, and the share of its own values well outside the bounds. */
export type WatchedActor = {
  actorLoss: number;
  actorQ: number;
  behaviourLoss: number;
  alarmShare: number;
};

/**
 * Bounds with a hundredth of their width added on both sides, for values at actions of the agent's own choice:
 * whoever found the best action there is stands on the bound itself, where a fit is off by a little either way.
 */
export function widened(bounds: AgentProblem["valueBounds"]): AgentProblem["valueBounds"] {
  if (!bounds) return undefined;
  const slack = 0.01 * (bounds[1] - bounds[0]);
  return [bounds[0] - slack, bounds[1] + slack];
}

/** What to watch of an actor's step, still on the device; the loss and values are those before it. */
export type ActorTensors = {
  actorLoss: Scalar;
  /** Q at the actor's own actions [B, 1] */
  actorValues: Tensor2D;
  behaviourLoss: Scalar;
};

/** The figures of an actor's step. */
export function actorFigures(
  { actorLoss, actorValues, behaviourLoss }: ActorTensors,
  bounds?: AgentProblem["valueBounds"],
): WatchedActor {
  const values = actorValues.dataSync<"float32">();
  return {
    actorLoss: actorLoss.dataSync()[0],
    actorQ: meanOf(values),
    behaviourLoss: behaviourLoss.dataSync()[0],
    alarmShare: shareOutside(values, widened(bounds)),
  };
}

/** What a pure update gives to be watched: of the critics, of the actor where it moved, and numbers of its own. */
export type Watched = Partial<CriticTensors & ActorTensors> & {
  /** What targets would be without bounds [B, 1]: those outside raise the alarm too. */
  openTargets?: Tensor2D;
  /** Single numbers, which are figures as they are. */
  figures?: Readonly<Record<string, Scalar>>;
};

/** The figures of a pure update. */
export function figuresOf(
  watched: Watched,
  batch: Pick<Batch, "onErrors">,
  bounds?: AgentProblem["valueBounds"],
): Record<string, number> {
  const { criticLoss, values, targets, openTargets, actorLoss, actorValues, behaviourLoss } = watched;
  const numbers = Object.entries(watched.figures ?? {}).map(([name, value]) => [name, value.dataSync()[0]]);
  const own: Record<string, number> = Object.fromEntries(numbers);
  if (!criticLoss || !values || !targets) return own;
  const critic = criticFigures({ criticLoss, values, targets }, batch, bounds);
  const open = openTargets ? shareOutside(openTargets.dataSync<"float32">(), widened(bounds)) : 0;
  critic.alarmShare = Math.max(critic.alarmShare, open);
  const known = { ...critic, ...own };
  if (!actorLoss || !actorValues || !behaviourLoss) return known;
  return withActor(known, actorFigures({ actorLoss, actorValues, behaviourLoss }, bounds));
}

/**
 * Both together. The alarm is the larger of the two shares: the critic is fitted at the logged actions, but the
 * actor climbs at its own, and Q can leave its bounds there while it stays within them in the log.
 */
export function withActor<C extends { alarmShare: number }, A extends { alarmShare: number }>(
  critic: C,
  actor: A,
): C & A {
  return { ...critic, ...actor, alarmShare: Math.max(critic.alarmShare, actor.alarmShare) };
}
