import { effectiveSize } from "../../math/effectiveSize";
import type { Trajectories } from "./trajectories";

/** Weights that leave all bounds, where no clip keeps them. */
export class UnboundedWeights extends Error {}

/** Products beyond this would soon not be numbers any more. */
const largest = 1e300;

/**
 * ρ₀:ₜ = Π π(aₖ | sₖ) / π₀(aₖ | sₖ) over k ≤ t: how much more often the policy under test would have come this far on
 * this trajectory (Precup, Sutton and Singh 2000, section 3).
 *
 * @param clip the largest product allowed. Each product is cut, not the factors: one that falls below the clip again
 *   is itself. Without a clip none is changed.
 * @returns [n]
 * @throws when the clip is not above 0, or there is none and a product grows beyond 1e300.
 * @example factors 4, 2, ¼ and a clip of 5: [4, 5, 2]
 */
export function cumulativeWeights(
  {
    offsets,
    targetProbabilities,
    propensities,
  }: Pick<Trajectories, "offsets" | "targetProbabilities" | "propensities">,
  clip = Number.POSITIVE_INFINITY,
): Float64Array {
  if (!(clip > 0)) throw new Error(`cumulativeWeights requires a clip above 0, got ${clip}`);
  const weights = new Float64Array(targetProbabilities.length);
  for (let i = 0; i < offsets.length - 1; i++) {
    let product = 1;
    for (let place = offsets[i]; place < offsets[i + 1]; place++) {
      product = Math.min((product * targetProbabilities[place]) / propensities[place], largest);
      if (product === largest && clip > largest)
        throw new UnboundedWeights(`cumulativeWeights requires a clip, got a product beyond ${largest}`);
      weights[place] = Math.min(product, clip);
    }
  }
  return weights;
}

/** [m] the weight of each whole trajectory, that of its last step. */
export function lastWeights({ offsets, size }: Trajectories, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => weights[offsets[i + 1] - 1]);
}

/**
 * [m] Σₜ γᵗ ρ₀:ₜ / Σₜ γᵗ over t < T: one weight a trajectory for estimators that weigh each reward by the steps up to it.
 * Near 1 on average, as the weights of whole trajectories are, but what happens late counts little, as it does in a value.
 */
export function discountedWeights(log: Trajectories, weights: Float64Array): Float64Array {
  const { size, horizon, offsets, discount } = log;
  const all = new Float64Array(size);
  let total = 0;
  for (let t = 0, power = 1; t < horizon; t++, power *= discount) total += power;
  for (let i = 0; i < size; i++)
    for (let t = 0, power = 1; t < horizon; t++, power *= discount)
      all[i] += (power / total) * weights[Math.min(offsets[i] + t, offsets[i + 1] - 1)];
  return all;
}

/**
 * A number a trajectory for each step t < T, shorter ones going on as `after` says.
 *
 * @param during what step `place`, the t-th of its trajectory, gives
 * @param after what a trajectory gives that ended with step `last`, t or more steps long ago
 * @returns [T] columns [m]
 */
export function stepColumns(
  { size, horizon, offsets }: Trajectories,
  during: (place: number, t: number) => number,
  after: (last: number, t: number) => number,
): Float64Array[] {
  const columns = Array.from({ length: horizon }, () => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    const [start, end] = [offsets[i], offsets[i + 1]];
    for (let t = 0; t < horizon; t++)
      columns[t][i] = start + t < end ? during(start + t, t) : after(end - 1, t);
  }
  return columns;
}

/** [T] columns [m] of weights: an ended trajectory keeps its last. */
export function weightColumns(log: Trajectories, weights: Float64Array): Float64Array[] {
  return stepColumns(
    log,
    (place) => weights[place],
    (last) => weights[last],
  );
}

/**
 * [T] n_e = (Σ ρ)² / Σ ρ² after each step: how many trajectories still speak. It falls step by step, which is what
 * long horizons cost; 0 where none is left.
 */
export function effectiveSizes(log: Trajectories, weights: Float64Array): Float64Array {
  return Float64Array.from(weightColumns(log, weights), effectiveSize);
}
