import { fingerprint } from "../data/fingerprint";
import { arrayOf, type NamedArrays, readArrays, writeArrays } from "../data/namedArrays";
import type { Task } from "../data/task";
import { random } from "../math/random";
import { amongCandidates, type Candidates } from "../metrics/amongCandidates";
import type { BeyondAccuracy } from "../metrics/beyondAccuracy";
import { changedLists } from "../metrics/changedLists";
import { type Evaluation, evaluateRecommender } from "../metrics/evaluate";
import { type MetricName, metricNames } from "../metrics/metrics";
import type { Recommender } from "../retrieval/recommender";
import type { RunSummary } from "../runs/runFolder";

/** Raise it when evaluating changes, so that figures of the old one are not taken for new. */
const version = 2;

/** What lists are like apart from being right, where no item vectors are needed. */
export type ListFigures = Omit<BeyondAccuracy, "diversity">;

/** A recommender's figures on the test users, small enough to keep: no lists. */
export interface Evaluated {
  readonly users: number;
  /** [users] of a metric at a list length */
  column(metric: MetricName, k: number): Float64Array;
  lists(k: number): ListFigures;
  /** Of actors: the same users served by the actor before its first update. */
  readonly stepZero?: {
    column(metric: MetricName, k: number): Float64Array;
    /** Share of users whose list is another one. */
    changedLists(k: number): number;
  };
}

/** One method under its seeds, evaluated: what a row of a table is made of. */
export interface EvaluatedRow {
  readonly name: string;
  /** "model": asked for. "criticOff": one of those with its critic switched off. "compulsory": in every table. */
  readonly role: "model" | "criticOff" | "compulsory";
  readonly entry: {
    readonly name: string;
    readonly kind: "actor-critic" | "classic" | "supervised" | "baseline";
  };
  readonly config: { readonly agent: object };
  /** Of actor–critics: the row that differs from this one by its critic alone, where there is one. */
  readonly criticOff?: string;
  readonly seeds: readonly EvaluatedSeed[];
}

export interface EvaluatedSeed {
  readonly seed: number;
  /** Absent for what has no run of its own. */
  readonly summary?: Pick<RunSummary, "warnings" | "start"> & {
    /** Of actor–critics: the step whose weights are kept. */
    readonly record?: { readonly chosenStep: number };
  };
  /** Gives the figures; those that are kept in files are read, so that only those in use are held. */
  evaluated(): Promise<Evaluated>;
}

/** What methods are evaluated on. */
export interface EvaluationTask {
  readonly task: Task;
  /** Ascending. */
  readonly ks: readonly number[];
  /** [N] train interactions of each item */
  readonly trainCounts: Float64Array;
  /** The only items that each user may get, where a protocol samples them; the whole catalogue by default. */
  readonly candidates?: Candidates;
}

interface Header {
  readonly version: number;
  /** Who was asked, and what was relevant. */
  readonly task: string;
  readonly ks: readonly number[];
  readonly lists: Readonly<Record<number, ListFigures>>;
  readonly changed?: Readonly<Record<number, number>>;
}

/**
 * Evaluates a recommender, and the one it started as.
 *
 * @param options.file where the figures are kept for another time; nowhere by default
 */
export async function evaluate(
  recommender: Recommender,
  on: EvaluationTask,
  { stepZero, file }: { readonly stepZero?: Recommender; readonly file?: string } = {},
): Promise<Evaluated> {
  const { ks } = on;
  const [own, start] = [evaluationOf(recommender, on), stepZero && evaluationOf(stepZero, on)];
  const arrays: Record<string, Float64Array> = {};
  for (const k of ks)
    for (const metric of metricNames) {
      arrays[nameOf(metric, k)] = own.perUser[k][metric];
      if (start) arrays[startNameOf(metric, k)] = start.perUser[k][metric];
    }
  const each = <T>(value: (k: number) => T): Record<number, T> =>
    Object.fromEntries(ks.map((k) => [k, value(k)]));
  const header: Header = {
    version,
    task: taskFingerprint(on),
    ks,
    lists: each((k) => {
      const { coverage, novelty, gini, strata } = own.at[k];
      return { coverage, novelty, gini, strata };
    }),
    ...(start && { changed: each((k) => changedLists(own.lists, start.lists, Math.min(k, own.lists.k))) }),
  };
  if (file !== undefined) await writeArrays(file, header, arrays);
  return evaluatedOf(header, arrays, file ?? recommender.name);
}

/** The figures kept in a file; nothing where there are none, or they are of another task or other lengths. */
export async function readEvaluated(file: string, on: EvaluationTask): Promise<Evaluated | undefined> {
  let read: { readonly header: Header; readonly arrays: NamedArrays };
  try {
    read = await readArrays<Header>(file);
  } catch {
    return undefined;
  }
  const { header, arrays } = read;
  const usable =
    header.version === version &&
    header.task === taskFingerprint(on) &&
    on.ks.every((k) => header.ks.includes(k));
  return usable ? evaluatedOf(header, arrays, file) : undefined;
}

function evaluationOf(recommender: Recommender, on: EvaluationTask): Evaluation {
  const { task, ks, trainCounts, candidates } = on;
  const among = candidates ? amongCandidates(recommender, candidates, trainCounts.length) : recommender;
  // Intervals are drawn in the table, over seeds too: two resamples are the fewest.
  return evaluateRecommender(among, task, { ks, trainCounts, random: random(1), resamples: 2 });
}

function evaluatedOf(header: Header, arrays: NamedArrays, from: string): Evaluated {
  const take = (name: string): Float64Array => arrayOf(arrays, name, Float64Array, from);
  const { changed } = header;
  return {
    users: take(nameOf("ndcg", header.ks[0])).length,
    column: (metric, k) => take(nameOf(metric, k)),
    lists: (k) => header.lists[k],
    ...(changed && {
      stepZero: {
        column: (metric: MetricName, k: number) => take(startNameOf(metric, k)),
        changedLists: (k: number) => changed[k],
      },
    }),
  };
}

const nameOf = (metric: MetricName, k: number): string => `${metric}@${k}`;
const startNameOf = (metric: MetricName, k: number): string => `step 0 ${nameOf(metric, k)}`;

/** What tells apart tasks: whose lists are made, what they had seen, what is relevant and what may be listed. */
function taskFingerprint({ task, candidates }: EvaluationTask): string {
  const { histories, relevantOffsets, relevantItems, repeats } = task;
  const { users, offsets, items } = histories;
  const sampled = candidates === undefined ? [] : [...candidates].map(([user, some]) => [user, ...some]);
  return fingerprint([
    ...[users, offsets, items, relevantOffsets, relevantItems, sampled],
    ...(repeats ? ["repeats"] : []),
  ]);
}
