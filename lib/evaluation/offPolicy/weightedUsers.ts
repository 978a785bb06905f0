import { effectiveSize } from "../../math/effectiveSize";

/**
 * How many users of equal weight would weigh the same: (Σ Wᵤ)² / Σ Wᵤ² over the users' sums of weights. One user with most
 * of the rounds counts for little more than one.
 *
 * @param users [n] rows from 0
 * @example weightedUsers(Float64Array.of(1, 1, 2), Int32Array.of(0, 0, 1)) // 2
 */
export function weightedUsers(weights: Float64Array, users: Int32Array): number {
  let largest = 0;
  for (const user of users) largest = Math.max(largest, user);
  const own = new Float64Array(largest + 1);
  weights.forEach((weight, i) => {
    own[users[i]!]! += weight;
  });
  return effectiveSize(own);
}
