import type { Diagnostics } from "./diagnostics";

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
  /** How many independent units (users) the rounds come from. */
  readonly units: number;
  readonly provenance: "known" | "estimated";
  /** Of the weights before any clipping: what clipping hides is still missing. */
  readonly diagnostics: Diagnostics;
  /** Mean weight after clipping, where there was any. */
  readonly clippedMean?: number;
  /** What a weight belongs to: a round unless told. */
  readonly noun?: "round" | "slate" | "course";
}

/**
 * Where "weak" and "unreliable" begin.
 *
 * They were set in bandit worlds whose truth is known (10 and 100 actions, 300 to 10,000 rounds, nine distances between
 * log and target): with n_e above 200 the 95% bootstrap interval of SNIPS held the truth in 90 to 97% of the logs, with
 * n_e below 30 in as few as 77%, and that of IPS in as few as 23%.
 */
export const verdictThresholds = {
  /** n_e below. */
  effectiveSampleSize: { weak: 200, unreliable: 30 },
  /** Independent users below. */
  units: { weak: 100, unreliable: 20 },
  /** Share of all weight that a single round holds, above. */
  largestShare: { weak: 0.05, unreliable: 0.25 },
  /** Mean weight away from 1 by more than this many of its standard errors, and by more than a hundredth. */
  meanWeightErrors: { weak: 3, unreliable: 5 },
  /** The target's probability on what the log never shows, above. */
  unsupportedMass: { weak: 0.01, unreliable: 0.1 },
  /** Share of all weight that clipping took away, above. */
  clippedShare: { weak: 0.02, unreliable: 0.2 },
} as const;

/**
 * Judges an estimate by its weights: the worst of what was found decides. Propensities that were estimated make it
 * "weak" at best, because nothing in the log can show that they are right.
 *
 * @example verdictOf({ rounds: 9000, units: 9000, provenance: "known", diagnostics }).verdict // "ok"
 */
export function verdictOf(evidence: Evidence): Verdict {
  const { rounds, units, provenance, clippedMean, diagnostics, noun = "round" } = evidence;
  const { effectiveSampleSize: few, maxWeight, meanWeight, unsupportedMass = 0 } = diagnostics;
  const found: { readonly grade: VerdictName; readonly reason: string }[] = [];
  const add = (grade: VerdictName, reason: string): void => {
    if (grade !== "ok") found.push({ grade, reason });
  };
  const limits = verdictThresholds;
  add(
    below(few, limits.effectiveSampleSize),
    `the ${count(rounds)} ${noun}s tell as much as ${few.toFixed(1)} of the target's own would (under ${limits.effectiveSampleSize.weak}): log more, or test a policy nearer the log's`,
  );
  add(
    below(units, limits.units),
    `only ${count(units)} independent users (under ${limits.units.weak}): the interval itself is uncertain`,
  );
  const share = meanWeight === 0 ? 0 : maxWeight / (rounds * meanWeight);
  add(
    above(share, limits.largestShare),
    `one ${noun} holds ${percent(share)} of all weight (over ${percent(limits.largestShare.weak)}): the value hangs on its reward`,
  );
  const spread = Math.sqrt(Math.max(0, (meanWeight ** 2 * (rounds / few - 1)) / rounds));
  const off = Math.abs(meanWeight - 1);
  const errors = spread === 0 ? Number.POSITIVE_INFINITY : off / spread;
  if (!(off <= 0.01))
    add(
      above(few === 0 ? Number.POSITIVE_INFINITY : errors, limits.meanWeightErrors),
      `the mean weight is ${meanWeight.toFixed(3)}, ${errors.toFixed(1)} standard errors from 1 (over ${limits.meanWeightErrors.weak}): the propensities are wrong, or the log cannot show what the target does`,
    );
  add(
    above(unsupportedMass, limits.unsupportedMass),
    `the target puts ${percent(unsupportedMass)} of its probability on actions the log never shows (over ${percent(limits.unsupportedMass.weak)}): nothing is known of their rewards`,
  );
  const lost = clippedMean === undefined || meanWeight === 0 ? 0 : 1 - clippedMean / meanWeight;
  add(
    above(lost, limits.clippedShare),
    `clipping took ${percent(lost)} of all weight (over ${percent(limits.clippedShare.weak)}): the value leans towards the log's own`,
  );
  if (provenance === "estimated")
    add("weak", "the propensities are ESTIMATED: nothing in the log can show that they are right");
  const grades = found.map(({ grade }) => grade);
  const verdict = grades.includes("unreliable") ? "unreliable" : grades.length > 0 ? "weak" : "ok";
  const worstFirst = [...found].sort((a, b) => rank(b.grade) - rank(a.grade));
  const assured = `the weights are those of ${few.toFixed(0)} ${noun}s of the target's own, their mean is ${meanWeight.toFixed(3)}, and no ${noun} holds more than ${percent(share)} of them`;
  return { verdict, reasons: found.length === 0 ? [assured] : worstFirst.map(({ reason }) => reason) };
}

interface Limits {
  readonly weak: number;
  readonly unreliable: number;
}

function below(value: number, { weak, unreliable }: Limits): VerdictName {
  return value >= weak ? "ok" : value >= unreliable ? "weak" : "unreliable";
}

function above(value: number, { weak, unreliable }: Limits): VerdictName {
  return value <= weak ? "ok" : value <= unreliable ? "weak" : "unreliable";
}

function rank(grade: VerdictName): number {
  return ["ok", "weak", "unreliable"].indexOf(grade);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
