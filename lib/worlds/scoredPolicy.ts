import type { Random } from "../math/random";
import type { Choice, WorldPolicy } from "./world";

export interface ScoredPolicyOptions {
  readonly name: string;
  /** N: how many choices there are in each world. */
  readonly choices: number;
  /** Places to fill; 1 by default. */
  readonly slots?: number;
  /** Share of places that are filled by chance; 1 needs no scores. 0 by default. */
  readonly epsilon?: number;
  /** [n × N] what each choice is thought to be worth. */
  readonly scores?: (observations: Float32Array) => Float64Array;
  /** O: numbers in an observation. */
  readonly width: number;
}

/**
 * Fills each place, from the top, with the best choice that is left, or, with probability ε, with any that is left,
 * evenly: ε-greedy. Among equals the first is the best. ε = 1 is chance alone.
 *
 * @example choices 4, slots 2, ε 1: every pair in order with probability 1/4 · 1/3
 */
export function scoredPolicy(options: ScoredPolicyOptions): WorldPolicy {
  const { name, choices, slots = 1, epsilon = 0, scores, width } = options;
  if (!(epsilon >= 0 && epsilon <= 1))
    throw new Error(`${name} requires an epsilon in [0, 1], got ${epsilon}`);
  if (slots > choices) throw new Error(`${name} requires at most ${choices} slots, got ${slots}`);
  const scoresOf = (observations: Float32Array, size: number): Float64Array =>
    scores === undefined || epsilon === 1 ? new Float64Array(size * choices) : scores(observations);
  /** The best that is not taken. */
  const best = (values: Float64Array, from: number, taken: Uint8Array): number => {
    let found = -1;
    for (let i = 0; i < choices; i++)
      if (taken[i] === 0 && (found < 0 || values[from + i] > values[from + found])) found = i;
    return found;
  };
  const chance = (isBest: boolean, left: number): number => epsilon / left + (isBest ? 1 - epsilon : 0);
  return {
    name,
    choose(observations, random): Choice {
      const size = observations.length / width;
      const values = scoresOf(observations, size);
      const actions = new Int32Array(size * slots);
      const propensities = new Float64Array(size * slots);
      const taken = new Uint8Array(choices);
      for (let i = 0; i < size; i++) {
        taken.fill(0);
        for (let k = 0; k < slots; k++) {
          const top = best(values, i * choices, taken);
          const explores = epsilon > 0 && random.next() < epsilon;
          const action = explores ? anyLeft(taken, choices - k, random) : top;
          taken[action] = 1;
          actions[i * slots + k] = action;
          propensities[i * slots + k] = chance(action === top, choices - k);
        }
      }
      return { actions, propensities };
    },
    probabilities(observations, actions) {
      const size = observations.length / width;
      const values = scoresOf(observations, size);
      const taken = new Uint8Array(choices);
      const result = new Float64Array(actions.length);
      for (let i = 0; i < size; i++) {
        taken.fill(0);
        for (let k = 0; k < slots; k++) {
          const action = actions[i * slots + k];
          result[i * slots + k] =
            taken[action] === 1 ? 0 : chance(action === best(values, i * choices, taken), choices - k);
          taken[action] = 1;
        }
      }
      return result;
    },
  };
}

/** Any choice that is not taken, evenly; `left` are. */
function anyLeft(taken: Uint8Array, left: number, random: Random): number {
  let skip = random.integer(left);
  for (let i = 0; ; i++) if (taken[i] === 0 && skip-- === 0) return i;
}
