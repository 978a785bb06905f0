import type { Task } from "../data/task";
import type { Lists } from "../retrieval/lists";

/** What is relevant to whom: the part of a task that metrics need. A gain of 0 is not relevant. */
export type Relevance = Pick<Task, "relevantOffsets" | "relevantItems" | "relevantGains">;

/** Accuracy metrics in the order they are shown. */
export const metricNames = ["precision", "recall", "hitRate", "ndcg", "dcg", "map", "mrr"] as const;
export type MetricName = (typeof metricNames)[number];

export interface RankingMetrics {
  readonly users: number;
  readonly ks: readonly number[];
  /** perUser[k][metric] is [users]; a user's "map" is the average precision, "mrr" the reciprocal rank. */
  readonly perUser: Readonly<Record<number, Readonly<Record<MetricName, Float64Array>>>>;
  /** at[k][metric] is the mean over users. */
  readonly at: Readonly<Record<number, Readonly<Record<MetricName, number>>>>;
}

/**
 * Judges ranked lists by the items that were relevant, in double precision.
 *
 * With r_i the gain at place i and "relevant" meaning a gain above 0:
 * precision@K = hits / K; recall@K = hits / |relevant|; hitRate@K = 1 when there is a hit;
 * dcg@K = Σ_{i≤K} r_i / log2(i + 1); ndcg@K = dcg@K / that of the best possible list of K;
 * map@K = (1 / |relevant|) Σ_{i≤K, relevant} precision@i; mrr@K = 1 / place of the first hit.
 * These agree with trec_eval and ranx. Users without a list or without anything relevant count as zero.
 *
 * @param lists one list a user, in the task's order, at least max(ks) places (item -1 where a place is empty)
 * @param options.areWhole the lists hold everything there is, so that larger ks find no more in them
 * @throws when the sizes do not fit or an item comes twice in a list.
 * @example a list [7, 3] for a user whose only relevant item is 3: precision@2 .5, ndcg@2 .6309, mrr@2 .5
 */
export function rankingMetrics(
  lists: Lists,
  task: Relevance,
  ks: readonly number[],
  options: { readonly areWhole?: boolean } = {},
): RankingMetrics {
  const users = task.relevantOffsets.length - 1;
  if (lists.size !== users)
    throw new Error(`rankingMetrics requires one list for each of ${users} users, got ${lists.size}`);
  const places = Math.max(...ks);
  if (ks.length === 0 || !ks.every((k) => Number.isInteger(k) && k >= 1))
    throw new Error(`rankingMetrics requires list lengths of at least 1, got [${ks}]`);
  if (lists.k < places && options.areWhole !== true)
    throw new Error(`rankingMetrics requires lists of at least ${places} places, got ${lists.k}`);

  const perUser: Record<number, Record<MetricName, Float64Array>> = {};
  for (const k of ks) perUser[k] = columns(users);
  const size = largest(task.relevantItems, lists.items) + 1;
  const gainOf = new Float64Array(size);
  const listedFor = new Int32Array(size).fill(-1);
  let most = lists.k;
  for (let user = 0; user < users; user++)
    most = Math.max(most, task.relevantOffsets[user + 1] - task.relevantOffsets[user]);
  const discount = Float64Array.from({ length: Math.min(places, most) }, (_, i) => 1 / Math.log2(i + 2));

  for (let user = 0; user < users; user++) {
    const [from, to] = [task.relevantOffsets[user], task.relevantOffsets[user + 1]];
    for (let e = from; e < to; e++) gainOf[task.relevantItems[e]] = task.relevantGains[e];
    const best = task.relevantGains
      .slice(from, to)
      .filter((gain) => gain > 0)
      .sort()
      .reverse();
    for (const k of ks) {
      let [hits, first, dcg, precisions, ideal] = [0, 0, 0, 0, 0];
      for (let i = 0; i < Math.min(k, lists.k); i++) {
        const item = lists.items[user * lists.k + i];
        if (item < 0) break;
        if (k === places) {
          if (listedFor[item] === user)
            throw new Error(`rankingMetrics requires an item once a list, got item row ${item} twice`);
          listedFor[item] = user;
        }
        const gain = gainOf[item];
        if (!(gain > 0)) continue;
        hits++;
        if (first === 0) first = i + 1;
        dcg += gain * discount[i];
        precisions += hits / (i + 1);
      }
      for (let i = 0; i < Math.min(k, best.length); i++) ideal += best[i] * discount[i];
      const row = perUser[k];
      row.precision[user] = hits / k;
      row.dcg[user] = dcg;
      if (best.length > 0) {
        row.recall[user] = hits / best.length;
        row.hitRate[user] = hits > 0 ? 1 : 0;
        row.ndcg[user] = dcg / ideal;
        row.map[user] = precisions / best.length;
        row.mrr[user] = first > 0 ? 1 / first : 0;
      }
    }
    for (let e = from; e < to; e++) gainOf[task.relevantItems[e]] = 0;
  }
  return { users, ks, perUser, at: means(perUser) };
}

function columns(users: number): Record<MetricName, Float64Array> {
  const made = {} as Record<MetricName, Float64Array>;
  for (const name of metricNames) made[name] = new Float64Array(users);
  return made;
}

function means(perUser: Record<number, Record<MetricName, Float64Array>>): RankingMetrics["at"] {
  const at: Record<number, Record<MetricName, number>> = {};
  for (const k of Object.keys(perUser).map(Number)) {
    const row = {} as Record<MetricName, number>;
    for (const name of metricNames) {
      let sum = 0;
      for (const value of perUser[k][name]) sum += value;
      row[name] = sum / perUser[k][name].length;
    }
    at[k] = row;
  }
  return at;
}

function largest(...columns: readonly Int32Array[]): number {
  let most = -1;
  for (const column of columns) for (const value of column) if (value > most) most = value;
  return most;
}
