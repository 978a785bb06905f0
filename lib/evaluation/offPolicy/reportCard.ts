import type { Random } from "../../math/random";
import {
  type IntervalMethod,
  type StatisticInterval,
  statisticIntervals,
} from "../../math/statisticIntervals";
import { banditEstimators, type EstimatorSettings } from "./banditEstimators";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import type { Estimator } from "./estimator";
import { importanceWeights } from "./importanceWeights";
import type { LoggedRounds } from "./loggedRounds";
import { type Verdict, verdictOf } from "./verdict";

export interface ReportOptions extends EstimatorSettings {
  /** The largest importance weight; without it none is changed. */
  readonly clip?: number | undefined;
  /** The nine of `banditEstimators` by default. */
  readonly estimators?: readonly Estimator[];
  readonly method?: IntervalMethod;
  readonly resamples?: number;
  readonly level?: number;
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
  readonly propensities: "known" | "ESTIMATED";
  /** Mean reward of the log: the value of the policy that made it. */
  readonly logged: StatisticInterval;
  /** The estimate to read first: "dr" where there is a reward model, else "snips". */
  readonly headline: string;
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
  const { clip, method, resamples, level, ...settings } = options;
  const estimators = options.estimators ?? banditEstimators(rounds, settings);
  const estimated = (weights: Float64Array): Estimates => {
    const statistics = estimators.map((each) => each.on(rounds, weights));
    const found = statisticIntervals(statistics, random.fork("resamples"), {
      ...{ units: rounds.users },
      ...(method && { method }),
      ...(resamples !== undefined && { resamples }),
      ...(level !== undefined && { level }),
    });
    return {
      estimators: Object.fromEntries(estimators.map(({ name }, e) => [name, found[e]!])),
      diagnostics: diagnosticsOf(rounds, weights),
    };
  };
  const plain = importanceWeights(rounds);
  const clipped = clip === undefined ? undefined : estimated(importanceWeights(rounds, clip));
  const unclipped = estimated(plain);
  const units = rounds.users === undefined ? rounds.size : new Set(rounds.users).size;
  const [logged] = statisticIntervals(
    [{ terms: [rounds.rewards], of: ([sum], count) => sum! / count }],
    random.fork("logged"),
    { units: rounds.users, ...(resamples !== undefined && { resamples }) },
  );
  return {
    rounds: rounds.size,
    units,
    propensities: rounds.provenance === "known" ? "known" : "ESTIMATED",
    logged: logged!,
    headline: rounds.model ? "dr" : "snips",
    ...(clipped ?? unclipped),
    ...verdictOf({
      ...{ rounds: rounds.size, units, provenance: rounds.provenance, diagnostics: unclipped.diagnostics },
      ...(clipped && { clippedMean: clipped.diagnostics.meanWeight }),
    }),
    ...(clipped && { clip: clip!, unclipped }),
  };
}
