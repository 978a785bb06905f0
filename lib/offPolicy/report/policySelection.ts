import { meanOf } from "../../math/mean";
import { rankCorrelation } from "../../math/rankCorrelation";

/** How well estimates choose among policies whose values are known. */
export interface PolicySelection {
  /** Spearman's ρ of estimated and true values; NaN when all of one side are equal. */
  readonly rankCorrelation: number;
  /** [k] the policies chosen, as rows, the highest estimate first. */
  readonly chosen: Int32Array;
  /** True value of the best of all policies, less that of the best chosen: what a trial of those k would lose. */
  readonly regret: number;
  /** True values of the chosen. */
  readonly best: number;
  readonly mean: number;
  /** What the unluckiest of the trials would earn. */
  readonly worst: number;
}

/**
 * Chooses the k policies with the highest estimates and looks up what they are worth (regret@k and the spread of the
 * chosen: Kiyohara et al. 2024). Where estimates are equal the policy named first goes first.
 *
 * @param estimated [P]
 * @param truth [P]
 * @throws when there is no policy, the lengths differ, a value is not finite, or k is not between 1 and P.
 * @example policySelection(Float64Array.of(0.2, 0.9), Float64Array.of(0.5, 0.4)).regret // 0.1
 */
export function policySelection(
  estimated: Float64Array,
  truth: Float64Array,
  { k = 1 }: { readonly k?: number } = {},
): PolicySelection {
  const count = estimated.length;
  if (count === 0 || truth.length !== count)
    throw new Error(`policySelection requires a true value a policy, got ${truth.length} for ${count}`);
  if (!(Number.isInteger(k) && k >= 1 && k <= count))
    throw new Error(`policySelection requires k from 1 to ${count}, got ${k}`);
  for (const value of [...estimated, ...truth])
    if (!Number.isFinite(value)) throw new Error(`policySelection requires finite values, got ${value}`);
  const chosen = Int32Array.from(estimated.keys())
    .sort((a, b) => estimated[b] - estimated[a] || a - b)
    .slice(0, k);
  const earned = Float64Array.from(chosen, (policy) => truth[policy]);
  const best = Math.max(...earned);
  return {
    rankCorrelation: rankCorrelation(estimated, truth),
    chosen,
    regret: Math.max(...truth) - best,
    ...{ best, mean: meanOf(earned), worst: Math.min(...earned) },
  };
}
