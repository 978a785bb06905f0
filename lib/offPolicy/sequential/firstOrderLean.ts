import { deviationOf } from "../../math/deviation";
import { meanOf } from "../../math/mean";
import type { Trajectories } from "./trajectories";

/** How far a value of single steps leans, as far as pairs of steps can tell. */
export interface FirstOrderLean {
  /** What has to be added to the mean reward of a step. */
  readonly lean: number;
  readonly standardError: number;
}

/**
 * A one-step value takes states as the log's policy left them. What the target would have done before a step is told, to
 * first order, by one further weight: with wₜ = π(aₜ | sₜ) / π₀(aₜ | sₜ) and μ = Σ w r / Σ w, the mean reward of a step under the
 * target is μ + Σᵢ Σₜ (Σ_{s<t} (wₛ − 1)) · (wₜ (rₜ − μ) − cₜ) / n + terms of higher order, where cₜ is the mean over users of wₜ (rₜ − μ),
 * which changes nothing on average since (wₛ − 1) is 0 on average whatever came before, and takes most of the noise away. After
 * its last step a trajectory earns nothing, and μ is what a step is worth, so that a policy that makes users leave
 * early is charged for bad steps that follow and not for the steps that do not.
 *
 * It is 0 on average where what is done does not change what comes. Products of all weights (per-decision importance sampling,
 * Precup et al. 2000) would hold every order; they are far noisier.
 *
 * @returns nothing for fewer than two trajectories or where no trajectory has two steps
 * @example a target that shows more of what tires: { lean: -0.044, standardError: 0.02 }
 */
export function firstOrderLean(log: Trajectories): FirstOrderLean | undefined {
  const { size, horizon, offsets, rewards, propensities, targetProbabilities } = log;
  if (size < 2 || horizon < 2) return undefined;
  const steps = rewards.length;
  const weights = targetProbabilities.map((probability, place) => probability / propensities[place]);
  let [all, earned] = [0, 0];
  for (let place = 0; place < steps; place++) {
    all += weights[place];
    earned += weights[place] * rewards[place];
  }
  if (!(all > 0)) return undefined;
  const value = earned / all;
  const weighed = weights.map((weight, place) => weight * (rewards[place] - value));
  const means = new Float64Array(horizon);
  for (let i = 0; i < size; i++)
    for (let place = offsets[i]; place < offsets[i + 1]; place++)
      means[place - offsets[i]] += weighed[place] / size;
  const each = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let more = 0; // Σ (w − 1) of the steps so far
    for (let t = 0; t < horizon; t++) {
      const place = offsets[i] + t;
      const lasts = place < offsets[i + 1];
      each[i] += more * ((lasts ? weighed[place] : 0) - means[t]);
      if (lasts) more += weights[place] - 1;
    }
  }
  const scale = size / steps; // from a user's sum to a step's mean
  return {
    lean: meanOf(each) * scale,
    standardError: (deviationOf(each) / Math.sqrt(size)) * scale,
  };
}
