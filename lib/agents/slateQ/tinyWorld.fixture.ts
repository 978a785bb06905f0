import { type ChoiceModel, interestChoice } from "./choiceModel";
import { emptySteps, type SlateSteps } from "./slateSteps";

/*
 * A world that can be counted out: two topics, in each of which a reader has an interest of -.5 or .5 (four states);
 * on offer are topics 0, 1 and 0 again, shown are two of them, and what follows depends on what was taken alone.
 * Reading topic 0 brings much and ends sessions; topic 1 brings little, raises interest in itself and keeps readers;
 * taking nothing lowers it.
 */
export const tinyShape = { items: 2, stateSize: 2, offers: 3, slots: 2 };
export const tinyChoice: ChoiceModel = interestChoice({ kind: "logit", nullUtility: 0.3 });
/** On offer: topic 0, 1, and 0 once more. */
const offers = [0, 1, 0];
const slates = [
  [0, 1],
  [0, 2],
  [2, 1],
];

const statesCount = 4;
const numbersOf = (state: number): [number, number] => [state & 1 ? 0.5 : -0.5, state & 2 ? 0.5 : -0.5];

/** What may follow, in quarters: next states (-1: the end). Of choice 0, 1, and nothing (2). */
function following(state: number, choice: number): readonly number[] {
  if (choice === 0) return [-1, -1, state | 1, state & 2];
  if (choice === 1) return [state | 2, state | 2, state | 3, -1];
  return [state, state & 1, state & 1, -1];
}

const rewardOf = (state: number, choice: number): number =>
  choice === 0 ? 3 + (state & 1) : choice === 1 ? 1 + (state >> 1) * 0.5 : 0;

/** Probability that topic 0, topic 1 or nothing is taken from a slate. */
function chances(state: number, slate: readonly number[]): [number, number, number] {
  const states = Float32Array.from(numbersOf(state));
  const result: [number, number, number] = [0, 0, tinyChoice.nullWeight];
  for (const place of slate) result[offers[place]] += tinyChoice.weight(states, 0, offers[place]);
  const sum = result[0] + result[1] + result[2];
  return [result[0] / sum, result[1] / sum, result[2] / sum];
}

/** Dynamic programming over slates: V(s) of the best policy over slates, or of the one that shows all alike. */
export function valuesOfSlates(discount: number, policy: "best" | "even"): Float64Array {
  let values = new Float64Array(statesCount);
  for (let sweep = 0; sweep < 5000; sweep++)
    values = values.map((_, state) => {
      const worth = slates.map((slate) =>
        chances(state, slate).reduce(
          (sum, chance, choice) => sum + chance * itemValue(values, discount, state, choice),
          0,
        ),
      );
      return policy === "best"
        ? Math.max(...worth)
        : worth.reduce((sum, each) => sum + each / slates.length, 0);
    });
  return values;
}

/** Q(s, i) = r + gamma E V(s'), i of 2 being nothing. */
export function itemValue(values: Float64Array, discount: number, state: number, choice: number): number {
  const mean = following(state, choice).reduce((sum, next) => sum + (next < 0 ? 0 : values[next]) / 4, 0);
  return rewardOf(state, choice) + discount * mean;
}

/**
 * A log in which everything happens exactly as often as it should: each state, choice, and outcome of four, and for
 * each of them each slate that might be shown next.
 */
export function tinyLog(): SlateSteps {
  const rows: { state: number; choice: number; next: number; shown: number[] }[] = [];
  for (let state = 0; state < statesCount; state++)
    for (let choice = 0; choice < 3; choice++)
      for (const next of following(state, choice))
        for (const shown of slates) rows.push({ state, choice, next, shown });
  const steps = emptySteps(tinyShape, rows.length);
  rows.forEach(({ state, choice, next, shown }, row) => {
    steps.states.set(numbersOf(state), row * 2);
    steps.candidates.set(offers, row * 3);
    steps.slates.set([1, 0], row * 2); // topic 1, then 0
    steps.clicked[row] = choice === 2 ? -1 : 1 - choice;
    steps.rewards[row] = rewardOf(state, choice);
    steps.terminated[row] = next < 0 ? 1 : 0;
    steps.nextStates.set(numbersOf(Math.max(0, next)), row * 2);
    steps.nextCandidates.set(offers, row * 3);
    steps.nextSlates.set(shown, row * 2);
  });
  return steps;
}

/** All states with what is on offer, for asking an agent. */
export function tinyStates(): { readonly states: Float32Array; readonly candidates: Int32Array } {
  const all = Array.from({ length: statesCount }, (_, state) => state);
  return {
    states: Float32Array.from(all.flatMap(numbersOf)),
    candidates: Int32Array.from(all.flatMap(() => offers)),
  };
}

/** Value of each state's slate, were values of states these. */
export function slateWorth(
  values: Float64Array,
  discount: number,
  state: number,
  slate: readonly number[],
): number {
  return chances(state, slate).reduce(
    (sum, chance, choice) => sum + chance * itemValue(values, discount, state, choice),
    0,
  );
}
