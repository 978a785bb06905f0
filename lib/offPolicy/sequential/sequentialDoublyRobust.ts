/**
 * Estimators that add a model of returns q̂, with v̂(s) = Σ_a π(a | s) q̂(s, a).
 *
 * Jiang and Li 2016, equation 10: from the last step back, V = v̂(sₜ) + (ρ₀:ₜ / ρ₀:ₜ₋₁) (rₜ + γ V′ − q̂(sₜ, aₜ)). Unrolled
 * (Thomas and Brunskill 2016, section 4) that is
 *
 *   v̂(s₀) + Σₜ γᵗ ρ₀:ₜ (rₜ + γ v̂(sₜ₊₁) − q̂(sₜ, aₜ)), with v̂ = 0 after the last step,
 *
 * what the model says at the start, corrected by a weight times what it missed at each step. Here it is the second
 * form, in which a cumulative weight can be clipped. The model should say what is left of a trajectory's own return:
 * where watching ends after T steps, q̂(sₜ, aₜ) is over T − t steps. One that says more adds no bias, but spread.
 */

import { meanStatistic } from "../../math/sumStatistic";
import { cumulativeWeights, stepColumns, weightColumns } from "./cumulativeWeights";
import { requireFewSteps, type SequentialEstimator, stepModelOf } from "./sequentialEstimator";
import type { Trajectories } from "./trajectories";

/** The mean of v̂(s₀), nothing else: as biased as the model, and its interval knows nothing of the model's errors. */
export const sdm: SequentialEstimator = {
  name: "sdm",
  needs: "model",
  on: (log) => meanStatistic(startValues("sdm", log)),
};

/** SDR: exact on average when either the model or the propensities are right. */
export const sdr: SequentialEstimator = {
  name: "sdr",
  needs: "model",
  on(log, clip) {
    const values = startValues("sdr", log);
    const misses = missesOf("sdr", log);
    const weights = cumulativeWeights(log, clip);
    const { size, offsets, discount } = log;
    for (let i = 0; i < size; i++)
      for (let place = offsets[i], power = 1; place < offsets[i + 1]; place++, power *= discount)
        values[i] += power * weights[place] * misses[place];
    return meanStatistic(values);
  },
};

/**
 * WSDR, the weighted doubly robust estimator (Thomas and Brunskill 2016, section 4): the correction of each step
 * divided by that step's mean weight, where an ended trajectory keeps its own. NaN where no weight is left at some
 * step. At most `mostSteps` steps.
 */
export const wsdr: SequentialEstimator = {
  name: "wsdr",
  needs: "model",
  on(log, clip) {
    requireFewSteps("wsdr", log);
    const misses = missesOf("wsdr", log);
    const weights = cumulativeWeights(log, clip);
    const { discount, horizon } = log;
    const corrections = stepColumns(
      log,
      (place, t) => discount ** t * weights[place] * misses[place],
      () => 0,
    );
    return {
      terms: [startValues("wsdr", log), ...corrections, ...weightColumns(log, weights)],
      of(sums, rows) {
        let value = sums[0] / rows;
        for (let t = 1; t <= horizon; t++) value += sums[t] / sums[horizon + t];
        return value;
      },
    };
  },
};

/** [m] v̂(s₀) */
function startValues(name: string, log: Trajectories): Float64Array {
  const { expected } = stepModelOf(name, log);
  return Float64Array.from({ length: log.size }, (_, i) => expected[log.offsets[i]]);
}

/** [n] rₜ + γ v̂(sₜ₊₁) − q̂(sₜ, aₜ), nothing being left after a last step */
function missesOf(name: string, log: Trajectories): Float64Array {
  const { logged, expected } = stepModelOf(name, log);
  const { size, offsets, rewards, discount } = log;
  const misses = new Float64Array(rewards.length);
  for (let i = 0; i < size; i++) {
    const end = offsets[i + 1];
    for (let place = offsets[i]; place < end; place++)
      misses[place] = rewards[place] + (place + 1 < end ? discount * expected[place + 1] : 0) - logged[place];
  }
  return misses;
}
