/**
 * Each reward weighted by the steps up to it alone: what is done later cannot have changed it.
 *
 * Precup, Sutton and Singh 2000, section 4 (per-decision); Thomas 2015, Safe reinforcement learning, section 3.9
 * (the consistent weighted form, which divides step by step; dividing all steps by one sum of discounted weights, as
 * Precup et al. do, does not settle on the value).
 */

import { meanStatistic } from "../../math/sumStatistic";
import { cumulativeWeights, stepColumns, weightColumns } from "./cumulativeWeights";
import { requireFewSteps, type SequentialEstimator } from "./sequentialEstimator";

/**
 * PDIS, the mean of Σ γᵗ ρ₀:ₜ rₜ: unbiased as TIS is, and as a rule with less spread. Not by necessity: where later
 * rewards undo earlier ones (1, then always −1), TIS multiplies 0 and has none.
 */
export const pdis: SequentialEstimator = {
  name: "pdis",
  needs: "nothing",
  on(log, clip) {
    const weights = cumulativeWeights(log, clip);
    const { size, offsets, rewards, discount } = log;
    const values = new Float64Array(size);
    for (let i = 0; i < size; i++)
      for (let place = offsets[i], power = 1; place < offsets[i + 1]; place++, power *= discount)
        values[i] += power * weights[place] * rewards[place];
    return meanStatistic(values);
  },
};

/**
 * WPDIS, Σₜ γᵗ (Σ ρ₀:ₜ rₜ / Σ ρ₀:ₜ), both sums over trajectories: within the range of what could be earned. At each
 * step the mean is over all trajectories: one that has ended earns 0 and keeps its weight, or those that go on would
 * speak for all. NaN where no trajectory has any weight left at some step. At most `mostSteps` steps.
 */
export const wpdis: SequentialEstimator = {
  name: "wpdis",
  needs: "nothing",
  on(log, clip) {
    requireFewSteps("wpdis", log);
    const weights = cumulativeWeights(log, clip);
    const { rewards, discount, horizon } = log;
    const earned = stepColumns(
      log,
      (place, t) => discount ** t * weights[place] * rewards[place],
      () => 0,
    );
    return {
      terms: [...earned, ...weightColumns(log, weights)],
      of(sums) {
        let value = 0;
        for (let t = 0; t < horizon; t++) value += sums[t] / sums[horizon + t];
        return value;
      },
    };
  },
};
