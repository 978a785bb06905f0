import { type Interval, intervalOverSeeds, pairedIntervalOverSeeds } from "../math/bootstrap";
import type { Random } from "../math/random";
import type { Evaluation } from "./evaluate";
import type { MetricName } from "./metrics";

/** A learned model evaluated under several training seeds. */
export interface SeededResult {
  readonly name: string;
  readonly metric: MetricName;
  readonly k: number;
  readonly seeds: number;
  /** The metric in each seed's run. */
  readonly bySeed: readonly number[];
  /** Mean over seeds and users, with an interval that carries both. */
  readonly value: Interval;
  /** Paired difference from the reference, seed by seed where it has seeds too. */
  readonly difference?: Interval;
}

/** The least number of seeds that a claim about a learned model should rest on. */
export const seedsForAClaim = 5;

/**
 * Combines one model's evaluations under several seeds, all on one task.
 *
 * @param runs one evaluation a seed, at least two
 * @param options.reference one evaluation (a baseline) or as many as there are seeds
 * @throws when fewer than two seeds are given, or users or seeds do not match.
 * @example overSeeds(runs, random, { reference: [popular], metric: "ndcg", k: 10 }).difference.lower > 0
 */
export function overSeeds(
  runs: readonly Evaluation[],
  random: Random,
  options: {
    readonly reference?: readonly Evaluation[];
    readonly metric?: MetricName;
    readonly k?: number;
    readonly resamples?: number;
  } = {},
): SeededResult {
  const { reference, metric = "ndcg", k = 10, resamples } = options;
  const columnOf = (evaluation: Evaluation): Float64Array => {
    const column = evaluation.perUser[k]?.[metric];
    if (column === undefined) throw new Error(`overSeeds requires metrics at ${k}, got [${evaluation.ks}]`);
    return column;
  };
  const columns = runs.map(columnOf);
  const value = intervalOverSeeds(columns, random.fork("value"), { resamples });
  const base = {
    name: runs[0].name,
    metric,
    k,
    seeds: runs.length,
    bySeed: runs.map((run) => run.at[k][metric]),
    value,
  };
  if (reference === undefined) return base;
  const difference = pairedIntervalOverSeeds(columns, reference.map(columnOf), random.fork("difference"), {
    resamples,
  });
  return { ...base, difference };
}
