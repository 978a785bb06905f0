import type { LoggedRounds } from "./loggedRounds";

/**
 * w = π(a | x) / π₀(a | x): how much more often the policy under test would have done what was done.
 *
 * @param clip the largest weight allowed; without it none is changed
 * @returns [n]
 * @throws when the clip is not above 0.
 * @example importanceWeights({ targetProbabilities: [.9], propensities: [.1], ... }, 5) // [5]
 */
export function importanceWeights(
  { targetProbabilities, propensities }: Pick<LoggedRounds, "targetProbabilities" | "propensities">,
  clip = Number.POSITIVE_INFINITY,
): Float64Array {
  if (!(clip > 0)) throw new Error(`importanceWeights requires a clip above 0, got ${clip}`);
  return targetProbabilities.map((probability, i) => Math.min(probability / propensities[i], clip));
}
