import type { Random } from "../../math/random";
import {
  type IntervalMethod,
  type StatisticInterval,
  statisticIntervals,
} from "../../math/statisticIntervals";
import { meanStatistic, type SumStatistic } from "../../math/sumStatistic";
import { sumsBy } from "../../math/sumsBy";
import { banditEstimators, type EstimatorSettings } from "../bandit/banditEstimators";
import type { Estimator } from "../bandit/estimator";
import { importanceWeights } from "../bandit/importanceWeights";
import type { LoggedRounds } from "../bandit/loggedRounds";
import { weightsByUser } from "../bandit/weightsByUser";
import type { FirstOrderLean } from "../sequential/firstOrderLean";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import { estimatorVerdicts } from "./estimatorVerdicts";
import { propensityCheck } from "./propensityCheck";
import { type Evidence, type Verdict, verdictOf } from "./verdict";

export interface ReportOptions extends EstimatorSettings {
  /** The largest importance weight; without it none is changed. */
  readonly clip?: number;
  /** The nine of `banditEstimators` by default. */
  readonly estimators?: readonly Estimator[];
  readonly method?: IntervalMethod;
  readonly resamples?: number;
  readonly level?: number;
  /** [n] what was done: with it known propensities are compared with how often. */
  readonly actions?: readonly string[];
  /** Whose rounds `users` tells: "user" by default. */
  readonly owner?: Evidence["owner"];
  /** Where rounds are users' steps: whether what is done changes what comes. */
  readonly carryOver?: Evidence["carryOver"];
  /** There too: how far one-step values lean, as far as pairs of steps tell. */
  readonly lean?: FirstOrderLean;
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
  /** There too: standard errors over users from the mean weight to 1, and the share of all weight one user holds. */
  readonly meanWeightErrors?: number;
  readonly largestShare?: number;
  readonly propensities: "known" | "ESTIMATED";
  /** By estimator: that of the weights, made worse by what is wrong with it alone. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
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
  const { clip, method, resamples, level, actions, owner, carryOver, lean, ...settings } = options;
  const estimators = options.estimators ?? banditEstimators(rounds, settings);
  const headline = rounds.model ? "dr" : "snips";
  const own = meanStatistic(rounds.rewards);
  const judged = (weights: Float64Array) => {
    const statistics = estimators.map((each) => each.on(rounds, weights));
    const first = statistics[estimators.findIndex(({ name }) => name === headline)] ?? statistics[0];
    const found = statisticIntervals([...statistics, own, lessThan(first, own)], random.fork("resamples"), {
      ...{ units: rounds.users, method, resamples, level },
    });
    const estimates: Estimates = {
      estimators: Object.fromEntries(estimators.map(({ name }, e) => [name, found[e]])),
      diagnostics: diagnosticsOf(rounds, weights),
    };
    return { estimates, logged: found[estimators.length], gain: found[estimators.length + 1] };
  };
  const plain = importanceWeights(rounds);
  const unclipped = judged(plain);
  const clipped = clip === undefined ? undefined : judged(importanceWeights(rounds, clip));
  const { estimates, logged, gain } = clipped ?? unclipped;
  const byUser = rounds.users && weightsByUser(plain, rounds.users);
  const isOwn = plain.every((weight) => Math.abs(weight - 1) <= 1e-6);
  const verdict = verdictOf({
    ...{ rounds: rounds.size, ...byUser, provenance: rounds.provenance, ...(owner && { owner }) },
    diagnostics: unclipped.estimates.diagnostics,
    rewardShare: largestRewardShare(rounds, plain),
    ...(clipped && { clippedMean: clipped.estimates.diagnostics.meanWeight }),
    ...(actions &&
      rounds.provenance === "known" && {
        wrong: propensityCheck(actions, rounds.propensities, rounds.users),
      }),
    // A target that does as the log did leaves everything as it was.
    ...(!isOwn && {
      ...(carryOver && { carryOver }),
      ...(lean && { lean }),
    }),
  });
  return {
    rounds: rounds.size,
    units: rounds.users === undefined ? rounds.size : new Set(rounds.users).size,
    ...(byUser && {
      ...{ effectiveUsers: byUser.users, meanWeightErrors: byUser.meanWeightErrors },
      largestShare: byUser.largestShare,
    }),
    propensities: rounds.provenance === "known" ? "known" : "ESTIMATED",
    ...{ logged, headline, gain },
    ...estimates,
    ...verdict,
    verdicts: estimatorVerdicts({ base: () => verdict, estimators: estimates.estimators }),
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

/** Share of Σ |w r| in its largest term, or in the user with most of it; 0 where nothing was earned. */
function largestRewardShare({ rewards, users }: LoggedRounds, weights: Float64Array): number {
  const each = rewards.map((reward, i) => Math.abs(reward * weights[i]));
  const parts = users === undefined ? each : sumsBy(users, (i) => each[i]);
  let [sum, most] = [0, 0];
  for (const part of parts) {
    sum += part;
    most = Math.max(most, part);
  }
  return sum === 0 ? 0 : most / sum;
}
