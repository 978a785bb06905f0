import type { WorldPolicy } from "./world";

/**
 * Takes what is best, or, with probability ε, any choice, evenly: ε-greedy for single choices where there are too many to
 * keep a score of each for each reader. ε = 1 is chance alone.
 *
 * @param best [n] the best choice in each world
 */
export function topPolicy(
  name: string,
  {
    choices,
    width,
    epsilon = 0,
    best,
  }: {
    readonly choices: number;
    /** O: numbers in an observation. */
    readonly width: number;
    readonly epsilon?: number;
    readonly best: (observations: Float32Array) => Int32Array;
  },
): WorldPolicy {
  if (!(epsilon >= 0 && epsilon <= 1))
    throw new Error(`${name} requires an epsilon in [0, 1], got ${epsilon}`);
  const bestOf = (observations: Float32Array): Int32Array =>
    epsilon === 1 ? new Int32Array(observations.length / width) : best(observations);
  const chance = (isBest: boolean): number => epsilon / choices + (isBest ? 1 - epsilon : 0);
  return {
    name,
    choose(observations, random) {
      const top = bestOf(observations);
      const actions = top.map((each) =>
        epsilon > 0 && random.next() < epsilon ? random.integer(choices) : each,
      );
      return { actions, propensities: Float64Array.from(actions, (action, i) => chance(action === top[i])) };
    },
    probabilities(observations, actions) {
      const top = bestOf(observations);
      return Float64Array.from(actions, (action, i) => chance(action === top[i]));
    },
  };
}
