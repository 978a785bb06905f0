import { drawFrom } from "../math/drawFrom";
import type { Random } from "../math/random";
import { placeLogProbabilities, sampleSlate } from "../policies/plackettLuce";

/** A policy that fills slates from the first slot down, and knows how likely each of its choices was. */
export interface SlatePolicy {
  /** [K] probability of each slot's item given the context and the slots above; 0 from an impossible one on. */
  slotProbabilities(context: number, slate: Int32Array): Float64Array;
  /** [K] item rows, first slot first. */
  draw(context: number, slots: number, random: Random): Int32Array;
}

/**
 * Slots filled without replacement: each by the softmax over the items not yet shown.
 *
 * @param logits one [N] a context
 * @example plackettLucePolicy([new Float64Array(3)]).slotProbabilities(0, Int32Array.of(2, 0)) // [1/3, 1/2]
 */
export function plackettLucePolicy(logits: readonly Float64Array[]): SlatePolicy {
  return {
    slotProbabilities(context, slate) {
      const probabilities = new Float64Array(slate.length);
      const repeat = slate.findIndex((item, k) => slate.indexOf(item) < k);
      const distinct = repeat < 0 ? slate : slate.slice(0, repeat);
      probabilities.set(placeLogProbabilities(logits[context], distinct).map(Math.exp));
      return probabilities;
    },
    draw: (context, slots, random) => sampleSlate(logits[context], slots, random),
  };
}

/**
 * Slots filled each on its own, so that an item may be shown twice: conditional and marginal probabilities are one.
 *
 * @param probabilities [context][slot], each [N] and summing to 1
 */
export function independentSlotsPolicy(probabilities: readonly (readonly Float64Array[])[]): SlatePolicy {
  return {
    slotProbabilities: (context, slate) =>
      Float64Array.from(slate, (item, k) => probabilities[context][k][item]),
    draw: (context, slots, random) =>
      Int32Array.from({ length: slots }, (_, k) => drawFrom(probabilities[context][k], random)),
  };
}

/** Probability of a whole slate. */
export function slateProbability(policy: SlatePolicy, context: number, slate: Int32Array): number {
  return policy.slotProbabilities(context, slate).reduce((product, value) => product * value, 1);
}

/** All N^K ways to fill K slots, those with repeats too; for small catalogues. */
export function allSlates(items: number, slots: number): Int32Array[] {
  return Array.from({ length: items ** slots }, (_, number) =>
    Int32Array.from({ length: slots }, (_, k) => Math.floor(number / items ** (slots - 1 - k)) % items),
  );
}

/** [K × N] how likely a policy shows each item at each position, whatever is above it; by enumeration. */
export function slotMarginals(
  policy: SlatePolicy,
  context: number,
  { items, slots }: { readonly items: number; readonly slots: number },
): Float64Array {
  const marginals = new Float64Array(slots * items);
  for (const slate of allSlates(items, slots)) {
    const probability = slateProbability(policy, context, slate);
    slate.forEach((item, k) => {
      marginals[k * items + item] += probability;
    });
  }
  return marginals;
}
