/**
 * Estimators that weigh the rewards of slots, and ask nothing but propensities. They differ in which slots a reward is
 * thought to depend on; the more, the fewer assumptions and the larger the weights.
 *
 * Swaminathan et al. 2017 (the whole slate); Li et al. 2018 (each item at its position); McInerney et al. 2020 (the
 * items above, and the self-normalised forms).
 */

import { meanStatistic } from "../../math/sumStatistic";
import type { SlateEstimator } from "./slateEstimator";
import type { LoggedSlates } from "./slateRounds";
import {
  ownWeights,
  type SlotWeighting,
  weightsFromTop,
  weightsOfSlates,
  wholeSlateWeights,
} from "./slateWeights";

/** SIPS: every reward by the weight of the whole slate. Unbiased whatever users do; its weights are products of K ratios. */
export const sips: SlateEstimator = weighed("sips", wholeSlateWeights);

/**
 * IIPS: a reward by its slot's own weight. Unbiased where a reward depends on its own item and position alone and the
 * log has marginal probabilities. With conditional ones instead, slot k is that of a policy whose slots above were
 * filled by the log: exact where a slot's probabilities do not depend on the slots above, in both policies.
 */
export const iips: SlateEstimator = weighed("iips", ownWeights);

/** RIPS: a reward by the weight down to its slot. Unbiased where no reward depends on the slots below it. */
export const rips: SlateEstimator = weighed("rips", weightsFromTop);

/** SNSIPS, Σ w Σₖ αₖ rₖ / Σ w over slates. Without any weight it is NaN. */
export const snsips: SlateEstimator = {
  name: "snsips",
  needs: "nothing",
  on(slates, clip) {
    const weights = weightsOfSlates(slates, clip);
    const weighedSums = slotSums(slates, (slot, counted) => counted * slates.slots.rewards[slot]);
    return {
      terms: [weighedSums.map((sum, slate) => sum * weights[slate]), weights],
      of: ([rewarded, weight]) => rewarded / weight,
    };
  },
};

/** SNIIPS: IIPS, each position divided by its mean weight. NaN when a position has no weight at all. */
export const sniips: SlateEstimator = weighedByPosition("sniips", ownWeights);

/** SNRIPS: RIPS, each position divided by its mean weight. NaN when a position has no weight at all. */
export const snrips: SlateEstimator = weighedByPosition("snrips", weightsFromTop);

/** [m] Σ over the slots of each slate. */
export function slotSums(
  { size, offsets, slotWeights }: LoggedSlates,
  value: (slot: number, slotWeight: number) => number,
): Float64Array {
  const sums = new Float64Array(size);
  for (let slate = 0; slate < size; slate++)
    for (let i = offsets[slate]; i < offsets[slate + 1]; i++)
      sums[slate] += value(i, slotWeights[i - offsets[slate]]);
  return sums;
}

function weighed(name: string, weighting: SlotWeighting): SlateEstimator {
  return {
    name,
    needs: "nothing",
    on(slates, clip) {
      const weights = weighting(slates, clip);
      const { rewards } = slates.slots;
      return meanStatistic(slotSums(slates, (slot, counted) => weights[slot] * counted * rewards[slot]));
    },
  };
}

/** Σₖ (share of slates that reach k) · Σ w αₖ rₖ / Σ w, the sums over the slates that reach k. */
function weighedByPosition(name: string, weighting: SlotWeighting): SlateEstimator {
  return {
    name,
    needs: "nothing",
    on(slates, clip) {
      const { size, longest, offsets, slots, slotWeights } = slates;
      const weights = weighting(slates, clip);
      const column = (position: number, value: (slot: number) => number): Float64Array => {
        const values = new Float64Array(size);
        for (let slate = 0; slate < size; slate++) {
          const slot = offsets[slate] + position;
          if (slot < offsets[slate + 1]) values[slate] = value(slot);
        }
        return values;
      };
      const positions = Array.from({ length: longest }, (_, k) => {
        const present = column(k, () => 1);
        return {
          terms: [
            column(k, (slot) => weights[slot] * slots.rewards[slot] * slotWeights[k]),
            column(k, (slot) => weights[slot]),
          ],
          // Where all slates reach this far their number is that of the rows.
          present: present.every((each) => each === 1) ? [] : [present],
        };
      });
      return {
        terms: positions.flatMap(({ terms, present }) => [...terms, ...present]),
        of(sums, rows) {
          let [value, at] = [0, 0];
          for (const { present } of positions) {
            const [rewarded, weight] = [sums[at++], sums[at++]];
            const reached = present.length === 0 ? rows : sums[at++];
            // A resample may hold no slate that reaches this far.
            if (reached !== 0) value += ((reached / rows) * rewarded) / weight;
          }
          return value;
        },
      };
    },
  };
}
