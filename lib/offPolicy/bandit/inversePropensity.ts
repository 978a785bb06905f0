/**
 * Estimators that weigh logged rewards, and ask nothing but propensities.
 *
 * Horvitz and Thompson 1952; Swaminathan and Joachims 2015 (self-normalised); Metelli, Russo and Restelli 2021,
 * equation 7 with s = −1 (the sub-Gaussian weight).
 */

import { meanStatistic } from "../../math/sumStatistic";
import type { Estimator } from "./estimator";

/** IPS, the mean of w·r: unbiased where every action the target takes could be logged; its spread grows with w. */
export const ips: Estimator = {
  name: "ips",
  needs: "nothing",
  on: ({ rewards }, weights) => meanStatistic(rewards.map((reward, i) => weights[i] * reward)),
};

/** SNIPS, Σ w·r / Σ w: within the range of the rewards, a little biased on few rounds. Without any weight it is NaN. */
export const snips: Estimator = {
  name: "snips",
  needs: "nothing",
  on: ({ rewards }, weights) => ({
    terms: [rewards.map((reward, i) => weights[i] * reward), weights],
    of: ([rewarded, weight]) => rewarded / weight,
  }),
};

/**
 * The sub-Gaussian weight w / (1 − λ + λw): below 1/λ however large w is, and w itself at λ = 0.
 *
 * @param lambda in [0, 1]
 */
export function subGaussianWeights(weights: Float64Array, lambda: number): Float64Array {
  if (!(lambda >= 0 && lambda <= 1))
    throw new Error(`subGaussianWeights requires lambda in [0, 1], got ${lambda}`);
  return weights.map((weight) => (weight === 0 ? 0 : weight / (1 - lambda + lambda * weight)));
}

/** IPS with the sub-Gaussian weight. */
export function subGaussianIps(lambda = 0.1): Estimator {
  return {
    name: "sgIps",
    needs: "nothing",
    on: (rounds, weights) => ips.on(rounds, subGaussianWeights(weights, lambda)),
  };
}
