import type { Catalog } from "../data/catalog";
import { type Histories, takeHistories } from "../data/histories";
import type { Task } from "../data/task";
import { type Interval, intervals } from "../math/bootstrap";
import type { Random } from "../math/random";
import { emptyLists } from "../retrieval/bestOf";
import type { Lists } from "../retrieval/lists";
import type { Recommender } from "../retrieval/recommender";
import { type BeyondAccuracy, beyondAccuracy, type ItemVectors } from "./beyondAccuracy";
import { type MetricName, metricNames, rankingMetrics } from "./metrics";

/** A recommender's judgement on one task. */
export interface Evaluation {
  readonly name: string;
  readonly users: number;
  readonly ks: readonly number[];
  readonly at: Readonly<Record<number, Readonly<Record<MetricName, number> & BeyondAccuracy>>>;
  /** Bootstrap over users, for each accuracy metric. */
  readonly intervals: Readonly<Record<number, Readonly<Record<MetricName, Interval>>>>;
  /** perUser[k][metric] is [users], in the task's order. */
  readonly perUser: Readonly<Record<number, Readonly<Record<MetricName, Float64Array>>>>;
  /** [users × max(ks)] */
  readonly lists: Lists;
  /** Time the recommender took; the only number here that differs from run to run. */
  readonly seconds: number;
}

export interface EvaluateOptions {
  readonly ks: readonly number[];
  readonly random: Random;
  /** [N] train interactions of each item; N is the catalogue that is recommended from. */
  readonly trainCounts: ArrayLike<number>;
  /** Where given, its size must be that of `trainCounts`. */
  readonly catalog?: Pick<Catalog, "size">;
  readonly itemVectors?: ItemVectors;
  readonly resamples?: number;
  /** Users asked about at once; bounds the recommender's memory. */
  readonly usersAtOnce?: number;
}

/**
 * Asks a recommender for a list for every user of the task and evaluates it: accuracy with intervals, and what
 * the lists are like. The whole catalogue is ranked, minus what the user had seen before unless it may come again; that
 * nothing else is returned is checked here for every list, whoever made it.
 *
 * @throws when the recommender returns a seen item, an item twice, one outside the catalogue, or a list of
 *   another length.
 * @example evaluateRecommender(mostPopular(...), task, { ks: [10], random, trainCounts }).at[10].ndcg
 */
export function evaluateRecommender(
  recommender: Recommender,
  task: Task,
  options: EvaluateOptions,
): Evaluation {
  const { ks, random, trainCounts, itemVectors, usersAtOnce = 512 } = options;
  if (options.catalog !== undefined && options.catalog.size !== trainCounts.length)
    throw new Error(
      `evaluateRecommender requires ${options.catalog.size} train counts, got ${trainCounts.length}`,
    );
  const users = task.histories.size;
  const longest = Math.max(...ks);
  const lists = emptyLists(users, Math.min(longest, trainCounts.length)); // no list is longer than the catalogue
  let milliseconds = 0;
  for (let start = 0; start < users; start += usersAtOnce) {
    const chunk = takeHistories(task.histories, range(start, Math.min(users, start + usersAtOnce)));
    const before = performance.now();
    const part = recommender.recommend(chunk, lists.k, { repeats: task.repeats ?? false });
    milliseconds += performance.now() - before;
    checkLists(recommender.name, part, chunk, {
      ...{ k: lists.k, catalogSize: trainCounts.length, repeats: task.repeats ?? false },
    });
    lists.items.set(part.items, start * lists.k);
    lists.scores.set(part.scores, start * lists.k);
  }

  const metrics = rankingMetrics(lists, task, ks, { areWhole: lists.k < longest });
  const columns = ks.flatMap((k) => metricNames.map((name) => metrics.perUser[k][name]));
  const found = intervals(columns, random.fork("intervals"), { resamples: options.resamples });
  const at: Record<number, Record<MetricName, number> & BeyondAccuracy> = {};
  const spread: Record<number, Record<MetricName, Interval>> = {};
  ks.forEach((k, i) => {
    at[k] = {
      ...metrics.at[k],
      ...beyondAccuracy(lists, Math.min(k, lists.k), { trainCounts, itemVectors }),
    };
    const row = {} as Record<MetricName, Interval>;
    metricNames.forEach((name, m) => {
      row[name] = found[i * metricNames.length + m];
    });
    spread[k] = row;
  });
  const seconds = milliseconds / 1000;
  return {
    name: recommender.name,
    users,
    ks,
    at,
    intervals: spread,
    perUser: metrics.perUser,
    lists,
    seconds,
  };
}

/** How often each item occurs in some rows: the `trainCounts` of a split's train rows. */
export function itemCounts(items: Int32Array, rows: Int32Array, catalogSize: number): Float64Array {
  const counts = new Float64Array(catalogSize);
  for (const row of rows) counts[items[row]]++;
  return counts;
}

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}

function checkLists(
  name: string,
  lists: Lists,
  histories: Histories,
  {
    k,
    catalogSize,
    repeats,
  }: { readonly k: number; readonly catalogSize: number; readonly repeats: boolean },
): void {
  const refuse = (condition: string, got: string): never => {
    throw new Error(`evaluateRecommender requires "${name}" to ${condition}, got ${got}`);
  };
  if (lists.size !== histories.size || lists.k !== k)
    refuse(`return ${histories.size} lists of ${k}`, `${lists.size} of ${lists.k}`);
  const seenBy = new Int32Array(catalogSize).fill(-1);
  const listedFor = new Int32Array(catalogSize).fill(-1);
  for (let user = 0; user < lists.size; user++) {
    for (let e = histories.offsets[user]; e < histories.offsets[user + 1]; e++)
      seenBy[histories.items[e]] = user;
    let ended = false;
    for (let place = user * k; place < (user + 1) * k; place++) {
      const item = lists.items[place];
      if (item < 0) {
        ended = true;
        continue;
      }
      if (ended) refuse("fill lists from the top", `an empty place above item row ${item}`);
      if (item >= catalogSize) refuse(`stay below item row ${catalogSize}`, `${item}`);
      const who = `item row ${item} for user row ${histories.users[user]}`;
      if (!repeats && seenBy[item] === user) refuse("leave out what the user had seen", who);
      if (listedFor[item] === user) refuse("list an item once", `${who} twice`);
      listedFor[item] = user;
    }
  }
}
