import { importanceWeights } from "../bandit/importanceWeights";
import type { LoggedSlates } from "./slateRounds";

/**
 * How a slot is weighed: by what it says, about a slate the target might have shown, that its reward depends on.
 *
 * @param clip the largest weight allowed, of the product and not of its factors; without it none is changed
 * @returns [n] a weight a slot
 * @throws when the clip is not above 0.
 */
export type SlotWeighting = (slates: LoggedSlates, clip?: number) => Float64Array;

/** The slot's own ratio: of its marginal probabilities where the log has them, else of those given the slots above. */
export const ownWeights: SlotWeighting = ({ slots, marginals }, clip) =>
  importanceWeights(marginals ?? slots, clip);

/** The product of the ratios of this slot and of those above it, w₁:ₖ. */
export const weightsFromTop: SlotWeighting = ({ slots, offsets, size }, clip) => {
  const weights = importanceWeights(slots);
  for (let slate = 0; slate < size; slate++)
    for (let i = offsets[slate] + 1; i < offsets[slate + 1]; i++) weights[i] *= weights[i - 1];
  return clipped(weights, clip);
};

/** The product of all the slate's ratios, at each of its slots. */
export const wholeSlateWeights: SlotWeighting = (slates, clip) => {
  const weights = slates.slots.rewards.slice();
  const each = weightsOfSlates(slates, clip);
  for (let slate = 0; slate < slates.size; slate++)
    weights.fill(each[slate], slates.offsets[slate], slates.offsets[slate + 1]);
  return weights;
};

/** [m] the product of each slate's ratios: what `diagnosticsOf` takes. */
export function weightsOfSlates(slates: LoggedSlates, clip?: number): Float64Array {
  const fromTop = weightsFromTop(slates);
  const last = Float64Array.from(
    { length: slates.size },
    (_, slate) => fromTop[slates.offsets[slate + 1] - 1],
  );
  return clipped(last, clip);
}

function clipped(weights: Float64Array, clip = Number.POSITIVE_INFINITY): Float64Array {
  if (!(clip > 0)) throw new Error(`slate weights require a clip above 0, got ${clip}`);
  return weights.map((weight) => Math.min(weight, clip));
}
