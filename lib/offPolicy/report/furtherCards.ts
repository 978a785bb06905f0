import type { Random } from "../../math/random";
import {
  type StatisticInterval,
  type StatisticIntervalsOptions,
  statisticIntervals,
} from "../../math/statisticIntervals";
import type { SumStatistic } from "../../math/sumStatistic";
import { importanceWeights } from "../bandit/importanceWeights";
import { ips } from "../bandit/inversePropensity";
import type { LoggedRounds } from "../bandit/loggedRounds";
import {
  type ClusterColumns,
  marginalisedIps,
  marginalisedRounds,
  selfNormalisedMips,
} from "../bandit/marginalised";
import { weightsByUser } from "../bandit/weightsByUser";
import { cumulativeWeights, lastWeights } from "../sequential/cumulativeWeights";
import { sequentialEstimators } from "../sequential/sequentialEstimators";
import type { Trajectories } from "../sequential/trajectories";
import { tis } from "../sequential/trajectorySampling";
import { slateEstimators } from "../slate/slateEstimators";
import { sips } from "../slate/slateInversePropensity";
import type { LoggedSlates } from "../slate/slateRounds";
import { weightsOfSlates } from "../slate/slateWeights";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import { type Evidence, type Verdict, verdictOf } from "./verdict";

/** What can be said of whole slates, of whole trajectories of users, or of clusters of actions. */
export interface FurtherCard extends Verdict {
  /** How many slates, users or rounds. */
  readonly units: number;
  readonly propensities: "known" | "ESTIMATED";
  /** What the log's own policy earned, in the same unit. */
  readonly logged: StatisticInterval;
  readonly estimators: Readonly<Record<string, StatisticInterval>>;
  /** Of the weights of whole units, before any clipping. */
  readonly diagnostics: Diagnostics;
}

export interface FurtherOptions extends Omit<StatisticIntervalsOptions, "units"> {
  readonly clip?: number;
}

/** What a slate as a whole would have earned; weights are of whole slates. */
export function slateCard(
  slates: LoggedSlates,
  random: Random,
  { clip, ...how }: FurtherOptions = {},
): FurtherCard {
  const { slots } = slates;
  const itself = { ...slates, slots: { ...slots, targetProbabilities: slots.propensities } };
  return furtherCard(
    slateEstimators(slates).map((each) => [each.name, each.on(slates, clip)]),
    { random, how, logged: sips.on(itself) },
    {
      ...{ noun: "slate", units: slates.size, owners: slates.users },
      ...{ weights: weightsOfSlates(slates), unsupported: slots.unsupported },
      ...{ provenance: slots.provenance, clipped: clip && weightsOfSlates(slates, clip) },
    },
  );
}

/** What a user's whole trajectory would have earned, discounted. */
export function sequentialCard(
  log: Trajectories,
  random: Random,
  { clip, ...how }: FurtherOptions = {},
): FurtherCard {
  const last = (limit?: number): Float64Array => lastWeights(log, cumulativeWeights(log, limit));
  return furtherCard(
    sequentialEstimators(log).map((each) => [each.name, each.on(log, clip)]),
    { random, how, logged: tis.on({ ...log, targetProbabilities: log.propensities }) },
    {
      ...{ noun: "trajectory", units: log.size, owners: undefined, unsupported: undefined },
      weights: last(clip === undefined ? undefined : 1e300),
      ...{ provenance: log.provenance, clipped: clip && last(clip) },
    },
  );
}

/** What rounds would have earned, by clusters of actions. */
export function clusterCard(
  rounds: LoggedRounds,
  columns: ClusterColumns,
  random: Random,
  {
    clip,
    owner,
    ...how
  }: FurtherOptions & {
    /** Whose rounds `users` tells: "user" by default. */
    readonly owner?: Evidence["owner"];
  } = {},
): FurtherCard {
  const marginal = marginalisedRounds(rounds, columns);
  const weights = importanceWeights(marginal, clip);
  return furtherCard(
    [marginalisedIps, selfNormalisedMips].map((each) => [each.name, each.on(marginal, weights)]),
    { random, how, logged: ips.on(rounds, new Float64Array(rounds.size).fill(1)) },
    {
      ...{ noun: "round", units: marginal.size, owners: marginal.users, unsupported: undefined, owner },
      weights: importanceWeights(marginal),
      ...{ provenance: marginal.provenance, clipped: clip && weights },
    },
  );
}

interface Weighed {
  readonly noun: NonNullable<Evidence["noun"]>;
  readonly units: number;
  readonly weights: Float64Array;
  readonly unsupported: Float64Array | undefined;
  readonly owners: Int32Array | undefined;
  readonly owner?: Evidence["owner"];
  readonly provenance: "known" | "estimated";
  readonly clipped: Float64Array | undefined | 0;
}

function furtherCard(
  statistics: readonly (readonly [string, SumStatistic])[],
  {
    random,
    how,
    logged,
  }: {
    readonly random: Random;
    readonly how: Omit<FurtherOptions, "clip">;
    readonly logged: SumStatistic;
  },
  { noun, units, weights, unsupported, owners, owner, provenance, clipped }: Weighed,
): FurtherCard {
  const all = [...statistics.map(([, statistic]) => statistic), logged];
  const found = statisticIntervals(all, random, { ...how, units: owners });
  const diagnostics = diagnosticsOf({ ...(unsupported && { unsupported }) }, weights);
  return {
    units,
    propensities: provenance === "known" ? "known" : "ESTIMATED",
    logged: found[statistics.length],
    estimators: Object.fromEntries(statistics.map(([name], s) => [name, found[s]])),
    diagnostics,
    ...verdictOf({
      ...{ noun, rounds: units, provenance, diagnostics, ...(owner && { owner }) },
      ...(owners && weightsByUser(weights, owners)),
      ...(clipped && { clippedMean: diagnosticsOf({}, clipped).meanWeight }),
    }),
  };
}
