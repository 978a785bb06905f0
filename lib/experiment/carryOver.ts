import { type Interval, pairedInterval, pairedIntervalOverSeeds } from "../math/bootstrap";
import { holm } from "../math/holm";
import { meanOf } from "../math/mean";
import { type Random, random } from "../math/random";
import type { Judged } from "./judged";
import type { JudgedRow, ManyRuns } from "./runMany";

/** How one model does on one log, beside the best of everything that needs no actor. */
export interface CarriedRow {
  readonly log: string;
  readonly users: number;
  readonly seeds: number;
  /** Mean NDCG@k over users and seeds. */
  readonly model: number;
  /** The best other method on these test users, picked after seeing them all: the hardest one to be held against. */
  readonly best: { readonly name: string; readonly ndcg: number };
  /** Paired, model − best. */
  readonly difference: Interval;
  /** Of actors: paired, from step 0. */
  readonly fromStepZero?: Interval;
  /** Holm-corrected p of `difference` over the logs. */
  readonly adjusted: number;
}

/** The first model of an experiment on every log. */
export interface CarryOver {
  readonly model: string;
  readonly k: number;
  readonly rows: readonly CarriedRow[];
  /** Mean over the logs of the difference. */
  readonly mean: number;
  /** As parts of the best method's NDCG, so that logs with large values count no more than others. */
  readonly meanShare: number;
}

/**
 * Whether what a model does by default carries over: its first row on several logs, each against the best baseline
 * there. The best is the one with the largest mean on the test users among the methods in closed form and supervised
 * models with settings of their own.
 *
 * @param own names of rows that belong to the model itself (what it starts from), which are no rivals
 */
export async function carryOver(
  logs: readonly { readonly label: string; readonly runs: ManyRuns }[],
  { k, own }: { readonly k: number; readonly own: readonly string[] },
): Promise<CarryOver> {
  const rows: Omit<CarriedRow, "adjusted">[] = [];
  let model = "";
  for (const { label, runs } of logs) {
    const [first, ...others] = runs.rows;
    model = first!.name;
    const columns = await columnsOf(first!, k);
    const rivals: { name: string; columns: Float64Array[]; ndcg: number }[] = [];
    for (const row of others) {
      const rival = row.entry.kind === "baseline" || row.entry.kind === "supervised";
      if (!rival || own.includes(row.name)) continue;
      const found = await columnsOf(row, k);
      rivals.push({ name: row.name, columns: found, ndcg: meanOf(found.map((column) => meanOf(column))) });
    }
    const best = rivals.reduce((a, b) => (b.ndcg > a.ndcg ? b : a));
    const starts = await startsOf(first!, k);
    const draw = random(1).fork(label);
    rows.push({
      log: label,
      users: runs.users,
      seeds: columns.length,
      model: meanOf(columns.map((column) => meanOf(column))),
      best: { name: best.name, ndcg: best.ndcg },
      difference: differenceOf(columns, best.columns, draw),
      ...(starts && { fromStepZero: differenceOf(columns, starts, draw) }),
    });
  }
  const adjusted = holm(rows.map(({ difference }) => difference.p ?? 1));
  return {
    model,
    k,
    rows: rows.map((row, i) => ({ ...row, adjusted: adjusted[i]! })),
    mean: meanOf(rows.map(({ difference }) => difference.mean)),
    meanShare: meanOf(rows.map(({ difference, best }) => difference.mean / best.ndcg)),
  };
}

async function judgedOf(row: JudgedRow): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const seed of row.seeds) judged.push(await seed.judged());
  return judged;
}

async function columnsOf(row: JudgedRow, k: number): Promise<Float64Array[]> {
  return (await judgedOf(row)).map((each) => each.column("ndcg", k));
}

async function startsOf(row: JudgedRow, k: number): Promise<Float64Array[] | undefined> {
  const starts = (await judgedOf(row)).flatMap(({ stepZero }) =>
    stepZero ? [stepZero.column("ndcg", k)] : [],
  );
  return starts.length === row.seeds.length ? starts : undefined;
}

function differenceOf(a: readonly Float64Array[], b: readonly Float64Array[], draw: Random): Interval {
  return a.length === 1 && b.length === 1
    ? pairedInterval(a[0]!, b[0]!, draw)
    : pairedIntervalOverSeeds(a, b, draw);
}
