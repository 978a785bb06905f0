import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { BaselineSettings } from "../baselines/settings";
import { InputError } from "../data/inputError";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import type { FeatureChoice } from "../encoders/featureChoice";
import type { Interval } from "../math/bootstrap";
import { agentEntry } from "../settings/agents";
import { parseConfig } from "../settings/readConfig";
import { type RunConfig, runSettings } from "../settings/runConfig";
import { checkpoints } from "./checkpoint";
import type { CodeVersion } from "./codeVersion";
import type { RefreshRecord } from "./refresh/record";
import type { RunRecord } from "./runRecord";
import type { StartChoice } from "./supervisedStart";

/** What `run.json` holds once a run is finished. */
export interface RunSummary {
  readonly format: 1;
  readonly agent: string;
  readonly kind: "actor-critic" | "supervised" | "baseline" | "classic";
  readonly data: {
    readonly label: string;
    readonly name: string;
    readonly origin: string;
    readonly users: number;
    readonly items: number;
    readonly interactions: number;
    readonly order: string;
    readonly skippedRows: number;
    readonly notices: readonly string[];
  };
  readonly split: {
    readonly protocol: string;
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    readonly refit: boolean;
  };
  readonly seed: number;
  readonly code: CodeVersion;
  /** NDCG@10 on the validation users; null without them. */
  readonly validation: { readonly users: number; readonly ndcg: Interval } | null;
  /** Of baselines: what they were fitted with. */
  readonly baseline?: BaselineSettings;
  /** Of models that were asked for further columns: those that their states know, and what "auto" chose by. */
  readonly features?: { readonly columns: readonly string[]; readonly choice?: FeatureChoice };
  /** Of models: the supervised ranking that is served, and that actors start from. */
  readonly start?: StartChoice;
  /** Of agents: the run's curves and its comparison with step 0. */
  readonly record?: RunRecord;
  readonly warnings: readonly string[];
  /** Of a run that goes on from another: which, what was new, and what it gained. */
  readonly refresh?: RefreshRecord;
}

/** The files of a run folder, in one place. */
export const runFiles = {
  config: "config.yaml",
  summary: "run.json",
  card: "model-card.md",
  checkpoints: "checkpoints",
  nextItem: "next-item",
  classic: "agent",
} as const;

/** Writes config.yaml, with a comment for each setting. */
export function writeConfig(folder: string, config: RunConfig): Promise<void> {
  const { shape } = runSettings(agentEntry(config.agent.name));
  const parts = Object.entries(shape).map(
    ([key, { description }]) => `# ${description}\n${stringify({ [key]: config[key as keyof RunConfig] })}`,
  );
  return writeAtomically(join(folder, runFiles.config), parts.join(""));
}

const runsNamed = 6;

/** Folders of runs inside a study's folder, which has one for each model and in it one for each seed. */
async function runsIn(folder: string, depth = 2): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries
    .filter((each) => each.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = join(folder, entry.name);
    if (existsSync(join(inner, runFiles.config))) found.push(inner);
    else if (depth > 1) found.push(...(await runsIn(inner, depth - 1)));
  }
  return found;
}

/** @throws InputError when the folder is no run folder; where it holds some, they are named. */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const file = join(folder, runFiles.config);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    const inside = await runsIn(folder);
    if (inside.length > 0)
      throw new InputError("holds runs and is none itself", {
        file: folder,
        expected: `one of them: ${inside.slice(0, runsNamed).join(", ")}${inside.length > runsNamed ? `, and ${inside.length - runsNamed} more` : ""}`,
      });
    throw new InputError("is missing", { file, expected: "a run folder, as npm run train makes" });
  }
  return parseConfig(text, file).value as unknown as RunConfig;
}

export function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  return writeJsonAtomically(join(folder, runFiles.summary), summary);
}

/** The summary of a finished run; undefined while it is not finished. */
export async function readSummary(folder: string): Promise<RunSummary | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, runFiles.summary), "utf8")) as RunSummary;
  } catch {
    return undefined;
  }
}

/** A run folder with everything that its training wrote. */
export interface FinishedRun {
  readonly folder: string;
  readonly config: RunConfig;
  readonly summary: RunSummary;
}

/** @throws InputError when the folder is none, or its run is not finished. */
export async function readFinished(folder: string): Promise<FinishedRun> {
  const config = await readRunConfig(folder);
  const summary = await readSummary(folder);
  if (summary === undefined)
    throw new InputError("is not finished", {
      file: folder,
      expected: `a finished run; npm run train -- --resume --out ${folder} continues it`,
    });
  return { folder, config, summary };
}

/** What a run leaves that was killed before its settings were written: the log alone, or a file half written. */
const leftovers: readonly RegExp[] = [
  /^log\.arrays$/,
  /^\.lock$/,
  /^names\.json$/,
  /^refresh$/,
  /^\..*\.tmp$/,
];
/** What it has made by its first checkpoint, from these and its settings. */
const made = [runFiles.nextItem, runFiles.classic, runFiles.checkpoints, "metrics.jsonl", "events"] as const;
const own: ReadonlySet<string> = new Set([runFiles.config, ...made]);

/**
 * Whether a run may be made in a folder: it is missing, empty, or holds only what a run left that was killed
 * before its first checkpoint. A file called config.yaml is a run's own where the run's log stands beside it.
 *
 * @throws InputError when it is no folder.
 */
export async function isFree(folder: string): Promise<boolean> {
  try {
    const names = await readdir(folder);
    const isOwn = names.includes("log.arrays") && names.includes("names.json");
    const isLeft = (name: string): boolean =>
      leftovers.some((one) => one.test(name)) || (isOwn && own.has(name));
    return names.every(isLeft) && (await checkpoints(join(folder, runFiles.checkpoints))).length === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw new InputError("is not a folder", { file: folder, expected: "a folder for the run" });
  }
}

/**
 * Clears away what a killed run left half written, and, where it has no checkpoint to go on from, what it had made
 * already: it is made again, and another run that is made here has nothing of it.
 */
export async function clearLeftovers(folder: string): Promise<void> {
  for (const place of [folder, join(folder, runFiles.nextItem), join(folder, runFiles.classic)])
    for (const name of await readdir(place).catch(() => []))
      if (/^\.(?!lock).*\.tmp$/.test(name)) await rm(join(place, name), { force: true });
  if ((await checkpoints(join(folder, runFiles.checkpoints))).length > 0) return;
  for (const name of made) await rm(join(folder, name), { recursive: true, force: true });
}
