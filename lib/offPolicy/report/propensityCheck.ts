import { sumsBy } from "../../math/sumsBy";

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
/** Actions done by fewer users (in fewer rounds, where users are unknown) than these tell nothing. */
const fewest = 20;

/**
 * What a log itself says against its propensities. With right ones Σ 1[aᵢ = a] / pᵢ is n for every action that could be
 * done in every round, and less for one that could not; never more, but for chance. It finds swapped, shuffled and constant
 * columns that leave the mean weight of a policy near 1. Where rounds are users' the chance is that of users: one whose
 * action was drawn once and kept has as many rounds of it as they please.
 *
 * @param users [n] whose round it is, as rows from 0
 * @returns the worst action, or nothing where all is as it may be.
 * @example propensityCheck(["a", "a", ...], Float64Array.of(.25, .25, ...)) // { action: "a", times: 4, errors: Infinity }
 */
export function propensityCheck(
  actions: readonly string[],
  propensities: Float64Array,
  users?: Int32Array,
): WrongPropensity | undefined {
  const rounds = actions.length;
  const owners = users ?? Int32Array.from({ length: rounds }, (_, i) => i);
  const sizes = sumsBy(owners, () => 1);
  const present = sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0);
  const sums = new Map<string, Map<number, number>>();
  actions.forEach((action, i) => {
    let own = sums.get(action);
    if (own === undefined) {
      own = new Map();
      sums.set(action, own);
    }
    own.set(owners[i], (own.get(owners[i]) ?? 0) + 1 / propensities[i]);
  });
  let squaredSizes = 0;
  for (const size of sizes) squaredSizes += size * size;
  let worst: WrongPropensity | undefined;
  for (const [action, own] of sums) {
    let [sum, squares, shared] = [0, 0, 0];
    for (const [owner, part] of own) {
      sum += part;
      squares += part * part;
      shared += part * sizes[owner];
    }
    const times = sum / rounds;
    if (own.size < fewest || times <= 1 + margin) continue;
    // Σ over all users of (sum − times · rounds of theirs)²; those without the action have a sum of 0.
    const residuals = squares - 2 * times * shared + times * times * squaredSizes;
    const spread = Math.sqrt((Math.max(0, residuals) * present) / Math.max(1, present - 1)) / rounds;
    const errors = spread === 0 ? Number.POSITIVE_INFINITY : (times - 1) / spread;
    if (errors > tooMany && errors > (worst?.errors ?? 0)) worst = { action, times, errors };
  }
  return worst;
}
