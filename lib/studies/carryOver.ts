import { type Interval, pairedInterval, pairedIntervalOverSeeds } from "../math/bootstrap";
import { holm } from "../math/holm";
import { meanOf } from "../math/mean";
import { type Random, random } from "../math/random";
import { markdownTable } from "../metrics/markdownTable";
import { decimals, signedText } from "../runs/signedText";
import type { EvaluatedRow } from "./evaluated";
import type { ExecutedStudy } from "./execute";
import type { TextTable } from "./text";

/** How one model does on one log, beside the best of everything that needs no actor. */
export interface CarriedRow {
  readonly log: string;
  readonly users: number;
  readonly seeds: number;
  /** Mean NDCG@k over users and seeds. */
  readonly model: number;
  /** The best other method on these test users, picked after seeing them all: the hardest one to be compared with. */
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
  /** Logs without a pair of runs to compare. */
  readonly left: readonly string[];
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
  logs: readonly { readonly label: string; readonly runs: ExecutedStudy }[],
  { k, own }: { readonly k: number; readonly own: readonly string[] },
): Promise<CarryOver> {
  const rows: Omit<CarriedRow, "adjusted">[] = [];
  const left: string[] = [];
  let model = "";
  for (const { label, runs } of logs) {
    const [first, ...others] = runs.rows;
    model = first.name;
    const columns = await columnsOf(first, k);
    let best: { readonly name: string; readonly ndcg: number; readonly columns: Columns } | undefined;
    for (const row of others) {
      const rival = row.entry.kind === "baseline" || row.entry.kind === "supervised";
      if (!rival || own.includes(row.name)) continue;
      const found = await columnsOf(row, k);
      if (pairs(columns, found).length === 0) continue;
      const ndcg = meanOf([...found.values()].map((column) => meanOf(column)));
      if (best === undefined || ndcg > best.ndcg) best = { name: row.name, ndcg, columns: found };
    }
    if (best === undefined) {
      left.push(label); // every run of the model or of its rivals diverged
      continue;
    }
    const starts = await columnsOf(first, k, "step 0");
    const draw = random(1).fork(label);
    rows.push({
      log: label,
      users: runs.users,
      seeds: columns.size,
      model: meanOf([...columns.values()].map((column) => meanOf(column))),
      best: { name: best.name, ndcg: best.ndcg },
      difference: differenceOf(pairs(columns, best.columns), draw),
      ...(starts.size > 0 && { fromStepZero: differenceOf(pairs(columns, starts), draw) }),
    });
  }
  const adjusted = holm(rows.map(({ difference }) => difference.p ?? 1));
  return {
    model,
    k,
    left,
    rows: rows.map((row, i) => ({ ...row, adjusted: adjusted[i] })),
    mean: meanOf(rows.map(({ difference }) => difference.mean)),
    meanShare: meanOf(rows.map(({ difference, best }) => (best.ndcg > 0 ? difference.mean / best.ndcg : 0))),
  };
}

/** NDCG of every test user by seed; methods in closed form have one seed, which stands for all. */
type Columns = ReadonlyMap<number, Float64Array>;

async function columnsOf(row: EvaluatedRow, k: number, of?: "step 0"): Promise<Columns> {
  const columns = new Map<number, Float64Array>();
  for (const { seed, evaluated } of row.seeds) {
    const found = await evaluated();
    const wanted = of === undefined ? found : found.stepZero;
    if (wanted !== undefined)
      columns.set(row.entry.kind === "baseline" ? Number.NaN : seed, wanted.column("ndcg", k));
  }
  return columns;
}

/** Two columns of each seed that both have. */
function pairs(a: Columns, b: Columns): (readonly [Float64Array, Float64Array])[] {
  const whole = b.get(Number.NaN);
  return [...a].flatMap(([seed, column]) => {
    const other = whole ?? b.get(seed);
    return other === undefined ? [] : [[column, other] as const];
  });
}

function differenceOf(paired: readonly (readonly [Float64Array, Float64Array])[], draw: Random): Interval {
  const [[a, b]] = paired as [readonly [Float64Array, Float64Array]];
  if (paired.length === 1) return pairedInterval(a, b, draw);
  return pairedIntervalOverSeeds(
    paired.map(([one]) => one),
    paired.map(([, other]) => other),
    draw,
  );
}

/** One line a log: the model, the best other method there, and the difference. */
export function carryOverTable({ rows, model, k }: CarryOver): TextTable {
  return {
    head: ["log", "users", "best baseline", `NDCG@${k}`, model, "difference", "from step 0"],
    lines: rows.map((row) => [
      row.log,
      row.users.toLocaleString("en-US"),
      row.best.name,
      decimals(row.best.ndcg),
      decimals(row.model),
      `${signedText(row.difference, decimals)}${row.adjusted < 0.05 ? " *" : ""}`,
      row.fromStepZero === undefined ? "" : signedText(row.fromStepZero, decimals),
    ]),
  };
}

export function carryOverNotes({ rows, mean, meanShare, model, left }: CarryOver): string[] {
  const behind = rows.filter(({ difference }) => difference.upper < 0).map(({ log }) => log);
  const counts = [...new Set(rows.map((row) => row.seeds))];
  const over = counts.join() === "1" ? "users alone (one seed)" : `users and ${counts.join(" or ")} seeds`;
  return [
    `${rows.length} differences, 95% intervals over ${over}; * where p < .05 after Holm's correction for that many. The best baseline is picked after seeing the test users, which flatters it.`,
    `Mean over the logs: ${mean < 0 ? "−" : "+"}${decimals(Math.abs(mean))} (${(100 * meanShare).toFixed(1)}% of the best baseline).`,
    ...(left.length === 0 ? [] : [`Left out, since its runs diverged: ${left.join("; ")}.`]),
    behind.length === 0
      ? `On no log is ${model} shown to be behind the best baseline.`
      : `${model} is behind the best baseline on ${behind.join("; ")}.`,
  ];
}

/** The same as Markdown. */
export function carryOverPage(table: CarryOver): string {
  const { head, lines } = carryOverTable(table);
  return [markdownTable(head, lines), "", ...carryOverNotes(table).map((note) => `- ${note}`), ""].join("\n");
}
