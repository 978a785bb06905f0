import type { LoggedRounds } from "../bandit/loggedRounds";

/**
 * What a policy that fills whole slates would be evaluated on: the slots of a log, slate after slate, each slate from
 * its first slot down. m slates, n slots, K slots in the longest.
 *
 * A slot's propensity and target probability are those of its item given the slots above it, so that their product
 * is that of the slate, with or without replacement. How long a slate is must not depend on what was put in it.
 */
export interface LoggedSlates {
  readonly size: number;
  readonly longest: number;
  /** [m + 1] where each slate starts among the slots, and n. */
  readonly offsets: Int32Array;
  /**
   * n rows. In a reward model, `logged` is q̂ₖ of the slots down to and with this one: what this slot and those below
   * it are worth, weighted by `slotWeights`, when the target fills those below; and `expected` is
   * Σ_a π(a | x, slots above) q̂ₖ(x, slots above, a).
   */
  readonly slots: LoggedRounds;
  /** [K] what a reward counts at each position, αₖ. */
  readonly slotWeights: Float64Array;
  readonly marginals?: SlotMarginals;
  /** [m] whose slate it is, as rows from 0. */
  readonly users?: Int32Array;
}

/** [n] each: the probability of the logged item at its position whatever is above it, by the log's policy and the target. */
export interface SlotMarginals {
  readonly propensities: Float64Array;
  readonly targetProbabilities: Float64Array;
}

export interface LoggedSlatesOptions {
  /** [K] or longer; all 1 by default: a slate is worth the sum of its rewards. */
  readonly slotWeights?: Float64Array;
  readonly marginals?: SlotMarginals;
}

/**
 * Slots put together into slates; slates of K slots each have offsets 0, K, 2K, ...
 *
 * @param slots checked by `loggedRounds`; users, where given, are the same all over a slate
 * @param offsets [m + 1]
 * @throws when a slate is empty, the offsets miss a slot, a slate belongs to two users, or a column is too short or
 *   out of range.
 * @example loggedSlates(slots, Int32Array.of(0, 3, 5)).longest // 3
 */
export function loggedSlates(
  slots: LoggedRounds,
  offsets: Int32Array,
  { slotWeights, marginals }: LoggedSlatesOptions = {},
): LoggedSlates {
  const size = offsets.length - 1;
  if (size < 1) throw new Error("loggedSlates requires at least one slate, got none");
  if (offsets[0] !== 0 || offsets[size] !== slots.size)
    throw new Error(
      `loggedSlates requires offsets from 0 to ${slots.size}, got ${offsets[0]} to ${offsets[size]}`,
    );
  let longest = 0;
  for (let slate = 0; slate < size; slate++) {
    const length = offsets[slate + 1] - offsets[slate];
    if (length < 1) throw new Error(`loggedSlates requires slots in every slate, got none in ${slate + 1}`);
    longest = Math.max(longest, length);
  }
  const counts = slotWeights ?? new Float64Array(longest).fill(1);
  if (counts.length < longest || !counts.every(Number.isFinite))
    throw new Error(`loggedSlates requires ${longest} finite slot weights, got ${counts.join()}`);
  if (marginals) checkMarginals(marginals, slots.size);
  return {
    ...{ size, longest, offsets, slots, slotWeights: counts },
    ...(marginals && { marginals }),
    ...(slots.users && { users: usersOf(slots.users, offsets) }),
  };
}

function checkMarginals({ propensities, targetProbabilities }: SlotMarginals, slots: number): void {
  for (const column of [propensities, targetProbabilities])
    if (column.length !== slots)
      throw new Error(`loggedSlates requires marginals of ${slots} slots, got ${column.length}`);
  for (let i = 0; i < slots; i++) {
    if (!(propensities[i] > 0 && propensities[i] <= 1 + 1e-6))
      throw new Error(`loggedSlates requires marginal propensities in (0, 1], got ${propensities[i]}`);
    if (!(targetProbabilities[i] >= 0 && targetProbabilities[i] <= 1 + 1e-6))
      throw new Error(
        `loggedSlates requires marginal probabilities in [0, 1], got ${targetProbabilities[i]}`,
      );
  }
}

function usersOf(users: Int32Array, offsets: Int32Array): Int32Array {
  return Int32Array.from({ length: offsets.length - 1 }, (_, slate) => {
    const user = users[offsets[slate]];
    for (let i = offsets[slate]; i < offsets[slate + 1]; i++)
      if (users[i] !== user)
        throw new Error(
          `loggedSlates requires one user a slate, got ${user} and ${users[i]} in ${slate + 1}`,
        );
    return user;
  });
}
