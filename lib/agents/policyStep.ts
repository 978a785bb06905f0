import { meanOf } from "../math/mean";
import type { Batch } from "../replay/batch";
import type { Optimizer } from "../tensors/adam";
import { type GradientStepOptions, gradientStep } from "../tensors/gradientStep";
import { type Scalar, type Tensor2D, tf } from "../tensors/tf";
import type { ActorCriticConfig } from "./actorCriticConfig";
import type { AgentProblem } from "./agent";
import type { BehaviourTerm } from "./behaviour";
import { shareOutside } from "./bellman";

/** The parts of an actor's loss: loss = −λ · value + behaviourWeight · behaviour, with λ = criticWeight (/ mean |Q|). */
export interface PolicyLoss {
  readonly loss: Scalar;
  /** Q(s, μ(s)) [B, 1], at the actor's own actions */
  readonly values: Tensor2D;
  /** their mean */
  readonly value: Scalar;
  /** λ: what the value counts, a constant to the gradient */
  readonly valueWeight: number;
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
  // A plain number, so that the scale is a constant to the gradient.
  const size = config.scaleByValue ? Math.max(values.abs().mean().dataSync()[0]!, 1e-6) : 1;
  const behaviour = term ? term.loss(actions, batch.actions, batch.itemRows) : tf().scalar(0);
  const valueWeight = config.criticWeight / size;
  const loss = value.mul(-valueWeight).add(behaviour.mul(config.behaviourWeight)) as Scalar;
  return { loss, values, value, valueWeight, behaviour };
}

/** What to watch of an actor: actorQ, behaviourLoss, and the share of its own values well outside the bounds. */
export interface WatchedActor {
  actorLoss: number;
  actorQ: number;
  behaviourLoss: number;
  alarmShare: number;
}

/**
 * Bounds with a hundredth of their width added on both sides, for values at actions of the agent's own choice:
 * whoever found the best action there is stands on the bound itself, where a fit is off by a little either way.
 */
export function widened(bounds: AgentProblem["valueBounds"]): AgentProblem["valueBounds"] {
  if (!bounds) return undefined;
  const slack = 0.01 * (bounds[1] - bounds[0]);
  return [bounds[0] - slack, bounds[1] + slack];
}

/** One step of an actor; its figures are read on the way, since its tensors do not outlive the step. */
export function policyStep(
  compute: () => PolicyLoss,
  {
    optimizer,
    clip = {},
    bounds,
  }: {
    readonly optimizer: Optimizer;
    readonly clip?: GradientStepOptions;
    readonly bounds?: AgentProblem["valueBounds"];
  },
): WatchedActor {
  const wide = widened(bounds);
  const parts: WatchedActor = { actorLoss: 0, actorQ: 0, behaviourLoss: 0, alarmShare: 0 };
  parts.actorLoss = gradientStep(
    () => {
      const { loss, values, behaviour } = compute();
      const numbers = values.dataSync<"float32">();
      parts.actorQ = meanOf(numbers);
      parts.behaviourLoss = behaviour.dataSync()[0]!;
      parts.alarmShare = shareOutside(numbers, wide);
      return loss;
    },
    optimizer.variables,
    optimizer,
    clip,
  );
  return parts;
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
