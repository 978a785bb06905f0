import { createHash } from "node:crypto";
import type { Task } from "../data/task";
import { random } from "../math/random";
import { changedLists } from "../metrics/compare";
import { evaluateRecommender } from "../metrics/evaluate";
import type { Recommender } from "../retrieval/recommender";
import { type Columns, readColumns, writeColumns } from "../runs/columns";

/** Raise it when judging changes, so that figures of the old one are not taken for new. */
const version = 1;

/** What a table shows for each list length. */
export const judgedMetrics = ["ndcg", "recall", "hitRate", "mrr", "precision", "map"] as const;
export type JudgedMetric = (typeof judgedMetrics)[number];

/** A recommender's figures on the test users, small enough to keep: no lists. */
export interface Judged {
  readonly users: number;
  /** [users] of a metric at a list length */
  column(metric: JudgedMetric, k: number): Float64Array;
  /** Distinct items recommended / N. */
  coverage(k: number): number;
  /** Of actors: the same users served by the actor before its first update. */
  readonly stepZero?: {
    column(metric: JudgedMetric, k: number): Float64Array;
    /** Share of users whose list is another one. */
    changedLists(k: number): number;
  };
}

/** How something is judged. */
export interface Judging {
  readonly task: Task;
  /** Ascending. */
  readonly ks: readonly number[];
  /** [N] train interactions of each item */
  readonly trainCounts: Float64Array;
}

interface Header {
  readonly version: number;
  /** What was asked and what was relevant. */
  readonly task: string;
  readonly ks: readonly number[];
  readonly coverage: Readonly<Record<number, number>>;
  readonly changed?: Readonly<Record<number, number>>;
}

/** Judges a recommender, and the one it started as, and keeps the figures in a file. */
export async function judge(
  file: string,
  recommender: Recommender,
  judging: Judging,
  stepZero?: Recommender,
): Promise<Judged> {
  const { task, ks, trainCounts } = judging;
  const evaluate = (asked: Recommender) =>
    evaluateRecommender(asked, task, { ks, trainCounts, random: random(1), resamples: 2 });
  const [own, start] = [evaluate(recommender), stepZero && evaluate(stepZero)];
  const columns: Record<string, Float64Array> = {};
  for (const k of ks)
    for (const metric of judgedMetrics) {
      columns[`${metric}@${k}`] = own.perUser[k]![metric];
      if (start) columns[`step 0 ${metric}@${k}`] = start.perUser[k]![metric];
    }
  const each = (value: (k: number) => number): Record<number, number> =>
    Object.fromEntries(ks.map((k) => [k, value(k)]));
  const header: Header = {
    version,
    task: taskKey(judging),
    ks,
    coverage: each((k) => own.at[k]!.coverage),
    ...(start && { changed: each((k) => changedLists(own.lists, start.lists, k)) }),
  };
  await writeColumns(file, header, columns);
  return judgedOf(header, columns);
}

/** The figures kept in a file; nothing where there are none, or they are of another task or other lengths. */
export async function readJudged(file: string, judging: Judging): Promise<Judged | undefined> {
  let read: { readonly header: Header; readonly columns: Columns };
  try {
    read = await readColumns<Header>(file);
  } catch {
    return undefined;
  }
  const { header, columns } = read;
  const usable =
    header.version === version &&
    header.task === taskKey(judging) &&
    judging.ks.every((k) => header.ks.includes(k));
  return usable ? judgedOf(header, columns) : undefined;
}

function judgedOf(header: Header, columns: Columns): Judged {
  const take = (name: string): Float64Array => {
    const column = columns[name];
    if (column === undefined) throw new Error(`judgedOf requires one of its columns, got ${name}`);
    return column as Float64Array;
  };
  const { changed } = header;
  return {
    users: take(`ndcg@${header.ks[0]}`).length,
    column: (metric, k) => take(`${metric}@${k}`),
    coverage: (k) => header.coverage[k]!,
    ...(changed && {
      stepZero: {
        column: (metric: JudgedMetric, k: number) => take(`step 0 ${metric}@${k}`),
        changedLists: (k: number) => changed[k]!,
      },
    }),
  };
}

/** 16 hexadecimal digits of who is asked, what they had, and what is relevant. */
function taskKey({ task }: Judging): string {
  const hash = createHash("sha256");
  const { histories, relevantOffsets, relevantItems } = task;
  for (const values of [histories.users, histories.offsets, histories.items, relevantOffsets, relevantItems])
    hash
      .update(`${values.length}:`)
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest("hex").slice(0, 16);
}
