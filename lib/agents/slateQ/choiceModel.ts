import { minimise } from "../../math/lbfgs";
import type { SlateSteps } from "./slateSteps";

/**
 * How readers choose from a slate: the general conditional choice model of Ie et al. 2019, equation 2. Item i is taken
 * with probability v(s, i) / (v₀ + Σ v), nothing with the rest.
 */
export interface ChoiceModel {
  readonly name: string;
  /** v(s, i), at least 0; the state begins at `from` of `states` */
  weight(states: Float32Array, from: number, item: number): number;
  /** v₀, above 0 */
  readonly nullWeight: number;
}

export const choiceKinds = ["logit", "proportional"] as const;

export type ChoiceKind = (typeof choiceKinds)[number];

/** logit: v = exp(slope · interest), v₀ = exp(nullUtility). proportional: v = 1 + interest, v₀ = exp(nullUtility). */
export interface InterestChoice {
  readonly kind: ChoiceKind;
  /** of the logit; 1 by default */
  readonly slope?: number;
  readonly nullUtility: number;
}

/** v of an interest. */
const weightOf: Readonly<Record<ChoiceKind, (interest: number, slope: number) => number>> = {
  logit: (interest, slope) => Math.exp(slope * interest),
  proportional: (interest) => Math.max(0, 1 + interest),
};

/**
 * A choice by interest alone.
 *
 * @example RecSim's two: { kind: "logit", nullUtility: 1 } and { kind: "proportional", nullUtility: Math.log(2) }
 */
export function interestChoice({ kind, slope = 1, nullUtility }: InterestChoice): ChoiceModel {
  const weigh = weightOf[kind];
  const weight: ChoiceModel["weight"] = (states, from, item) => weigh(states[from + item], slope);
  return { name: kind, weight, nullWeight: Math.exp(nullUtility) };
}

/**
 * The choice by interest that makes a log likeliest: slope and nullUtility of a logit, nullUtility of a proportional
 * one. The likelihood is concave in both, so that there is one answer (L-BFGS).
 *
 * @throws on an empty log, or one in which no step, or each, has a click: then nothing or everything was taken, and
 *   no utility is large enough.
 */
export function fitInterestChoice(kind: ChoiceKind, steps: SlateSteps): Required<InterestChoice> {
  const { stateSize, offers, slots } = steps.shape;
  const taken = steps.clicked.reduce((sum, place) => sum + (place >= 0 ? 1 : 0), 0);
  if (taken === 0 || taken === steps.size)
    throw new Error(
      `fitInterestChoice requires steps with a click and steps without, got ${taken} of ${steps.size} with`,
    );
  const interests = new Float64Array(steps.size * slots);
  for (let row = 0; row < steps.size; row++)
    for (let k = 0; k < slots; k++) {
      const item = steps.candidates[row * offers + steps.slates[row * slots + k]];
      interests[row * slots + k] = steps.states[row * stateSize + item];
    }
  const weigh = weightOf[kind];
  /** −log likelihood a step, its slope by (slope, nullUtility) written to `gradient`. */
  const loss = (slope: number, nullUtility: number, gradient: Float64Array): number => {
    gradient.fill(0);
    let sum = 0;
    const nullWeight = Math.exp(nullUtility);
    for (let row = 0; row < steps.size; row++) {
      let weight = nullWeight;
      let turned = 0; // Σ v · interest
      for (let at = row * slots; at < (row + 1) * slots; at++) {
        const own = weigh(interests[at], slope);
        weight += own;
        turned += own * interests[at];
      }
      const place = steps.clicked[row];
      const interest = place < 0 ? 0 : interests[row * slots + place];
      const own = place < 0 ? nullUtility : kind === "logit" ? slope * interest : Math.log1p(interest);
      sum += Math.log(weight) - own;
      gradient[0] += turned / weight - interest;
      gradient[1] += nullWeight / weight - (place < 0 ? 1 : 0);
    }
    for (let k = 0; k < 2; k++) gradient[k] /= steps.size;
    return sum / steps.size;
  };
  if (kind === "logit") {
    const { at } = minimise(([slope, none], g) => loss(slope, none, g), Float64Array.of(1, 0));
    return { kind, slope: at[0], nullUtility: at[1] };
  }
  const both = new Float64Array(2);
  const { at } = minimise(([none], g) => {
    const value = loss(1, none, both);
    g[0] = both[1];
    return value;
  }, Float64Array.of(0));
  return { kind, slope: 1, nullUtility: at[0] };
}
