import { errorsFromOne } from "../../math/effectiveSize";
import type { CarryOverEffect } from "../sequential/carryOverEffect";
import type { FirstOrderLean } from "../sequential/firstOrderLean";
import type { Diagnostics } from "./diagnostics";
import type { WrongPropensity } from "./propensityCheck";

export type VerdictName = "ok" | "weak" | "unreliable";

/** Whether an off-policy estimate may be believed, and why not. */
export interface Verdict {
  readonly verdict: VerdictName;
  /** What was found, each with its number and what to do; one sentence of assurance where nothing was. */
  readonly reasons: readonly string[];
}

/** What a verdict is formed from. */
export interface Evidence {
  readonly rounds: number;
  /**
   * Where rounds are users': how many users of equal weight would weigh the same, (Σ Wᵤ)² / Σ Wᵤ² over the users' sums of
   * weights. Rounds of one user are not independent, and one user may have most of them.
   */
  readonly users?: number;
  /** Share of all weight that one user holds; told of the round with most of it where absent. */
  readonly largestShare?: number;
  /** Standard errors over users from the mean weight to 1; over rounds where absent. */
  readonly meanWeightErrors?: number;
  readonly provenance: "known" | "estimated";
  /** Of the weights before any clipping: what clipping hides is still missing. */
  readonly diagnostics: Diagnostics;
  /** Mean weight after clipping, where there was any. */
  readonly clippedMean?: number;
  /** Share of Σ |w r| that the round, or where users are known the user, with most of it holds. */
  readonly rewardShare?: number;
  /** An action that was done more often than its propensities allow. */
  readonly wrong?: WrongPropensity;
  /** Of rounds that are users' steps: something after which other things come than after all else. */
  readonly carryOver?: CarryOverEffect;
  /** There too: how far the value leans as far as pairs of steps tell, beside half its interval. */
  readonly lean?: FirstOrderLean;
  /** What a weight belongs to: a round unless told. */
  readonly noun?: "round" | "slate" | "trajectory";
  /** Whose rounds they are: a user's unless told. */
  readonly owner?: "user" | "slate";
}

/**
 * Where "weak" and "unreliable" begin. They were set in bandit worlds whose truth is known, by how often intervals held it;
 * a test and notebook 11 count again.
 */
export const verdictThresholds = {
  /** n_e below. */
  effectiveSampleSize: { weak: 200, unreliable: 30 },
  /** Users of equal weight below. */
  users: { weak: 100, unreliable: 20 },
  /** Share of all weight that a single round, or where users are known a single user, holds, above. */
  largestShare: { weak: 0.05, unreliable: 0.25 },
  /** Share of all weighed reward that one of them holds, above. */
  rewardShare: { weak: 0.25, unreliable: 0.5 },
  /** Mean weight away from 1 by more than this many of its standard errors, and by more than a hundredth. */
  meanWeightErrors: { weak: 3, unreliable: 5 },
  /** The target's probability on what the log never shows, above. */
  unsupportedMass: { weak: 0.01, unreliable: 0.1 },
  /** Share of all weight that clipping took away, above. */
  clippedShare: { weak: 0.02, unreliable: 0.2 },
  /** What comes after something was done differs from what comes otherwise, by more standard errors than these. */
  carryOverErrors: { weak: 2, unreliable: 4 },
  /** What pairs of steps say moves the value, away from 0 by more standard errors. */
  leanErrors: { weak: 1.64, unreliable: 4 },
} as const;

interface Limits {
  readonly weak: number;
  readonly unreliable: number;
}

const plural = { round: "rounds", slate: "slates", trajectory: "trajectories" } as const;

/**
 * Judges an estimate, mostly by its weights: the worst of what was found decides, and stands first. Propensities that
 * were estimated make it "weak" at best, because nothing in the log can show that they are right.
 *
 * @example verdictOf({ rounds: 9000, provenance: "known", diagnostics }).verdict // "ok"
 */
export function verdictOf(evidence: Evidence): Verdict {
  const {
    rounds,
    users,
    provenance,
    clippedMean,
    diagnostics,
    rewardShare,
    wrong,
    carryOver,
    lean,
    noun = "round",
    owner = "user",
  } = evidence;
  const { effectiveSampleSize: few, maxWeight, meanWeight, unsupportedMass = 0 } = diagnostics;
  const found: { readonly grade: VerdictName; readonly reason: string }[] = [];
  const below = (value: number, limits: Limits, reason: (limit: string) => string): void => {
    const grade = value >= limits.weak ? "ok" : value >= limits.unreliable ? "weak" : "unreliable";
    if (grade !== "ok") found.push({ grade, reason: reason(`under ${limits[grade]}`) });
  };
  const above = (value: number, limits: Limits, reason: (limit: string) => string, unit = percent): void => {
    const grade = value <= limits.weak ? "ok" : value <= limits.unreliable ? "weak" : "unreliable";
    if (grade !== "ok") found.push({ grade, reason: reason(`over ${unit(limits[grade])}`) });
  };
  const limits = verdictThresholds;
  const [share, holder] =
    evidence.largestShare === undefined
      ? [meanWeight === 0 ? 0 : maxWeight / (rounds * meanWeight), noun]
      : [evidence.largestShare, owner];
  if (few === 0)
    found.push({
      grade: "unreliable",
      reason: `the target would have done nothing of what the log shows: all ${count(rounds)} weights are 0`,
    });
  else {
    below(
      few,
      limits.effectiveSampleSize,
      (limit) =>
        `the ${count(rounds)} ${plural[noun]} tell as much as ${few.toFixed(1)} of the target's own would (${limit}): log more, or test a policy nearer the log's`,
    );
    const errors = evidence.meanWeightErrors ?? errorsFromOne(rounds, meanWeight, few);
    if (Math.abs(meanWeight - 1) > 0.01)
      above(
        errors,
        limits.meanWeightErrors,
        (limit) =>
          `the mean weight is ${meanWeight.toFixed(3)}, ${errors > 100 ? "over a hundred" : errors.toFixed(1)} standard errors from 1 (${limit}): the propensities are wrong, or the log cannot show what the target does`,
        String,
      );
  }
  if (users !== undefined)
    below(
      users,
      limits.users,
      (limit) =>
        `the weight is that of ${users.toFixed(1)} independent ${owner}s (${limit}): the interval itself is uncertain`,
    );
  above(
    share,
    limits.largestShare,
    (limit) =>
      `one ${holder} holds ${percent(share)} of all weight (${limit}): the value hangs on its reward`,
  );
  above(
    rewardShare ?? 0,
    limits.rewardShare,
    (limit) =>
      `one ${users === undefined ? noun : owner} holds ${percent(rewardShare ?? 0)} of all weighed reward (${limit}): the value hangs on it`,
  );
  above(
    unsupportedMass,
    limits.unsupportedMass,
    (limit) =>
      `the target puts ${percent(unsupportedMass)} of its probability on actions the log never shows (${limit}): nothing is known of their rewards`,
  );
  const lost = clippedMean === undefined || meanWeight === 0 ? 0 : 1 - clippedMean / meanWeight;
  above(
    lost,
    limits.clippedShare,
    (limit) =>
      `clipping took ${percent(lost)} of all weight (${limit}): values lean, and their intervals do not show it`,
  );
  if (wrong !== undefined)
    found.push({
      grade: "unreliable",
      reason: `action ${JSON.stringify(wrong.action)} was done ${wrong.times.toFixed(2)} times as often as its propensities say, ${wrong.errors.toFixed(1)} standard errors too often: the propensities are wrong`,
    });
  if (carryOver !== undefined)
    above(
      carryOver.errors,
      limits.carryOverErrors,
      (limit) =>
        `what is done changes what comes: after ${carryOver.done} users earn ${carryOver.change > 0 ? "more" : "less"}, ${carryOver.errors.toFixed(1)} standard errors (${limit}), and values of single rounds take states as the log's policy left them: read the sequential ones`,
      String,
    );
  if (lean !== undefined && lean.standardError > 0)
    above(
      Math.abs(lean.lean) / lean.standardError,
      limits.leanErrors,
      (limit) =>
        `pairs of steps say that what the target does moves the value by ${signed(lean.lean)} ± ${(1.96 * lean.standardError).toFixed(3)} (${limit} standard errors), which values of single rounds do not hold: read the sequential ones`,
      String,
    );
  if (provenance === "estimated")
    found.push({
      grade: "weak",
      reason: "the propensities are ESTIMATED: nothing in the log can show that they are right",
    });
  const worstFirst = [...found].sort((a, b) => rank(b.grade) - rank(a.grade));
  const assured = `the weights are those of ${few.toFixed(0)} ${plural[noun]} of the target's own, their mean is ${meanWeight.toFixed(3)}, and no ${holder} holds more than ${percent(share)} of them`;
  return {
    verdict: worstFirst[0]?.grade ?? "ok",
    reasons: found.length === 0 ? [assured] : worstFirst.map(({ reason }) => reason),
  };
}

/** 0 is "ok"; the higher, the worse. */
export function rank(verdict: VerdictName): number {
  return ["ok", "weak", "unreliable"].indexOf(verdict);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
