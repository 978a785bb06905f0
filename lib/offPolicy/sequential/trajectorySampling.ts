/**
 * Whole trajectories, weighted by how much more often the policy under test would have gone through them.
 *
 * Precup, Sutton and Singh 2000, section 3; Thomas and Brunskill 2016, section 3.
 */

import { meanStatistic } from "../../math/sumStatistic";
import { cumulativeWeights, lastWeights } from "./cumulativeWeights";
import type { SequentialEstimator } from "./sequentialEstimator";
import type { Trajectories } from "./trajectories";

/**
 * TIS, the mean of ρ₀:ₜ₋₁ Σ γᵗ rₜ: unbiased where every action of the target could be logged. Early rewards are
 * multiplied with the luck of all later steps, so its spread grows as no other's.
 */
export const tis: SequentialEstimator = {
  name: "tis",
  needs: "nothing",
  on(log, clip) {
    const weights = lastWeights(log, cumulativeWeights(log, clip));
    return meanStatistic(returnsOf(log).map((value, i) => weights[i] * value));
  },
};

/** WTIS, Σ ρ G / Σ ρ: within the range of the logged returns, a little biased on few. Without any weight it is NaN. */
export const wtis: SequentialEstimator = {
  name: "wtis",
  needs: "nothing",
  on(log, clip) {
    const weights = lastWeights(log, cumulativeWeights(log, clip));
    return {
      terms: [returnsOf(log).map((value, i) => weights[i] * value), weights],
      of: ([rewarded, weight]) => rewarded / weight,
    };
  },
};

/** [m] G = Σ γᵗ rₜ */
export function returnsOf(log: Trajectories): Float64Array {
  const togo = returnsToGo(log);
  return Float64Array.from({ length: log.size }, (_, i) => togo[log.offsets[i]]);
}

/** [n] Gₜ = rₜ + γ Gₜ₊₁ of each step, 0 after the last */
export function returnsToGo({ size, offsets, rewards, discount }: Trajectories): Float64Array {
  const togo = rewards.slice();
  for (let i = 0; i < size; i++)
    for (let place = offsets[i + 1] - 2; place >= offsets[i]; place--)
      togo[place] += discount * togo[place + 1];
  return togo;
}
