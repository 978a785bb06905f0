import type { Random } from "../../math/random";
import {
  type IntervalMethod,
  type StatisticInterval,
  statisticIntervals,
} from "../../math/statisticIntervals";
import { meanStatistic, type SumStatistic } from "../../math/sumStatistic";
import { banditEstimators, type EstimatorSettings } from "./banditEstimators";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import type { Estimator } from "./estimator";
import { importanceWeights } from "./importanceWeights";
import type { LoggedRounds } from "./loggedRounds";
import { propensityCheck } from "./propensityCheck";
import { type Verdict, verdictOf } from "./verdict";
import { weightedUsers } from "./weightedUsers";

export interface ReportOptions extends EstimatorSettings {
  /** The largest importance weight; without it none is changed. */
  readonly clip?: number | undefined;
  /** The nine of `banditEstimators` by default. */
  readonly estimators?: readonly Estimator[];
  readonly method?: IntervalMethod | undefined;
  readonly resamples?: number | undefined;
  readonly level?: number | undefined;
  /** [n] what was done: with it known propensities are held against how often. */
  readonly actions?: readonly string[];
}

/** Values by estimator, and what the weights say of them. */
export interface Estimates {
  readonly estimators: Readonly<Record<string, StatisticInterval>>;
  readonly diagnostics: Diagnostics;
}

/** All that can be said of a policy from a log: never a value alone. */
export interface ReportCard extends Estimates, Verdict {
  readonly rounds: number;
  /** Users, where rounds say whose they are; else rounds. */
  readonly units: number;
  /** Where rounds say whose they are: so many users of equal weight would weigh the same. */
  readonly effectiveUsers?: number;
  readonly propensities: "known" | "ESTIMATED";
  /** Mean reward of the log: the value of the policy that made it. */
  readonly logged: StatisticInterval;
  /** The estimate to read first: "dr" where there is a reward model, else "snips". */
  readonly headline: string;
  /** The headline less the log's own value, from the same resamples: would it earn more? */
  readonly gain: StatisticInterval;
  readonly clip?: number;
  /** With a clip: everything again without it. */
  readonly unclipped?: Estimates;
}

/**
 * Judges a policy on a log by every estimator, with intervals from the same resamples (of users, where rounds say
 * whose they are), the diagnostics of the weights, and a verdict. The verdict is on the weights before clipping.
 *
 * @example reportCard(rounds, random(1)).verdict // "ok"
 */
export function reportCard(rounds: LoggedRounds, random: Random, options: ReportOptions = {}): ReportCard {
  const { clip, method, resamples, level, actions, ...settings } = options;
  const estimators = options.estimators ?? banditEstimators(rounds, settings);
  const headline = rounds.model ? "dr" : "snips";
  const own = meanStatistic(rounds.rewards);
  const judged = (weights: Float64Array) => {
    const statistics = estimators.map((each) => each.on(rounds, weights));
    const first = statistics[estimators.findIndex(({ name }) => name === headline)] ?? statistics[0]!;
    const found = statisticIntervals([...statistics, own, lessThan(first, own)], random.fork("resamples"), {
      ...{ units: rounds.users, method, resamples, level },
    });
    const estimates: Estimates = {
      estimators: Object.fromEntries(estimators.map(({ name }, e) => [name, found[e]!])),
      diagnostics: diagnosticsOf(rounds, weights),
    };
    return { estimates, logged: found[estimators.length]!, gain: found[estimators.length + 1]! };
  };
  const plain = importanceWeights(rounds);
  const unclipped = judged(plain);
  const clipped = clip === undefined ? undefined : judged(importanceWeights(rounds, clip));
  const { estimates, logged, gain } = clipped ?? unclipped;
  const effectiveUsers = rounds.users && weightedUsers(plain, rounds.users);
  return {
    rounds: rounds.size,
    units: rounds.users === undefined ? rounds.size : new Set(rounds.users).size,
    ...(effectiveUsers !== undefined && { effectiveUsers }),
    propensities: rounds.provenance === "known" ? "known" : "ESTIMATED",
    ...{ logged, headline, gain },
    ...estimates,
    ...verdictOf({
      ...{ rounds: rounds.size, users: effectiveUsers, provenance: rounds.provenance },
      diagnostics: unclipped.estimates.diagnostics,
      rewardShare: largestRewardShare(rounds.rewards, plain),
      ...(clipped && { clippedMean: clipped.estimates.diagnostics.meanWeight }),
      ...(actions &&
        rounds.provenance === "known" && { wrong: propensityCheck(actions, rounds.propensities) }),
    }),
    ...(clipped && { clip: clip!, unclipped: unclipped.estimates }),
  };
}

/** a − b, of the same rows. */
function lessThan(a: SumStatistic, b: SumStatistic): SumStatistic {
  const split = a.terms.length;
  return {
    terms: [...a.terms, ...b.terms],
    of: (sums, rows) => a.of(sums.subarray(0, split), rows) - b.of(sums.subarray(split), rows),
  };
}

/** Share of Σ |w r| in its largest term; 0 where nothing was earned. */
function largestRewardShare(rewards: Float64Array, weights: Float64Array): number {
  let [sum, most] = [0, 0];
  rewards.forEach((reward, i) => {
    const each = Math.abs(reward * weights[i]!);
    sum += each;
    most = Math.max(most, each);
  });
  return sum === 0 ? 0 : most / sum;
}
