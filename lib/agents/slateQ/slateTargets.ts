import type { ChoiceModel } from "./choiceModel";
import type { ItemValues } from "./itemValues";
import type { SlateSteps } from "./slateSteps";
import { fillSlate, improveSlate, type SlateRule, slateGain } from "./slates";

export const targetKinds = ["top-k", "greedy", "exact", "logged"] as const;

export interface TargetOptions {
  readonly choice: ChoiceModel;
  /** γ */
  readonly discount: number;
  /** Which slate the next state is valued at; "logged": the one that was shown there. */
  readonly target: SlateRule | "logged";
  /** learned: Q(s, ⊥) is what going on brings. zero: 0. */
  readonly noClick: "learned" | "zero";
}

/** v of each candidate. [n × S], [n × m] → [n × m] */
export function weightsOf(
  choice: ChoiceModel,
  states: Float32Array,
  candidates: Int32Array,
  { stateSize, offers }: { readonly stateSize: number; readonly offers: number },
): Float64Array {
  const weights = new Float64Array(candidates.length);
  for (let i = 0; i < weights.length; i++)
    weights[i] = choice.weight(states, Math.floor(i / offers) * stateSize, candidates[i]);
  return weights;
}

/**
 * Item chosen in each step, N where nothing was taken, −1 where that is nothing to learn: with `noClick` zero.
 */
export function chosenItems(steps: SlateSteps, noClick: TargetOptions["noClick"]): Int32Array {
  const { items, offers, slots } = steps.shape;
  return Int32Array.from(steps.clicked, (place, row) => {
    if (place < 0) return noClick === "zero" ? -1 : items;
    return steps.candidates[row * offers + steps.slates[row * slots + place]];
  });
}

/**
 * What Q(s, chosen) is to be: y = r + γ (1 − end) V(s′), V(s′) = Σ_{j∈A′} P(j|s′, A′) Q(s′, j), with A′ the best slate
 * by a rule (Ie et al. 2019, equation 20) or the one that was shown next (equation 19: SARSA). The sum is over what the
 * reader may do in the NEXT state, its interests and what is on offer there, nothing among it.
 *
 * @returns a function that gives y [n] with the target values as they are when it is called
 */
export function slateTargets(
  steps: SlateSteps,
  values: ItemValues,
  { choice, discount, target, noClick }: TargetOptions,
): () => Float64Array {
  const { size, rewards, terminated, shape, nextStates, nextCandidates, nextSlates } = steps;
  const { offers, slots } = shape;
  const targets = Float64Array.from(rewards);
  // Where nothing that follows counts, nothing has to be asked.
  if (discount === 0) return () => targets;
  const weights = weightsOf(choice, nextStates, nextCandidates, shape);
  const next = values.asked(nextStates, nextCandidates);
  const offer = {
    weights: new Float64Array(offers),
    gains: new Float64Array(offers),
    nullWeight: choice.nullWeight,
  };
  // Begins as what was shown; then what was best when last asked, from where the exact rule goes on.
  const slates = nextSlates.slice();
  const slate = new Int32Array(slots);
  let calls = 0;
  return () => {
    calls++;
    const said = next("target");
    for (let row = 0; row < size; row++) {
      targets[row] = rewards[row];
      if (terminated[row] === 1) continue;
      const nothing = noClick === "zero" ? 0 : said[row * (offers + 1) + offers];
      for (let c = 0; c < offers; c++) {
        offer.weights[c] = weights[row * offers + c];
        offer.gains[c] = said[row * (offers + 1) + c] - nothing;
      }
      for (let k = 0; k < slots; k++) slate[k] = slates[row * slots + k];
      if (target === "exact" && calls > 1) improveSlate(offer, slate);
      else if (target !== "logged") fillSlate(target, offer, slate);
      for (let k = 0; k < slots; k++) slates[row * slots + k] = slate[k];
      targets[row] += discount * (nothing + slateGain(offer, slate));
    }
    return targets;
  };
}
