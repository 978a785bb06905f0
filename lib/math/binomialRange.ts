/**
 * Fewest and most successes that n trials of the given chance have: the middle 95% of the binomial distribution, summed
 * from its first term on. What a method that keeps its promise may look like by luck.
 *
 * @example binomialRange(200) // [184, 196]: 92% to 98%
 */
export function binomialRange(trials: number, chance = 0.95): [number, number] {
  let [logarithm, below] = [trials * Math.log(1 - chance), 0];
  let low = -1;
  for (let successes = 0; successes <= trials; successes++) {
    below += Math.exp(logarithm);
    if (low < 0 && below >= 0.025) low = successes;
    if (below >= 0.975) return [low, successes];
    logarithm += Math.log(((trials - successes) / (successes + 1)) * (chance / (1 - chance)));
  }
  return [Math.max(low, 0), trials];
}
