import { effectiveSize } from "../../math/effectiveSize";
import { meanOf } from "../../math/mean";
import { sumsBy } from "../../math/sumsBy";

/** What the weights say of users, where rounds are users': rounds of one user are not independent. */
export interface WeightsByUser {
  /** How many users of equal weight would weigh the same: (Σ Wᵤ)² / Σ Wᵤ² over the users' sums of weights. */
  readonly users: number;
  /** Share of all weight that one user holds. */
  readonly largestShare: number;
  /** By how many of its standard errors over users the mean weight of a round is away from 1; 0 where nobody can tell. */
  readonly meanWeightErrors: number;
}

/** The spread over fewer users than these says nothing: three with one action, and so one weight, have none at all. */
export const fewestUsers = 20;

/**
 * Sums weights by user. The standard error of the mean weight, a ratio of two sums over users, is that of its residuals
 * Wᵤ − w̄ nᵤ: right whether a user's rounds were randomised one by one or all at once.
 *
 * @param weights [n]
 * @param users [n] rows from 0, with or without gaps
 * @example weightsByUser(Float64Array.of(1, 1, 2), Int32Array.of(0, 0, 1)).users // 2
 */
export function weightsByUser(weights: Float64Array, users: Int32Array): WeightsByUser {
  // In parts of the largest: products of many ratios are too large to be squared.
  const scale = weights.reduce((most, weight) => Math.max(most, weight), 0) || 1;
  const counts = sumsBy(users, () => 1);
  const sums = sumsBy(users, (i) => weights[i] / scale);
  const mean = meanOf(sums) * (sums.length / weights.length);
  let [present, squares, most] = [0, 0, 0];
  sums.forEach((sum, user) => {
    if (counts[user] === 0) return;
    present++;
    squares += (sum - mean * counts[user]) ** 2;
    most = Math.max(most, sum);
  });
  const error = Math.sqrt((squares * present) / (present - 1)) / weights.length;
  const off = Math.abs(mean - 1 / scale);
  return {
    users: effectiveSize(sums),
    largestShare: mean === 0 ? 0 : most / (mean * weights.length),
    meanWeightErrors: present < fewestUsers || off === 0 ? 0 : off / error,
  };
}
