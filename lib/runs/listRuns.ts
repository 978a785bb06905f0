import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../data/inputError";
import { agentEntry } from "../settings/agents";
import { parseConfig } from "../settings/readConfig";
import type { RunConfig } from "../settings/runConfig";
import { checkpoints } from "./checkpoint";
import { workerIn } from "./folderLock";
import { type RunSummary, runFiles } from "./runFolder";

/** What a run folder tells of itself from its small files. */
export interface ListedRun {
  readonly folder: string;
  readonly state: "finished" | "running" | "unfinished" | "damaged";
  /** Of damaged ones: what is wrong, and what to do. */
  readonly reason?: string;
  readonly agent?: string;
  readonly data?: string;
  readonly seed?: number;
  /** Updates that were asked for; of unfinished runs absent where they are fitted to the log. */
  readonly steps?: number;
  /** Updates made. */
  readonly step?: number;
  readonly keptStep?: number;
  /** NDCG@10 on the validation users: at the kept step, of unfinished runs at the last validation. */
  readonly validation?: { readonly mean: number; readonly lower?: number; readonly upper?: number };
  /** What learning earned beside step 0, on users that did not choose. */
  readonly fromStepZero?: {
    readonly mean: number;
    readonly lower: number;
    readonly upper: number;
    readonly verdict: string;
  };
  readonly warnings: number;
  /** Milliseconds since 1970 of the last change of its small files. */
  readonly changed: number;
  readonly bytes: number;
}

/** Names that only a run folder has. */
const signs: ReadonlySet<string> = new Set([
  runFiles.config,
  runFiles.summary,
  "log.arrays",
  "metrics.jsonl",
]);
/** Folders inside folders: a study has one for each model and in it one for each seed. */
const depth = 4;
/** Folders that are read at once. */
const atOnce = 16;

/**
 * Lists run folders: those given, and those inside given ones. Only small files are read, so that a thousand runs take
 * seconds; a damaged folder is a row like others, with its reason.
 *
 * @returns the last changed first
 * @throws InputError when a folder is not there, or holds no run.
 */
export async function listRuns(folders: readonly string[]): Promise<readonly ListedRun[]> {
  const found = new Set<string>();
  for (const folder of folders) {
    const inside = await runFoldersIn(folder, depth);
    if (inside === undefined)
      throw new InputError("is no folder", { file: folder, expected: "run folders, as npm run train makes" });
    if (inside.length === 0)
      throw new InputError("holds no runs", {
        file: folder,
        expected: "run folders, as npm run train makes",
      });
    for (const each of inside) found.add(each);
  }
  const queue = [...found];
  const listed: ListedRun[] = [];
  const work = async (): Promise<void> => {
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift())
      listed.push(await listRun(folder));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return listed.sort((a, b) => b.changed - a.changed || (a.folder < b.folder ? -1 : 1));
}

/** The folder itself where it is a run's, else those inside; undefined where it is none. */
async function runFoldersIn(folder: string, deep: number): Promise<string[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  if (entries.some(({ name }) => signs.has(name))) return [folder];
  const found: string[] = [];
  if (deep > 0)
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith("."))
        found.push(...((await runFoldersIn(join(folder, entry.name), deep - 1)) ?? []));
  return found;
}

/** One run folder. It never throws: what is wrong is the row's reason. */
export async function listRun(folder: string): Promise<ListedRun> {
  const base = { folder, bytes: await sizeOf(folder), changed: await lastChange(folder), warnings: 0 };
  try {
    const summary = await summaryOf(folder);
    if (summary === undefined) return { ...base, ...(await unfinished(folder)) };
    const reason = await missingPart(folder, summary);
    return { ...base, ...finished(summary), ...(reason !== undefined && { state: "damaged", reason }) };
  } catch (error) {
    const reason = (error as Error).message;
    return { ...base, state: "damaged", reason: reason.replace(`${folder}/`, "") };
  }
}

function finished(summary: RunSummary) {
  const { agent, data, seed, record, validation, warnings } = summary;
  const compared = record?.stepZero;
  return {
    state: "finished" as const,
    ...{ agent, data: data.label, seed, warnings: warnings.length },
    ...(record && { steps: record.steps, step: record.steps, keptStep: record.chosenStep }),
    ...(validation && {
      validation: { mean: validation.ndcg.mean, lower: validation.ndcg.lower, upper: validation.ndcg.upper },
    }),
    ...(compared && {
      fromStepZero: {
        ...{ mean: compared.difference.mean, lower: compared.difference.lower },
        ...{ upper: compared.difference.upper, verdict: compared.verdict },
      },
    }),
  };
}

/** @throws InputError when there is a summary that cannot be read. */
async function summaryOf(folder: string): Promise<RunSummary | undefined> {
  const file = join(folder, runFiles.summary);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new InputError(`cannot be read (${(error as Error).message})`, { file });
  }
  let value: Partial<RunSummary>;
  try {
    value = JSON.parse(text) as Partial<RunSummary>;
  } catch {
    throw new InputError("is not JSON; without it, npm run train -- --resume makes it again", { file });
  }
  const whole =
    typeof value?.agent === "string" &&
    typeof value.seed === "number" &&
    typeof value.data?.label === "string" &&
    Array.isArray(value.warnings);
  if (!whole)
    throw new InputError("is no summary of a run", { file, expected: "the one that training wrote" });
  return value as RunSummary;
}

/** What of a finished run is not there, in words; undefined when all is. */
async function missingPart(folder: string, { kind, record }: RunSummary): Promise<string | undefined> {
  const names = new Set(await readdir(folder));
  const wanted = [runFiles.config, "log.arrays", "names.json"];
  if (kind === "classic") wanted.push(runFiles.classic);
  if (kind === "supervised" || kind === "actor-critic") wanted.push(runFiles.nextItem);
  const lost = wanted.find((name) => !names.has(name));
  if (lost !== undefined) return `${lost} is missing`;
  if (kind !== "actor-critic" || record === undefined) return undefined;
  const kept = await checkpoints(join(folder, runFiles.checkpoints));
  return kept.some(({ step }) => step === record.chosenStep)
    ? undefined
    : `the checkpoint of step ${record.chosenStep} is missing`;
}

async function unfinished(folder: string) {
  const file = join(folder, runFiles.config);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new InputError(
      `was cut short before its settings were written; npm run train -- --out ${folder} begins again`,
    );
  }
  const config = parseConfig(text, file).value as unknown as Partial<RunConfig>;
  const name = config.agent?.name;
  if (typeof name !== "string")
    throw new InputError("names no agent", { file, expected: "settings of a run" });
  const entry = agentEntry(name);
  const worker = await workerIn(folder);
  const kept = await checkpoints(join(folder, runFiles.checkpoints));
  const last = await lastFigures(join(folder, "metrics.jsonl"));
  const label = /"label":("(?:[^"\\]|\\.)*")/.exec(await beginning(join(folder, "names.json")))?.[1];
  const step = last?.step ?? kept.at(-1)?.step;
  return {
    state: worker === undefined ? ("unfinished" as const) : ("running" as const),
    agent: entry.name,
    ...(label !== undefined && { data: JSON.parse(label) as string }),
    ...(typeof config.seed === "number" && { seed: config.seed }),
    ...(typeof config.steps === "number" && { steps: config.steps }),
    ...(step !== undefined && { step }),
    ...(last?.validationNdcg !== undefined && { validation: { mean: last.validationNdcg } }),
  };
}

/** Enough for some twenty lines of figures. */
const tail = 8192;

/** The step of the last whole line, and the last validation among the last lines. */
async function lastFigures(
  file: string,
): Promise<{ readonly step: number; readonly validationNdcg?: number } | undefined> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, tail));
    await handle.read(buffer, 0, buffer.length, size - buffer.length);
    const figures = buffer
      .toString("utf8")
      .split("\n")
      .flatMap((line): Record<string, number>[] => {
        try {
          return [JSON.parse(line) as Record<string, number>];
        } catch {
          return []; // cut by where reading began, or by the end of the run
        }
      })
      .filter((each) => typeof each?.step === "number");
    const validated = figures.filter(({ validationNdcg }) => validationNdcg !== undefined).at(-1);
    const last = figures.at(-1);
    if (last === undefined) return undefined;
    return { step: last.step, ...(validated && { validationNdcg: validated.validationNdcg }) };
  } finally {
    await handle.close();
  }
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const buffer = Buffer.alloc(2048);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function lastChange(folder: string): Promise<number> {
  let latest = 0;
  for (const name of [runFiles.summary, "metrics.jsonl", runFiles.config, "log.arrays"]) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined) latest = Math.max(latest, found.mtimeMs);
  }
  return latest;
}

/** Bytes of all files below a folder; what cannot be read counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sizeOf(path);
      return entry.isFile() ? ((await stat(path).catch(() => undefined))?.size ?? 0) : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
