import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../data/dataset";
import { InputError } from "../data/inputError";
import { writeAtomically } from "../data/writeAtomically";
import { itemCounts } from "../metrics/evaluate";
import type { CodeVersion } from "../runs/codeVersion";
import { type ExperimentData, experimentData } from "../runs/experimentData";
import { logKey } from "../runs/logKey";
import { openRun } from "../runs/openRun";
import { rewardOf } from "../runs/rewardOf";
import { type RunSummary, readSummary } from "../runs/runFolder";
import { type SharedStarts, sharedStarts } from "../runs/sharedStart";
import { trainRun } from "../runs/trainRun";
import type { ExperimentConfig } from "../settings/experimentConfig";
import type { RunConfig } from "../settings/runConfig";
import { type PlannedRow, plannedRows, rowKey } from "./experimentRows";
import { judgeBaselines } from "./judgeBaselines";
import { type Judged, type Judging, judge, readJudged } from "./judged";
import { type TimeLeft, timeLeft } from "./timeLeft";

export interface ManyRequest {
  readonly experiment: ExperimentConfig;
  readonly dataset: Dataset;
  /** Where the runs are kept, one folder for each model and seed. What is finished there is not done again. */
  readonly folder: string;
  /** The project's folder, for data/cache. */
  readonly root?: string;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
  readonly onNotice?: (notice: string) => void;
}

/** One row's runs. */
export interface JudgedRow extends PlannedRow {
  readonly seeds: readonly {
    readonly seed: number;
    /** Absent for methods in closed form that nobody asked to keep. */
    readonly summary?: RunSummary;
    /** Reads the figures, so that only those in use are held. */
    judged(): Promise<Judged>;
  }[];
}

export interface ManyRuns {
  readonly data: ExperimentData;
  readonly users: number;
  readonly rows: readonly JudgedRow[];
  /** Runs whose learning ran away; they are not tried again while their folder stands. */
  readonly failed: readonly { readonly name: string; readonly seed: number; readonly reason: string }[];
  /** What the runs were made with, each version once. */
  readonly code: readonly CodeVersion[];
}

/**
 * Trains every model of an experiment under every seed, each into an ordinary run folder, and judges it on the
 * test users. All seeds of a model share what seeds share (the next-item model in data/cache), runs are opened one
 * at a time, and only figures of users are kept. An experiment that was cut short goes on where it was.
 *
 * @throws InputError when the data cannot be cut or judged, or a reward is unknown.
 */
export async function runMany(request: ManyRequest): Promise<ManyRuns> {
  const { experiment, dataset, folder } = request;
  const { models, seeds } = experiment;
  for (const { config, refused } of models)
    try {
      rewardOf(config.reward, dataset.interactions);
    } catch (error) {
      throw error instanceof InputError ? refused("reward", error) : error;
    }
  const rows = plannedRows(experiment);
  const data = experimentData(dataset, models[0]!.config);
  const judging = judgingOf(data, experiment.ks);
  const log = logKey(dataset.interactions);
  // Fitting again on validation rows starts from the run that did not see them, so both lie in one folder.
  const homeOf = ({ config }: PlannedRow): string =>
    join(folder, `${config.agent.name}-${rowKey({ ...config, refit: false }, log)}`);
  const learned = rows.filter(({ entry, role }) => entry.kind !== "baseline" || role === "model");
  const cells = seeds.flatMap((seed, i) =>
    learned
      .filter(({ entry }) => i === 0 || entry.kind !== "baseline")
      .map((row): Cell => ({ row, seed, home: join(homeOf(row), `seed-${seed}`) })),
  );
  const clock = timeLeft(data);
  const starts = sharedStarts(request);
  const waiting: Cell[] = [];
  for (const cell of cells) {
    const config = { ...cell.row.config, seed: cell.seed };
    if ((await readSummary(finalHome(cell))) === undefined) waiting.push(cell);
    else clock.known(config);
  }
  for (const { row, seed } of waiting) clock.expect({ ...row.config, seed });
  request.onNotice?.(
    `${cells.length} runs, ${cells.length - waiting.length} of them finished before${waiting.length > 0 ? `; the others may take ${clock.text()} (a guess; the clock corrects it)` : ""}`,
  );
  const failed: { name: string; seed: number; reason: string }[] = [];
  const done = new Map<PlannedRow, JudgedRow["seeds"][number][]>(rows.map((row) => [row, []]));
  const code = new Map<string, CodeVersion>();
  for (const [i, cell] of cells.entries()) {
    const { row, seed } = cell;
    const waits = waiting.includes(cell);
    if (waits)
      request.onNotice?.(`run ${i + 1} of ${cells.length}: ${row.name}, seed ${seed}; ${clock.text()} left`);
    const made = await trained(cell, { ...request, starts }, waits ? clock : undefined);
    if ("reason" in made) {
      failed.push({ name: row.name, seed, reason: made.reason });
      continue;
    }
    code.set(JSON.stringify(made.code), made.code);
    if (row.entry.kind !== "baseline") await judgedRun(finalHome(cell), judging, starts);
    const judged = (): Promise<Judged> => judgedRun(finalHome(cell), judging, starts);
    done.get(row)!.push({ seed, summary: made, judged });
  }
  const fixed = rows.filter(({ entry }) => entry.kind === "baseline");
  const baselines = await judgeBaselines(fixed, data, {
    ...request,
    judging,
    fileOf: (row) => join(homeOf(row), data.refit ? "refit" : "", "judged.columns"),
  });
  for (const [row, judged] of baselines) {
    const kept = done.get(row)![0];
    done.set(row, [{ seed: seeds[0]!, ...(kept?.summary && { summary: kept.summary }), judged }]);
  }
  return {
    data,
    users: judging.task.histories.size,
    rows: rows.map((row) => ({ ...row, seeds: done.get(row)! })),
    failed,
    code: [...code.values()],
  };
}

interface Cell {
  readonly row: PlannedRow;
  readonly seed: number;
  readonly home: string;
}

/** Where a cell's judged run lies: the run itself, or with refit the one beside it that saw validation rows too. */
function finalHome({ row, home }: Cell): string {
  return row.config.refit ? join(home, "refit") : home;
}

function judgingOf(data: ExperimentData, ks: readonly number[]): Judging {
  const { interactions, catalog, origin } = data.dataset;
  const trainCounts = itemCounts(interactions.items, data.split.train, catalog.size);
  try {
    return { task: data.test(), ks, trainCounts };
  } catch (error) {
    throw new InputError((error as Error).message, { file: origin });
  }
}

/** Trains one cell. With refit first without the validation rows, to choose the step, then with them for as many. */
async function trained(
  cell: Cell,
  { dataset, root, starts, onProgress, onNotice }: ManyRequest & { readonly starts: SharedStarts },
  clock?: TimeLeft,
): Promise<RunSummary | { readonly reason: string }> {
  const { row, seed, home } = cell;
  const config: RunConfig = { ...row.config, seed };
  const note = join(home, "diverged.txt");
  const earlier = await readFile(note, "utf8").catch(() => undefined);
  if (earlier !== undefined) return { reason: earlier.trim() };
  const label = `${row.name}, seed ${seed}`;
  const from = performance.now();
  const shared = {
    dataset,
    starts,
    ...(root === undefined ? {} : { root }),
    onProgress: (what: string, done: number, total: number, detail: string) =>
      onProgress?.(`${label}: ${what === row.entry.name ? "updates" : what}`, done, total, detail),
  };
  try {
    const first = await trainRun({ ...shared, folder: home, config: { ...config, refit: false } });
    const steps = first.record?.chosenStep ?? null;
    const made = config.refit
      ? await trainRun({ ...shared, folder: finalHome(cell), config: { ...config, steps } })
      : first;
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

/** A run's figures: those kept in its folder, or taken now. */
async function judgedRun(folder: string, judging: Judging, starts: SharedStarts): Promise<Judged> {
  const file = join(folder, "judged.columns");
  const kept = await readJudged(file, judging);
  if (kept !== undefined) return kept;
  const run = await openRun(folder, starts);
  try {
    return await judge(file, run.recommender, judging, run.stepZero);
  } finally {
    run.dispose();
  }
}
