import type { Histories } from "../data/histories";
import type { Task } from "../data/task";
import type { NextItemModel } from "../encoders/nextItemModel";
import { type Interval, intervals, pairedInterval } from "../math/bootstrap";
import type { Random } from "../math/random";
import { type MetricName, rankingMetrics } from "../metrics/metrics";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { Lists } from "../retrieval/lists";
import { leftOut, type Recommender } from "../retrieval/recommender";
import { takeTask } from "./preparedData";

/** One way of dealing with items that training never saw. */
export interface ColdStartEntry {
  readonly name: string;
  /** A model with vectors for them, or any recommender (which then has no list of cold items alone). */
  readonly by: NextItemModel | Recommender;
  /** Where the bias of its cold items was chosen: the share of the other items that is less popular. */
  readonly share?: number;
}

/** A metric with its interval over users, and its paired difference from the first entry's. */
export interface ColdStartFigure extends Interval {
  readonly difference?: Interval;
}

export interface ColdStartRow {
  readonly name: string;
  readonly share?: number;
  /** Cold items alone are ranked, by q·v: what the vectors are worth. Users who wanted a cold item. */
  readonly alone?: Readonly<Record<ColdMetric, ColdStartFigure>>;
  /** The whole catalogue is ranked: share of the wanted cold items that reach the list. The same users. */
  readonly coldRecall: ColdStartFigure;
  /** The whole catalogue is ranked, all users, all that is relevant: NDCG. */
  readonly ndcg: ColdStartFigure;
}

export interface ColdStartTable {
  readonly k: number;
  /** Items that training never saw. */
  readonly coldItems: number;
  readonly users: number;
  /** Users with a relevant item among them, and how many such items of all that is relevant. */
  readonly coldUsers: number;
  readonly coldRelevant: number;
  readonly relevant: number;
  /** Recall of a random order of the cold items. */
  readonly chance: number;
  readonly rows: readonly ColdStartRow[];
}

const coldMetrics = ["hitRate", "recall", "ndcg"] as const;
type ColdMetric = (typeof coldMetrics)[number];

/**
 * What new items get out of each entry, and what the rest of the list pays for it. Two questions are kept apart:
 * are the vectors any good (cold items ranked among themselves, biases left out, so that popularity cannot help),
 * and does it show in real lists (the whole catalogue, biases and all).
 *
 * @param task the test users
 * @param cold rows of the items that training never saw
 * @throws when no user wanted one of them.
 */
export function coldStart(
  entries: readonly ColdStartEntry[],
  task: Task,
  options: { readonly cold: Int32Array; readonly random: Random; readonly k?: number },
): ColdStartTable {
  const { cold, random, k = 10 } = options;
  const { repeats } = task;
  const { wanted, users } = onlyItems(task, new Set(cold));
  if (users.length === 0) throw new Error("coldStart requires a user who wanted a cold item, got none");
  const evaluated = entries.map(({ name, by, share }) => {
    const whole =
      "recommend" in by
        ? by.recommend(task.histories, k, { repeats })
        : listsOf(by, task.histories, { k, repeats });
    const found = rankingMetrics(takeLists(whole, users), wanted, [k]).perUser[k];
    const all = rankingMetrics(whole, task, [k]).perUser[k];
    const alone =
      "recommend" in by
        ? undefined
        : rankingMetrics(listsOf(by, wanted.histories, { k, only: cold, repeats }), wanted, [k]).perUser[k];
    return { name, share, columns: { coldRecall: found.recall, ndcg: all.ndcg }, alone };
  });
  const first = evaluated[0];
  const figure = (column: Float64Array, base: Float64Array | undefined, what: string): ColdStartFigure => {
    const own = intervals([column], random.fork(what))[0];
    if (base === undefined || base === column) return own;
    return { ...own, difference: pairedInterval(column, base, random.fork(what)) };
  };
  const aloneOf = (
    found: Readonly<Record<MetricName, Float64Array>>,
  ): Record<ColdMetric, ColdStartFigure> => {
    const row = {} as Record<ColdMetric, ColdStartFigure>;
    for (const name of coldMetrics) row[name] = figure(found[name], first.alone?.[name], `alone ${name}`);
    return row;
  };
  return {
    k,
    coldItems: cold.length,
    users: task.histories.size,
    coldUsers: users.length,
    coldRelevant: wanted.relevantItems.length,
    relevant: task.relevantItems.length,
    chance: Math.min(1, k / cold.length),
    rows: evaluated.map(({ name, share, columns, alone }) => ({
      name,
      ...(share === undefined ? {} : { share }),
      ...(alone === undefined ? {} : { alone: aloneOf(alone) }),
      coldRecall: figure(columns.coldRecall, first.columns.coldRecall, "cold recall"),
      ndcg: figure(columns.ndcg, first.columns.ndcg, "ndcg"),
    })),
  };
}

/** A model's lists from the whole catalogue, or from `only` some items by their vectors alone. */
function listsOf(
  model: NextItemModel,
  histories: Histories,
  { k, only, repeats }: { readonly k: number; readonly only?: Int32Array; readonly repeats?: boolean },
): Lists {
  const width = model.headBias.length;
  const queries = queriesWithOne(model.queries(model.encoder.encode(histories)), width);
  const bias = only === undefined ? model.itemBias : new Float32Array(model.size);
  const index = batchIndex(withBias(model.itemVectors, bias, model.temperature), width + 1);
  const kept = new Set(only ?? []);
  const unavailable = new Set(only === undefined ? [] : rowsWithout(model.size, kept));
  const lists = index.search(queries, k, leftOut(histories, { unavailable, repeats }));
  index.dispose();
  return lists;
}

function rowsWithout(size: number, left: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  for (let row = 0; row < size; row++) if (!left.has(row)) rows.push(row);
  return rows;
}

/** The task of those who wanted one of some items, with these alone relevant. */
function onlyItems(task: Task, items: ReadonlySet<number>): { wanted: Task; users: Int32Array } {
  const users: number[] = [];
  const relevant: number[] = [];
  const offsets = [0];
  for (let user = 0; user < task.histories.size; user++) {
    const before = relevant.length;
    for (let e = task.relevantOffsets[user]; e < task.relevantOffsets[user + 1]; e++)
      if (items.has(task.relevantItems[e])) relevant.push(task.relevantItems[e]);
    if (relevant.length === before) continue;
    users.push(user);
    offsets.push(relevant.length);
  }
  const taken = takeTask(task, Int32Array.from(users));
  return {
    users: Int32Array.from(users),
    wanted: {
      ...taken,
      relevantOffsets: Int32Array.from(offsets),
      relevantItems: Int32Array.from(relevant),
      relevantGains: new Float64Array(relevant.length).fill(1),
    },
  };
}

function takeLists(lists: Lists, users: Int32Array): Lists {
  const items = new Int32Array(users.length * lists.k);
  const scores = new Float64Array(items.length);
  users.forEach((user, i) => {
    items.set(lists.items.subarray(user * lists.k, (user + 1) * lists.k), i * lists.k);
    scores.set(lists.scores.subarray(user * lists.k, (user + 1) * lists.k), i * lists.k);
  });
  return { size: users.length, k: lists.k, items, scores };
}
