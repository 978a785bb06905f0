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
import { cumulativeWeights, discountedWeights, lastWeights } from "../sequential/cumulativeWeights";
import { sequentialEstimators } from "../sequential/sequentialEstimators";
import type { Trajectories } from "../sequential/trajectories";
import { returnsOf, tis } from "../sequential/trajectorySampling";
import { slateEstimators } from "../slate/slateEstimators";
import { sips } from "../slate/slateInversePropensity";
import type { LoggedSlates } from "../slate/slateRounds";
import { weightsOfSlates } from "../slate/slateWeights";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import { estimatorVerdicts } from "./estimatorVerdicts";
import { type Evidence, type Verdict, verdictOf } from "./verdict";

/** What can be said of whole slates, of whole trajectories of users, or of clusters of actions. */
export interface FurtherCard extends Verdict {
  /** How many slates, users or rounds. */
  readonly units: number;
  readonly propensities: "known" | "ESTIMATED";
  /** What the log's own policy earned, in the same unit. */
  readonly logged: StatisticInterval;
  readonly estimators: Readonly<Record<string, StatisticInterval>>;
  /** By estimator: of the weights that it uses, and of what is wrong with it alone. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Of the weights of whole units, before any clipping. */
  readonly diagnostics: Diagnostics;
}

export interface FurtherOptions extends Omit<StatisticIntervalsOptions, "units"> {
  readonly clip?: number;
}

/** Where slates are users' steps: whether what is done changes what comes, which values of single slates do not know. */
export interface SlateCardOptions extends FurtherOptions {
  readonly carryOver?: Evidence["carryOver"];
}

/** What a slate as a whole would have earned; weights are of whole slates. */
export function slateCard(
  slates: LoggedSlates,
  random: Random,
  { clip, carryOver, ...how }: SlateCardOptions = {},
): FurtherCard {
  const { slots } = slates;
  const weights = weightsOfSlates(slates);
  const itself = { ...slates, slots: { ...slots, targetProbabilities: slots.propensities } };
  return furtherCard(
    slateEstimators(slates).map((each) => [each.name, each.on(slates, clip)]),
    { random, how, logged: sips.on(itself) },
    {
      ...{ noun: "slate", units: slates.size, owners: slates.users },
      ...{ weights, unsupported: slots.unsupported },
      // A target that does as the log did leaves everything as it was.
      ...(carryOver && weights.some((weight) => Math.abs(weight - 1) > 1e-6) && { carryOver }),
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
  // Products may leave all bounds where a clip keeps them from being used.
  const unclipped = cumulativeWeights(log, clip === undefined ? undefined : 1e300);
  const clipped = clip === undefined ? undefined : cumulativeWeights(log, clip);
  const discounted = discountedWeights(log, unclipped);
  return furtherCard(
    sequentialEstimators(log).map((each) => [each.name, each.on(log, clip)]),
    { random, how, logged: tis.on({ ...log, targetProbabilities: log.propensities }) },
    {
      ...{ noun: "trajectory", units: log.size, owners: undefined, unsupported: undefined },
      weights: lastWeights(log, unclipped),
      ...{ provenance: log.provenance, clipped: clipped && lastWeights(log, clipped) },
      stepwise: { weights: discounted, clipped: clipped && discountedWeights(log, clipped) },
      targetVariance: weightedVariance(returnsOf(log), discounted),
    },
  );
}

/** Estimators whose rewards are weighted by the steps up to them alone. */
const stepByStep: ReadonlySet<string> = new Set(["pdis", "wpdis", "sdr", "wsdr"]);

/** Σ w (x − x̄)² / Σ w, with x̄ = Σ w x / Σ w; 0 without any weight. */
function weightedVariance(values: Float64Array, weights: Float64Array): number {
  // In parts of the largest, so that sums of very large weights stay finite.
  const most = weights.reduce((largest, weight) => Math.max(largest, weight), 0);
  if (most === 0) return 0;
  let [sum, total, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const part = weights[i] / most;
    sum += part;
    total += part * values[i];
  }
  for (let i = 0; i < values.length; i++) squares += (weights[i] / most) * (values[i] - total / sum) ** 2;
  return squares / sum;
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
  readonly carryOver?: Evidence["carryOver"];
  readonly provenance: "known" | "estimated";
  readonly clipped: Float64Array | undefined | 0;
  /** Weights of estimators that go step by step, where those are others. */
  readonly stepwise?: { readonly weights: Float64Array; readonly clipped: Float64Array | undefined };
  /** Variance of what the target's own units earn. */
  readonly targetVariance?: number;
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
  {
    noun,
    units,
    weights,
    unsupported,
    owners,
    owner,
    carryOver,
    provenance,
    clipped,
    stepwise,
    targetVariance,
  }: Weighed,
): FurtherCard {
  const all = [...statistics.map(([, statistic]) => statistic), logged];
  const found = statisticIntervals(all, random, { ...how, units: owners });
  const diagnostics = diagnosticsOf({ ...(unsupported && { unsupported }) }, weights);
  const judged = (told: Diagnostics, own: Float64Array, kept: Float64Array | undefined | 0): Verdict =>
    verdictOf({
      ...{
        noun,
        rounds: units,
        provenance,
        diagnostics: told,
        ...(owner && { owner }),
        ...(carryOver && { carryOver }),
      },
      ...(owners && weightsByUser(own, owners)),
      ...(kept && { clippedMean: diagnosticsOf({}, kept).meanWeight }),
    });
  const whole = judged(diagnostics, weights, clipped);
  const steps = stepwise
    ? judged(diagnosticsOf({}, stepwise.weights), stepwise.weights, stepwise.clipped)
    : whole;
  const estimators = Object.fromEntries(statistics.map(([name], s) => [name, found[s]]));
  return {
    units,
    propensities: provenance === "known" ? "known" : "ESTIMATED",
    logged: found[statistics.length],
    ...{ estimators, diagnostics, ...whole },
    verdicts: estimatorVerdicts({
      base: (name) => (stepByStep.has(name) ? steps : whole),
      ...{ estimators, targetVariance },
    }),
  };
}
