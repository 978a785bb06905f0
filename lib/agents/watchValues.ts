import type { Scalar, Tensor2D } from "../tensors/tf";
import type { AgentProblem } from "./agent";
import { shareOutside } from "./bellman";
import type { DdpgActorLoss } from "./ddpg";

/** The bounds outside which the alarm counts. */
type Bounded = Pick<AgentProblem, "valueBounds">;

/**
 * What to watch of a critic, as numbers: mean Q, mean target, and the share of Q outside the problem's bounds.
 *
 * @param values [B, 1] Q at the logged actions
 * @param targets [B, 1]
 */
export function watchValues(
  values: Tensor2D,
  targets: Tensor2D,
  { valueBounds }: Bounded,
): { meanQ: number; targetMean: number; alarmShare: number } {
  const mean = (numbers: Float32Array): number => numbers.reduce((sum, q) => sum + q, 0) / numbers.length;
  const numbers = values.dataSync<"float32">();
  return {
    meanQ: mean(numbers),
    targetMean: mean(targets.dataSync<"float32">()),
    alarmShare: shareOutside(numbers, valueBounds),
  };
}

/**
 * How much further the bounds reach at the actor's own actions, as a share of their width: an actor that found
 * the best action there is stands on the bound itself, where the critic's fit is off by a little either way.
 */
const margin = 0.01;

/** What to watch of an actor: actorQ, behaviourLoss, and the share of its own values well outside the bounds. */
export interface WatchedActor {
  actorQ: number;
  behaviourLoss: number;
  alarmShare: number;
}

/** An actor's loss that also leaves its parts behind as numbers, since its tensors do not outlive the gradient step. */
export function keepParts(
  compute: () => DdpgActorLoss,
  { valueBounds }: Bounded,
): { readonly loss: () => Scalar; readonly parts: WatchedActor } {
  const slack = valueBounds ? margin * (valueBounds[1] - valueBounds[0]) : 0;
  const bounds = valueBounds && ([valueBounds[0] - slack, valueBounds[1] + slack] as const);
  const parts: WatchedActor = { actorQ: 0, behaviourLoss: 0, alarmShare: 0 };
  const loss = (): Scalar => {
    const { loss: total, values, value, behaviour } = compute();
    parts.actorQ = value.dataSync()[0]!;
    parts.behaviourLoss = behaviour.dataSync()[0]!;
    parts.alarmShare = shareOutside(values.dataSync<"float32">(), bounds);
    return total;
  };
  return { loss, parts };
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
