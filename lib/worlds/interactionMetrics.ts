/** What a policy did and earned, in the order in which it happened; all columns [n]. */
export interface PlayedRounds {
  readonly rewards: Float64Array;
  /** Whose round it is, as rows from 0; all of one user without. */
  readonly users?: Int32Array;
  readonly actions?: Int32Array;
  /** What the policy held for best in each round: with it, how often it did something else. */
  readonly greedy?: Int32Array;
}

export interface InteractionMetrics {
  /** [T] mean over users of what they brought up to and with step t; who has left brings no more. */
  readonly cumulativeReward: Float64Array;
  /** Mean over users of all they brought. */
  readonly total: number;
  /** Share of rounds with a reward above 0: a click, a purchase, a liked item. */
  readonly engagementRate: number;
  /** Share of rounds in which something other than the best known was done. */
  readonly explorationRate?: number;
}

/**
 * How a policy did while it was played, in a world or in service.
 *
 * @throws when there is no round, or columns differ in length.
 * @example interactionMetrics({ rewards: Float64Array.of(1, 0, 2), users: Int32Array.of(0, 1, 0) }).total // 1.5
 */
export function interactionMetrics({ rewards, users, actions, greedy }: PlayedRounds): InteractionMetrics {
  const size = rewards.length;
  if (size === 0) throw new Error("interactionMetrics requires at least one round, got none");
  for (const column of [users, actions, greedy])
    if (column !== undefined && column.length !== size)
      throw new Error(`interactionMetrics requires columns of ${size} rounds, got ${column.length}`);
  const steps = new Map<number, number>();
  const gained: number[] = [];
  let [engaged, explored] = [0, 0];
  for (let i = 0; i < size; i++) {
    const user = users?.[i] ?? 0;
    const step = steps.get(user) ?? 0;
    steps.set(user, step + 1);
    gained[step] = (gained[step] ?? 0) + rewards[i];
    if (rewards[i] > 0) engaged++;
    if (actions && greedy && actions[i] !== greedy[i]) explored++;
  }
  let sum = 0;
  const cumulativeReward = Float64Array.from(gained, (gain) => {
    sum += gain;
    return sum / steps.size;
  });
  return {
    cumulativeReward,
    total: sum / steps.size,
    engagementRate: engaged / size,
    ...(actions && greedy && { explorationRate: explored / size }),
  };
}
