/**
 * Estimators that add a model of rewards.
 *
 * Beygelzimer and Langford 2009 (direct method); Dudík, Langford and Li 2011, equation 2 (doubly robust); Wang,
 * Agarwal and Dudík 2017 (switch); Su, Dimakopoulou, Krishnamurthy and Dudík 2020, section 4 (optimistic
 * shrinkage). Each is Σ_a π(a|x) q̂(x, a), corrected by a weight times what the model missed, r − q̂(x, a).
 */

import { meanStatistic, type SumStatistic } from "../../math/sumStatistic";
import type { Estimator } from "./estimator";
import { subGaussianWeights } from "./inversePropensity";
import type { LoggedRounds, RewardModel } from "./loggedRounds";

/** DM: what the model says, alone. As biased as the model. */
export const directMethod: Estimator = {
  name: "dm",
  needs: "model",
  on: (rounds) => meanStatistic(modelOf("dm", rounds).expected),
};

/** DR: exact on average when either the model or the propensities are right. */
export const doublyRobust: Estimator = corrected("dr", (weights) => weights);

/** SNDR: the correction divided by the mean weight instead of by the number of rounds. Without any weight it is NaN. */
export const selfNormalisedDr: Estimator = {
  name: "sndr",
  needs: "model",
  on(rounds, weights) {
    const { expected } = modelOf("sndr", rounds);
    return {
      terms: [expected, corrections("sndr", rounds, weights), weights],
      of: ([model, correction, weight], rows) => model / rows + correction / weight,
    };
  },
};

/** Switch-DR: corrected where w ≤ τ, the model alone elsewhere. τ = 0 is DM (but for weights of 0), τ = ∞ is DR. */
export function switchDr(tau = 2): Estimator {
  if (!(tau >= 0)) throw new Error(`switchDr requires tau of at least 0, got ${tau}`);
  return corrected("switchDr", (weights) => weights.map((weight) => (weight <= tau ? weight : 0)));
}

/** DRos: the weight shrunk to λw / (w² + λ), never above √λ / 2. λ = 0 is DM, λ → ∞ is DR. */
export function optimisticShrinkage(lambda = 1): Estimator {
  if (!(lambda >= 0)) throw new Error(`optimisticShrinkage requires lambda of at least 0, got ${lambda}`);
  return corrected("dros", (weights) =>
    lambda === Number.POSITIVE_INFINITY
      ? weights
      : weights.map((weight) => (weight === 0 ? 0 : (lambda * weight) / (weight * weight + lambda))),
  );
}

/** DR with the sub-Gaussian weight. */
export function subGaussianDr(lambda = 0.1): Estimator {
  return corrected("sgDr", (weights) => subGaussianWeights(weights, lambda));
}

function corrected(name: string, change: (weights: Float64Array) => Float64Array): Estimator {
  return {
    name,
    needs: "model",
    on(rounds, weights): SumStatistic {
      const { expected } = modelOf(name, rounds);
      const each = corrections(name, rounds, change(weights));
      return meanStatistic(expected.map((value, i) => value + each[i]));
    },
  };
}

/** [n] w · (r − q̂(x, a)) */
function corrections(name: string, rounds: LoggedRounds, weights: Float64Array): Float64Array {
  const { logged } = modelOf(name, rounds);
  return rounds.rewards.map((reward, i) => weights[i] * (reward - logged[i]));
}

function modelOf(name: string, { model }: LoggedRounds): RewardModel {
  if (!model) throw new Error(`${name} requires a log with a reward model, got none`);
  return model;
}
