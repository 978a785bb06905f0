import type { Random } from "../../math/random";
import {
  type StatisticInterval,
  type StatisticIntervalsOptions,
  statisticIntervals,
} from "../../math/statisticIntervals";
import type { SumStatistic } from "../../math/sumStatistic";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import { importanceWeights } from "./importanceWeights";
import type { LoggedRounds } from "./loggedRounds";
import { type ClusterColumns, marginalisedIps, marginalisedRounds, selfNormalisedMips } from "./marginalised";
import { cumulativeWeights, lastWeights } from "./sequential/cumulativeWeights";
import { sequentialEstimators } from "./sequential/sequentialEstimators";
import type { Trajectories } from "./sequential/trajectories";
import { slateEstimators } from "./slate/slateEstimators";
import type { LoggedSlates } from "./slate/slateRounds";
import { weightsOfSlates } from "./slate/slateWeights";
import { type Verdict, verdictOf } from "./verdict";

/** What can be said of whole slates, of whole courses of users, or of clusters of actions. */
export interface FurtherCard extends Verdict {
  /** How many slates, users or rounds. */
  readonly units: number;
  readonly estimators: Readonly<Record<string, StatisticInterval>>;
  /** Of the weights of whole units, before any clipping. */
  readonly diagnostics: Diagnostics;
}

export interface FurtherOptions extends Omit<StatisticIntervalsOptions, "units"> {
  readonly clip?: number | undefined;
}

/** What a slate as a whole would have earned. Weights are of whole slates, so the verdict is the strictest there is. */
export function slateCard(
  slates: LoggedSlates,
  random: Random,
  { clip, ...how }: FurtherOptions = {},
): FurtherCard {
  const estimators = slateEstimators(slates);
  const statistics = estimators.map((each) => [each.name, each.on(slates, clip)] as const);
  return furtherCard(statistics, random, how, {
    ...{ noun: "slate", units: slates.size, weights: weightsOfSlates(slates), owners: slates.users },
    ...{
      provenance: slates.slots.provenance,
      clipped: clip === undefined ? undefined : weightsOfSlates(slates, clip),
    },
  });
}

/** What a user's whole course would have earned, discounted. */
export function sequentialCard(
  log: Trajectories,
  random: Random,
  { clip, ...how }: FurtherOptions = {},
): FurtherCard {
  const statistics = sequentialEstimators(log).map((each) => [each.name, each.on(log, clip)] as const);
  const last = (limit?: number): Float64Array => lastWeights(log, cumulativeWeights(log, limit));
  return furtherCard(statistics, random, how, {
    ...{
      noun: "course",
      units: log.size,
      weights: last(clip === undefined ? undefined : 1e300),
      owners: undefined,
    },
    ...{ provenance: log.provenance, clipped: clip === undefined ? undefined : last(clip) },
  });
}

/** What rounds would have earned, by clusters of actions. */
export function clusterCard(
  rounds: LoggedRounds,
  columns: ClusterColumns,
  random: Random,
  { clip, ...how }: FurtherOptions = {},
): FurtherCard {
  const marginal = marginalisedRounds(rounds, columns);
  const weights = importanceWeights(marginal, clip);
  const statistics = [marginalisedIps, selfNormalisedMips].map(
    (each) => [each.name, each.on(marginal, weights)] as const,
  );
  return furtherCard(statistics, random, how, {
    ...{ noun: "round", units: marginal.size, weights: importanceWeights(marginal), owners: marginal.users },
    ...{ provenance: marginal.provenance, clipped: clip === undefined ? undefined : weights },
  });
}

function furtherCard(
  statistics: readonly (readonly [string, SumStatistic])[],
  random: Random,
  how: Omit<FurtherOptions, "clip">,
  {
    noun,
    units,
    weights,
    owners,
    provenance,
    clipped,
  }: {
    readonly noun: "round" | "slate" | "course";
    readonly units: number;
    readonly weights: Float64Array;
    readonly owners: Int32Array | undefined;
    readonly provenance: "known" | "estimated";
    readonly clipped: Float64Array | undefined;
  },
): FurtherCard {
  const found = statisticIntervals(
    statistics.map(([, statistic]) => statistic),
    random,
    { ...how, units: owners },
  );
  const diagnostics = diagnosticsOf({}, weights);
  return {
    units,
    estimators: Object.fromEntries(statistics.map(([name], s) => [name, found[s]!])),
    diagnostics,
    ...verdictOf({
      ...{ noun, rounds: units, units: owners ? new Set(owners).size : units, provenance, diagnostics },
      ...(clipped && { clippedMean: diagnosticsOf({}, clipped).meanWeight }),
    }),
  };
}
