import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { baselineLimit } from "../baselines/fitBaselines";
import { InputError } from "../data/inputError";
import type { Task } from "../data/task";
import { writeAtomically } from "../data/writeAtomically";
import { itemCounts } from "../metrics/evaluate";
import type { CodeVersion } from "../runs/codeVersion";
import { openRun } from "../runs/openRun";
import type { PreparedData } from "../runs/preparedData";
import { type RunSummary, readSummary } from "../runs/runFolder";
import { type SharedStarts, sharedStarts } from "../runs/sharedStart";
import { trainRun } from "../runs/trainRun";
import type { RunConfig } from "../settings/runConfig";
import { evaluateBaselines } from "./evaluateBaselines";
import {
  type Evaluated,
  type EvaluatedRow,
  type EvaluatedSeed,
  type EvaluationTask,
  evaluate,
  readEvaluated,
} from "./evaluated";
import type { PlannedRow, PlannedRun } from "./plan";
import { type TimeLeft, timeLeft } from "./timeLeft";
import type { StudyCell } from "./workers";

export interface ExecuteOptions {
  /** The project's folder, for data/cache. */
  readonly root?: string;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
  readonly onNotice?: (notice: string) => void;
  /** How many are at work at once: what the guess of the time left is divided by. */
  readonly jobs?: number;
  /** Makes runs elsewhere, in other processes; those that it leaves unfinished are made here. */
  readonly elsewhere?: (
    cells: readonly StudyCell[],
    onMade: (cell: StudyCell, seconds: number) => void,
  ) => Promise<void>;
}

/** A plan that is carried out. */
export interface ExecutedStudy {
  readonly data: PreparedData;
  readonly users: number;
  readonly rows: readonly EvaluatedRow[];
  /** Runs whose learning ran away; they are not tried again while their folder stands. */
  readonly failed: readonly { readonly name: string; readonly seed: number; readonly reason: string }[];
  /** What the runs were made with, each version once. */
  readonly code: readonly CodeVersion[];
}

/**
 * Carries out a plan: what is not finished is trained, each run into its folder, and everything is evaluated on the
 * test users. All seeds of a model share what seeds share (the next-item model in data/cache), runs are opened one
 * at a time, and only figures of users are kept. A study that was cut short continues where it was.
 */
export async function execute(
  planned: readonly PlannedRow[],
  data: PreparedData,
  on: EvaluationTask,
  options: ExecuteOptions = {},
): Promise<ExecutedStudy> {
  const { onNotice, jobs, elsewhere } = options;
  const rows = thatFit(planned, data, onNotice);
  const { cells, seeds, work } = workOf(rows, data, options);
  const clock = timeLeft(data, jobs);
  const waiting = new Set<Cell>();
  for (const cell of cells)
    if (cell.run.supervised) continue;
    else if ((await readSummary(cell.run.folder)) === undefined) waiting.add(cell);
    else clock.known(configOf(cell));
  for (const cell of waiting) clock.expect(configOf(cell));
  onNotice?.(
    `${cells.length} runs, ${cells.length - waiting.size} of them finished before${waiting.size > 0 ? `; the others may take ${clock.text()} (a guess; the clock corrects it)` : ""}`,
  );
  if (elsewhere !== undefined && waiting.size > 1) {
    await elsewhere([...waiting].map(nameOf), (made, seconds) => {
      const cell = [...waiting].find((each) => isCell(each, made));
      if (cell !== undefined) clock.took(configOf(cell), seconds);
    });
    for (const cell of waiting) if ((await readSummary(cell.run.folder)) !== undefined) waiting.delete(cell);
  }
  const failed: { name: string; seed: number; reason: string }[] = [];
  const done = new Map<PlannedRow, EvaluatedSeed[]>(rows.map((row) => [row, []]));
  const code = new Map<string, CodeVersion>();
  for (const [i, cell] of cells.entries()) {
    const { row, run } = cell;
    const { seed } = run;
    if (waiting.has(cell))
      onNotice?.(`run ${i + 1} of ${cells.length}: ${row.name}, seed ${seed}; ${clock.text()} left`);
    const made = await madeRun(cell, work, waiting.has(cell) ? clock : undefined);
    if ("reason" in made) {
      failed.push({ name: row.name, seed, reason: made.reason });
      continue;
    }
    code.set(JSON.stringify(made.code), made.code);
    const summary = run.supervised ? {} : { summary: made };
    if (row.fitted) {
      done.get(row)!.push({ seed, ...summary, evaluated: nothingYet });
      continue;
    }
    options.onProgress?.("evaluating", i, cells.length, row.name);
    const figures = await evaluateRun(run, on, work.starts);
    const evaluated =
      run.figures === undefined ? async () => figures : () => evaluateRun(run, on, work.starts);
    done.get(row)!.push({ seed, ...summary, evaluated });
  }
  const fitted = rows.filter((row) => row.fitted !== undefined);
  for (const [row, evaluated] of await evaluateBaselines(fitted, data, on, options)) {
    const [kept] = done.get(row)!;
    done.set(row, [{ ...kept, seed: kept?.seed ?? seeds[0] ?? 1, evaluated }]);
  }
  return {
    data,
    users: on.task.histories.size,
    rows: rows.map((row) => ({ ...row, seeds: done.get(row)! })),
    failed,
    code: [...code.values()],
  };
}

/**
 * Makes single runs of a plan, each with its figures: what a process does that works for `elsewhere`.
 *
 * @returns makes one; a run whose learning ran away leaves the note that `execute` reads
 */
export function cellMaker(
  planned: readonly PlannedRow[],
  data: PreparedData,
  on: EvaluationTask,
  options: ExecuteOptions = {},
): (cell: StudyCell) => Promise<void> {
  const { cells, work } = workOf(thatFit(planned, data, undefined), data, options);
  return async (wanted) => {
    const cell = cells.find((each) => isCell(each, wanted));
    if (cell === undefined)
      throw new Error(`the study has no run of ${wanted.name} under seed ${wanted.seed}`);
    const made = await madeRun(cell, work);
    if (!("reason" in made) && !cell.row.fitted) await evaluateRun(cell.run, on, work.starts);
  };
}

/** What there is to do: every row under every seed, all rows of a seed one after another. */
function workOf(rows: readonly PlannedRow[], data: PreparedData, options: ExecuteOptions) {
  const work: Work = { ...options, data, starts: sharedStarts({ root: options.root }) };
  const seeds = [...new Set(rows.flatMap(({ runs }) => runs.map(({ seed }) => seed)))];
  const cells = seeds.flatMap((seed) =>
    rows.flatMap((row) => row.runs.filter((run) => run.seed === seed).map((run): Cell => ({ row, run }))),
  );
  return { cells, seeds, work };
}

function nameOf({ row: { name }, run: { seed } }: Cell): StudyCell {
  return { name, seed };
}

function isCell({ row, run }: Cell, { name, seed }: StudyCell): boolean {
  return row.name === name && run.seed === seed;
}

/** Without the compulsory baselines that a log of this size is too large for; which are asked for say so themselves. */
export function thatFit(
  rows: readonly PlannedRow[],
  { dataset: { interactions } }: PreparedData,
  onNotice: ExecuteOptions["onNotice"],
): readonly PlannedRow[] {
  const limitOf = ({ entry, role }: PlannedRow): string | undefined =>
    role === "compulsory" && entry.kind === "baseline" ? baselineLimit(entry.name, interactions) : undefined;
  const out = rows.filter((row) => limitOf(row) !== undefined);
  if (out.length > 0) onNotice?.(`left out: ${out.map(({ name }) => name).join(", ")}. ${limitOf(out[0])}`);
  return rows.filter((row) => !out.includes(row));
}

/** A task over the whole catalogue of some data. */
export function evaluationTask(data: PreparedData, task: Task, ks: readonly number[]): EvaluationTask {
  const { interactions, catalog } = data.dataset;
  return { task, ks, trainCounts: itemCounts(interactions.items, data.split.train, catalog.size) };
}

/** The users of the test rows. @throws InputError that names the file when there are none. */
export function testUsers(task: () => Task, file: string): Task {
  try {
    return task();
  } catch (error) {
    throw new InputError((error as Error).message, { file });
  }
}

interface Cell {
  readonly row: PlannedRow;
  readonly run: PlannedRun;
}

interface Work extends ExecuteOptions {
  readonly data: PreparedData;
  readonly starts: SharedStarts;
}

function configOf({ row, run }: Cell): RunConfig {
  return { ...row.config, seed: run.seed };
}

function nothingYet(): never {
  throw new Error("execute requires methods in closed form to be fitted first");
}

/** A finished run, or why there is none. What is missing is trained, first where its step is to be chosen. */
async function madeRun(
  cell: Cell,
  { data, root, starts, onProgress, onNotice }: Work,
  clock?: TimeLeft,
): Promise<RunSummary | { readonly reason: string }> {
  const { row, run } = cell;
  const config = configOf(cell);
  const note = join(run.chosenIn ?? run.folder, "diverged.txt");
  const earlier = await readFile(note, "utf8").catch(() => undefined);
  if (earlier !== undefined) return { reason: earlier.trim() };
  const label = `${row.name}, seed ${run.seed}`;
  const from = performance.now();
  const shared = {
    dataset: data.dataset,
    starts,
    ...(root === undefined ? {} : { root }),
    onWait: (pid: number) => onNotice?.(`${label}: waiting for process ${pid}, which makes the same run`),
    ...(onNotice === undefined ? {} : { onNotice }),
    onProgress: (what: string, done: number, total: number, detail: string) =>
      onProgress?.(`${label}: ${what === row.entry.name ? "updates" : what}`, done, total, detail),
  };
  try {
    const { chosenIn } = run;
    const first =
      chosenIn === undefined
        ? undefined
        : await trainRun({ ...shared, folder: chosenIn, config: { ...config, refit: false } });
    const steps = first === undefined ? config.steps : (first.record?.chosenStep ?? null);
    const made = await trainRun({ ...shared, folder: run.folder, config: { ...config, steps } });
    clock?.took(config, (performance.now() - from) / 1000);
    return made;
  } catch (error) {
    const { message } = error as Error;
    if (!/diverged/.test(message)) throw error;
    await writeAtomically(note, `${message}\n`);
    onNotice?.(`${label}: ${message}`);
    return { reason: message };
  }
}

/** A run's figures: those kept in its file, or taken now. */
async function evaluateRun(run: PlannedRun, on: EvaluationTask, starts: SharedStarts): Promise<Evaluated> {
  const { folder, figures: file, supervised } = run;
  const kept = file === undefined ? undefined : await readEvaluated(file, on);
  if (kept !== undefined) return kept;
  const opened = await openRun(folder, starts);
  try {
    return supervised
      ? await evaluate(opened.supervised!, on, { file })
      : await evaluate(opened.recommender, on, { stepZero: opened.stepZero, file });
  } finally {
    opened.dispose();
  }
}
