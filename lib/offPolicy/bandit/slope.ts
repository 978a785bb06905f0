import type { Candidate } from "./estimatorFamilies";

export interface SlopeOptions {
  /**
   * Half the width of an interval in standard errors; 1 by default. In worlds of known value (30 to 300 rounds an
   * action, little overlap and much, good models and poor) 1 stayed within 6 times the squared error of the best
   * setting, 2 within 12, and ½ within 80.
   */
  readonly errors?: number;
}

/**
 * SLOPE: goes from the least biased candidate on to steadier ones for as long as each could still be as right as all
 * before it: |θᵢ − θⱼ| ≤ wᵢ + (√6 − 1) wⱼ for every j before i, w being half the width of an interval (Su, Srinath and
 * Krishnamurthy 2020, algorithm 1, with the constant of Tucker and Lee 2021, SLOPE++). It needs the order of the
 * candidates' biases, never their sizes. An interval taken afterwards knows nothing of the choice.
 *
 * @param candidates by growing bias
 * @returns the one chosen
 * @throws when there is no candidate, a number is not finite, or `errors` is not above 0.
 * @example slope(candidatesOf(switchDrFamily(), rounds)).setting // 50
 */
export function slope<T extends Pick<Candidate, "value" | "standardError">>(
  candidates: readonly T[],
  { errors = 1 }: SlopeOptions = {},
): T {
  if (!(errors > 0 && Number.isFinite(errors)))
    throw new Error(`slope requires errors above 0, got ${errors}`);
  if (candidates.length === 0) throw new Error("slope requires at least one candidate, got none");
  for (const { value, standardError } of candidates)
    if (!(Number.isFinite(value) && Number.isFinite(standardError)))
      throw new Error(`slope requires finite candidates, got ${value} ± ${standardError}`);
  const fits = ({ value, standardError }: T, before: T): boolean =>
    Math.abs(value - before.value) <= errors * (standardError + (Math.sqrt(6) - 1) * before.standardError);
  const refused = candidates.findIndex(
    (candidate, i) => !candidates.slice(0, i).every((before) => fits(candidate, before)),
  );
  return candidates[refused < 0 ? candidates.length - 1 : refused - 1]!;
}
