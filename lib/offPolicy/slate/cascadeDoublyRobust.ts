import { meanStatistic } from "../../math/sumStatistic";
import type { SlateEstimator } from "./slateEstimator";
import { slotSums } from "./slateInversePropensity";
import { weightsFromTop } from "./slateWeights";

/**
 * Cascade-DR: RIPS, corrected slot by slot by a model of what a slot and those below it are worth,
 * Σₖ w₁:ₖ (αₖ rₖ − q̂ₖ(a₁:ₖ)) + w₁:ₖ₋₁ Σ_a π(a | a₁:ₖ₋₁) q̂ₖ(a₁:ₖ₋₁, a), w of nothing being 1 (Kiyohara et al. 2022). Exact on average where no reward depends on the slots below it and either the propensities or the
 * model are right; with a model of 0 it is RIPS.
 */
export const cascadeDoublyRobust: SlateEstimator = {
  name: "cascadeDr",
  needs: "model",
  on(slates, clip) {
    const { rewards, model } = slates.slots;
    if (!model) throw new Error("cascadeDr requires a log with a reward model, got none");
    const weights = weightsFromTop(slates, clip);
    const above = weights.slice();
    above.copyWithin(1, 0);
    for (let slate = 0; slate < slates.size; slate++) above[slates.offsets[slate]] = 1;
    return meanStatistic(
      slotSums(
        slates,
        (slot, counted) =>
          weights[slot] * (counted * rewards[slot] - model.logged[slot]) + above[slot] * model.expected[slot],
      ),
    );
  },
};
