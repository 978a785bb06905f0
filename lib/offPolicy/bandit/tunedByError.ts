import type { Candidate } from "./estimatorFamilies";

/**
 * The candidate with the smallest estimated mean squared error: its standard error squared, and the square of how far
 * it is from the first and least biased one (Wang, Agarwal and Dudík 2017, section 4; Su, Dimakopoulou, Krishnamurthy
 * and Dudík 2020, section 5). Good where the first is not much worse than the best; where it is, its own error passes
 * for everyone else's bias, and `slope` does better.
 *
 * @param candidates by growing bias
 * @returns the one chosen, the first of equals
 * @throws when there is no candidate or a number is not finite.
 * @example tunedByError(candidatesOf(switchDrFamily(), rounds)).setting // 20
 */
export function tunedByError<T extends Pick<Candidate, "value" | "standardError">>(
  candidates: readonly T[],
): T {
  if (candidates.length === 0) throw new Error("tunedByError requires at least one candidate, got none");
  let [chosen, least] = [candidates[0]!, Number.POSITIVE_INFINITY];
  for (const candidate of candidates) {
    const { value, standardError } = candidate;
    const error = standardError ** 2 + (value - candidates[0]!.value) ** 2;
    if (!Number.isFinite(error))
      throw new Error(`tunedByError requires finite candidates, got ${value} ± ${standardError}`);
    if (error < least) [chosen, least] = [candidate, error];
  }
  return chosen;
}
