import { normalQuantile } from "../../math/normal";
import type { Candidate } from "./estimatorFamilies";

export interface TunedByErrorOptions {
  /**
   * With what probability the bias should be no larger than thought, in (0, 1): the larger, the nearer to the first
   * candidate. Without it the bias is taken as it is measured.
   */
  readonly level?: number;
}

/**
 * The candidate with the smallest estimated mean squared error: its squared standard error, and the square of how far it
 * is from the first, least biased one (Wang, Agarwal and Dudík 2017, section 4; Su et al. 2020, section 5.1, who put an
 * upper bound of the bias in its place).
 *
 * @param candidates by growing bias
 * @returns the one chosen, the first of equals
 * @throws when there is no candidate, a number is not finite, or the level is not in (0, 1).
 * @example tunedByError(candidatesOf(switchDrFamily(), rounds)).setting // 20
 */
export function tunedByError<T extends Omit<Candidate, "setting">>(
  candidates: readonly T[],
  { level }: TunedByErrorOptions = {},
): T {
  if (level !== undefined && !(level > 0 && level < 1))
    throw new Error(`tunedByError requires a level in (0, 1), got ${level}`);
  if (candidates.length === 0) throw new Error("tunedByError requires at least one candidate, got none");
  const reach = level === undefined ? 0 : normalQuantile((1 + level) / 2);
  let [chosen, least] = [candidates[0]!, Number.POSITIVE_INFINITY];
  for (const candidate of candidates) {
    const { value, standardError, differenceError } = candidate;
    const bias = Math.abs(value - candidates[0]!.value) + reach * differenceError;
    const error = standardError ** 2 + bias ** 2;
    if (!Number.isFinite(error))
      throw new Error(`tunedByError requires finite candidates, got ${value} ± ${standardError}`);
    if (error < least) [chosen, least] = [candidate, error];
  }
  return chosen;
}
