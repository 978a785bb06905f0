import { type Bounds, empiricalBernsteinInterval, hoeffdingInterval } from "../../math/boundedIntervals";
import { quantile } from "../../math/quantile";
import type { Random } from "../../math/random";
import { type IntervalMethod, intervalMethods, statisticIntervals } from "../../math/statisticIntervals";
import { estimateOf } from "../../math/sumStatistic";
import type { BanditLog, BanditWorld } from "../../worlds/banditWorld";
import { banditEstimators } from "../bandit/banditEstimators";
import { banditRounds } from "../bandit/banditRounds";
import type { Estimator } from "../bandit/estimator";
import { importanceWeights } from "../bandit/importanceWeights";
import type { RewardModel } from "../bandit/loggedRounds";
import { weightsByUser } from "../bandit/weightsByUser";
import { diagnosticsOf } from "./diagnostics";
import { type VerdictName, verdictOf } from "./verdict";

/** Intervals of the study: the four of `statisticIntervals`, and two that hold for any number of rounds. */
export type StudiedMethod = IntervalMethod | "bernstein" | "hoeffding";

export interface CoverageStudyOptions {
  /** The log's policy and the one to be evaluated, [C × A] each. */
  readonly behaviour: Float64Array;
  readonly target: Float64Array;
  /** Rounds of a log. */
  readonly rounds: number;
  /** How many logs are drawn. */
  readonly runs: number;
  readonly random: Random;
  /** Rounds of one user in a row; 1 by default. */
  readonly roundsPerUser?: number;
  /** Whether users are resampled rather than rounds; true by default. */
  readonly byUser?: boolean;
  /** Fits a model of rewards to a log; without one the estimators that need it are left out. */
  readonly model?: (log: BanditLog, random: Random) => Float64Array | RewardModel;
  readonly methods?: readonly StudiedMethod[];
  readonly resamples?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How an estimator did over all logs. */
export interface EstimatorRow {
  readonly estimator: string;
  /** Mean value − truth. */
  readonly bias: number;
  /** Standard deviation of the values. */
  readonly spread: number;
  /** √(mean squared error). */
  readonly error: number;
  /** [runs] what it said of each log. */
  readonly values: Float64Array;
  /** Where the middle 95% of the values lie. */
  readonly lower: number;
  readonly upper: number;
  /** By method: in how many of the logs the interval held the truth, how wide it was on average, and each log's. */
  readonly intervals: readonly {
    readonly method: StudiedMethod;
    readonly held: number;
    readonly width: number;
    /** [runs] ends of the interval from each log. */
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  }[];
}

export interface CoverageStudy {
  readonly truth: number;
  readonly runs: number;
  readonly rows: readonly EstimatorRow[];
  /** Mean n_e over the logs. */
  readonly effectiveSampleSize: number;
  /** By verdict: of how many logs, and in how many of them the first method's interval of the headline estimate held the truth. */
  readonly verdicts: Readonly<Record<VerdictName, { readonly logs: number; readonly held: number }>>;
}

/**
 * Draws many logs of one world, whose truth is known, and counts how far each estimator was off and how often its 95%
 * interval held the truth.
 *
 * @example coverageStudy(world, { behaviour, target, rounds: 500, runs: 200, random: random(1) }).rows[0]
 */
export function coverageStudy(
  world: BanditWorld,
  {
    behaviour,
    target,
    rounds: size,
    runs,
    random,
    roundsPerUser = 1,
    byUser = true,
    model,
    methods = intervalMethods,
    resamples = 500,
    onProgress,
  }: CoverageStudyOptions,
): CoverageStudy {
  const truth = world.valueOf(target);
  const { actions } = world;
  const largest = target.reduce(
    (most, share, i) => (share > 0 ? Math.max(most, share / behaviour[i]) : most),
    0,
  );
  const found = new Map<string, Found>();
  const verdicts = { ok: { logs: 0, held: 0 }, weak: { logs: 0, held: 0 }, unreliable: { logs: 0, held: 0 } };
  let effective = 0;
  for (let run = 0; run < runs; run++) {
    const draw = random.fork(`log ${run}`);
    const log = world.collect(behaviour, size, draw, { roundsPerUser });
    const fitted = model?.(log, draw.fork("model"));
    const rounds = banditRounds(log, target, { actions, model: fitted, behaviour });
    const weights = importanceWeights(rounds);
    const diagnostics = diagnosticsOf(rounds, weights);
    effective += diagnostics.effectiveSampleSize / runs;
    const ofUsers = roundsPerUser > 1 ? weightsByUser(weights, rounds.users!) : undefined;
    const own = verdicts[verdictOf({ rounds: size, ...ofUsers, provenance: "known", diagnostics }).verdict];
    own.logs++;
    const headline = fitted ? "dr" : "snips";
    const estimators = banditEstimators(rounds);
    const statistics = estimators.map((each) => each.on(rounds, weights));
    estimators.forEach(({ name }, e) => {
      if (!found.has(name)) found.set(name, { values: new Float64Array(runs), intervals: new Map() });
      found.get(name)!.values[run] = estimateOf(statistics[e]);
    });
    for (const method of methods) {
      const bounded = method === "bernstein" || method === "hoeffding";
      const intervals: readonly (Bounds | undefined)[] = bounded
        ? estimators.map((each, e) =>
            boundedInterval(method, each, { values: statistics[e].terms[0], largest }),
          )
        : statisticIntervals(statistics, draw.fork("resamples"), {
            ...{ method, resamples, units: byUser ? rounds.users : undefined },
          });
      estimators.forEach(({ name }, e) => {
        const entry = found.get(name)!;
        const interval = intervals[e];
        if (!interval) return;
        const { lower, upper } = interval;
        if (!entry.intervals.has(method))
          entry.intervals.set(method, { lower: new Float64Array(runs), upper: new Float64Array(runs) });
        const ends = entry.intervals.get(method)!;
        ends.lower[run] = lower;
        ends.upper[run] = upper;
        if (name === headline && method === methods[0] && lower <= truth && truth <= upper) own.held++;
      });
    }
    onProgress?.(run + 1, runs);
  }
  const rows = [...found].map(([estimator, entry]) => rowOf(estimator, entry, truth));
  return { truth, runs, rows, effectiveSampleSize: effective, verdicts };
}

interface Found {
  readonly values: Float64Array;
  readonly intervals: Map<StudiedMethod, { readonly lower: Float64Array; readonly upper: Float64Array }>;
}

function rowOf(estimator: string, { values, intervals }: Found, truth: number): EstimatorRow {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const sorted = values.slice().sort();
  return {
    ...{ estimator, values },
    ...{ lower: quantile(sorted, 0.025), upper: quantile(sorted, 0.975) },
    bias: mean - truth,
    spread: Math.sqrt(variance),
    error: Math.sqrt(variance + (mean - truth) ** 2),
    intervals: [...intervals].map(([method, { lower, upper }]) => {
      let [held, width] = [0, 0];
      for (let run = 0; run < lower.length; run++) {
        if (lower[run] <= truth && truth <= upper[run]) held++;
        width += (upper[run] - lower[run]) / lower.length;
      }
      return { method, held, width, lower, upper };
    }),
  };
}

/**
 * Bounds for means of rewards from 0 to 1 whose largest possible weight is known: only IPS and DR are such means. DR's
 * terms, Σ π q̂ + w (r − q̂), lie in [−w, 1 + w] for a model within [0, 1].
 */
function boundedInterval(
  method: "bernstein" | "hoeffding",
  { name }: Estimator,
  { values, largest }: { readonly values: Float64Array; readonly largest: number },
): Bounds | undefined {
  const bounds =
    name === "ips"
      ? { lower: 0, upper: largest }
      : name === "dr"
        ? { lower: -largest, upper: 1 + largest }
        : undefined;
  if (bounds === undefined) return undefined;
  return method === "bernstein"
    ? empiricalBernsteinInterval(values, bounds)
    : hoeffdingInterval(values, bounds);
}
