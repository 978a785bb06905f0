/** An action that the log shows more often than its propensities allow. */
export interface WrongPropensity {
  readonly action: string;
  /** Mean over rounds of 1 / propensity where it was done: 1 for an action that could always be done, less for others. */
  readonly times: number;
  /** By how many standard errors that is above 1. */
  readonly errors: number;
}

/** Above 1 by more than so many standard errors, and by more than a twentieth: not by chance, whatever the number of actions. */
const tooMany = 5;
const margin = 0.05;
/** Actions done more rarely than this tell nothing. */
const fewest = 20;

/**
 * What a log itself says against its propensities. With right ones Σ 1[aᵢ = a] / pᵢ is n for every action that could be
 * done in every round, and less for one that could not; never more, but for chance. It finds swapped, shuffled and constant
 * columns that leave the mean weight of a policy near 1.
 *
 * @returns the worst action, or nothing where all is as it may be.
 * @example propensityCheck(["a", "a", ...], Float64Array.of(.25, .25, ...)) // { action: "a", times: 4, errors: Infinity }
 */
export function propensityCheck(
  actions: readonly string[],
  propensities: Float64Array,
): WrongPropensity | undefined {
  const sums = new Map<string, { count: number; sum: number; squares: number }>();
  actions.forEach((action, i) => {
    const inverse = 1 / propensities[i]!;
    const own = sums.get(action);
    if (own === undefined) sums.set(action, { count: 1, sum: inverse, squares: inverse * inverse });
    else {
      own.count++;
      own.sum += inverse;
      own.squares += inverse * inverse;
    }
  });
  let worst: WrongPropensity | undefined;
  for (const [action, { count, sum, squares }] of sums) {
    const times = sum / actions.length;
    if (count < fewest || times <= 1 + margin) continue;
    const spread = Math.sqrt(Math.max(0, squares / actions.length - times * times) / actions.length);
    const errors = spread === 0 ? Number.POSITIVE_INFINITY : (times - 1) / spread;
    if (errors > tooMany && errors > (worst?.errors ?? 0)) worst = { action, times, errors };
  }
  return worst;
}
