import { normalQuantile } from "../../math/normal";
import type { Candidate } from "./estimatorFamilies";

export interface SlopeOptions {
  /** Probability with which each interval should hold, in (0, 1); .95 by default. */
  readonly level?: number;
}

/**
 * SLOPE: goes from the least biased candidate on to steadier ones for as long as each could still be as right as all
 * before it: |θᵢ − θⱼ| ≤ wᵢ + (√6 − 1) wⱼ for every j before i, w being half an interval's width (Su, Srinath and
 * Krishnamurthy 2020, algorithm 1, with the constant of Tucker and Lee 2021, SLOPE++). It needs the order of the
 * candidates' biases, never their sizes.
 *
 * @param candidates by growing bias
 * @returns the one chosen
 * @throws when there is no candidate, a number is not finite, or the level is not in (0, 1).
 * @example slope(candidatesOf(switchDrFamily(), rounds)).setting // 50
 */
export function slope<T extends Pick<Candidate, "value" | "standardError">>(
  candidates: readonly T[],
  { level = 0.95 }: SlopeOptions = {},
): T {
  if (!(level > 0 && level < 1)) throw new Error(`slope requires a level in (0, 1), got ${level}`);
  if (candidates.length === 0) throw new Error("slope requires at least one candidate, got none");
  for (const { value, standardError } of candidates)
    if (!(Number.isFinite(value) && Number.isFinite(standardError)))
      throw new Error(`slope requires finite candidates, got ${value} ± ${standardError}`);
  const z = normalQuantile((1 + level) / 2);
  const refused = candidates.findIndex(({ value, standardError }, i) =>
    candidates
      .slice(0, i)
      .some(
        (before) =>
          Math.abs(value - before.value) > z * (standardError + (Math.sqrt(6) - 1) * before.standardError),
      ),
  );
  return candidates[refused < 0 ? candidates.length - 1 : refused - 1]!;
}
