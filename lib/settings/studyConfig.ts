import { basename } from "node:path";
import { z } from "zod";
import { isMade } from "../data/datasets";
import { InputError } from "../data/inputError";
import { type AgentEntry, agentEntry } from "./agents";
import { type ConfigSource, check, merge, parseOverride, type Settings } from "./readConfig";
import { resolveConfig } from "./resolveConfig";
import { type RunConfig, splitSettings, trainingSettings } from "./runConfig";
import {
  type DataSettings,
  logSettings,
  modelSettings,
  type StudyFile,
  studySettings,
} from "./studySettings";
import { worldOf } from "./worldData";

/** One model of a study: a name of its own, and the settings of its run under the first seed. */
export interface StudyModel {
  readonly name: string;
  readonly config: RunConfig;
  /** An error about one of its settings, named by file and line. */
  refused(key: string, error: InputError): InputError;
}

/** What is trained on what, and how it is evaluated. */
export interface StudyConfig {
  readonly name: string;
  readonly data: DataSettings;
  /** The file, for data that lies beside it. */
  readonly file: string;
  readonly seeds: readonly number[];
  /** List lengths, ascending. */
  readonly ks: readonly number[];
  /** Also train each actor–critic without its critic, and greedy reward. */
  readonly controls: boolean;
  readonly models: readonly StudyModel[];
}

type Path = readonly PropertyKey[];

/**
 * Resolves a study's file, with `key=value` overrides of `data`, `training` and `controls`. Settings of runs (steps,
 * reward, nextItem ...) may stand under `training` for all models or under one model, which has the last word;
 * whatever is wrong is named by file and line.
 *
 * @throws InputError for unknown keys, types and settings, values out of range, and names that come twice.
 * @example resolveStudy(await readConfig("tiny.yaml")).seeds // [1, 2]
 */
export function resolveStudy(file: ConfigSource, set: readonly string[] = []): StudyConfig {
  const sources = [file, ...set.map(parseOverride)];
  for (const source of sources) check(source, studySettings);
  const study = merge(...sources.map(({ value }) => value)) as StudyFile;
  const { data = {}, training = {}, controls = true, models = [] } = study;
  const fail = (path: Path, what: string, expected: string): never => {
    throw new InputError(what, { file: file.name, line: file.lineOf(path) ?? 1, expected });
  };
  requireData(data, fail);
  const defaults = data.world === undefined ? {} : worldDefaults(data, fail);
  if (models.length === 0)
    fail([], "models are missing", 'a list of models, each with a "type" (an agent of npm run train)');
  if (training.episodes !== undefined && training.steps !== undefined)
    fail(["training", "episodes"], "episodes and steps are the same setting", "one of them");
  const seeds = seedsOf(training.seeds ?? 5);
  if (new Set(seeds).size < seeds.length) fail(["training", "seeds"], "a seed comes twice", "each seed once");
  const ks = [...new Set([training.k ?? [5, 10, 20]].flat())].sort((a, b) => a - b);
  const names = new Set<string>();
  const made = models.map((model, index): StudyModel => {
    const at = ["models", index];
    const whole: ConfigSource = { ...file, value: study };
    check(whole, z.looseObject({ type: z.string() }), at);
    const entry = agentEntry(model.type, file.name, file.lineOf([...at, "type"]));
    check(whole, modelSettings(entry), at);
    const name = model.name ?? model.type;
    if (names.has(name))
      fail([...at, "name"], `the name "${name}" comes twice`, "a name of its own for each model");
    names.add(name);
    const source = modelSource(file, study, index, { entry, seed: seeds[0], defaults });
    const refused = (key: string, { message }: InputError): InputError =>
      new InputError(message, { file: file.name, line: source.lineOf([key]) ?? 1 });
    return { name, config: resolveConfig({ file: source }), refused };
  });
  const name = study.name ?? plainName(file.name);
  return { name, data, file: file.name, seeds, ks, controls, models: made };
}

/** One log of a study over several: what its row is called, and the study of it alone. */
export interface StudyLog {
  readonly label: string;
  readonly study: StudyConfig;
}

/**
 * The studies of a file whose `logs` name several sets of data, each laid over `data`; undefined where there are no
 * `logs`.
 *
 * @throws InputError as `resolveStudy` does, and for names that come twice.
 */
export function resolveLogs(file: ConfigSource, set: readonly string[] = []): StudyLog[] | undefined {
  check(file, studySettings);
  const { logs, ...rest } = file.value as StudyFile;
  if (logs === undefined) return undefined;
  for (const index of logs.keys()) check(file, logSettings, ["logs", index]);
  return logs.map(({ name: label, ...data }, index) => {
    const lineOf: ConfigSource["lineOf"] = ([head, ...path]) => {
      const own = head === "data" && (path[0] === undefined || path[0] in data);
      return file.lineOf(own ? ["logs", index, ...path] : [head, ...path]);
    };
    if (logs.findIndex(({ name }) => name === label) < index)
      throw new InputError(`the name "${label}" comes twice`, {
        file: file.name,
        line: file.lineOf(["logs", index]) ?? 1,
        expected: "a name of its own for each log",
      });
    const value = merge(rest, { data, name: plainName(label) });
    return { label, study: resolveStudy({ name: file.name, value, lineOf }, set) };
  });
}

/** Settings that only updates read. */
const updatesOnly = ["steps", "batchSize", "evaluateEvery", "keep", "replay", "window"];

/** What a run of a kind reads of a study's training settings; what it does not read is left out, so that it is one run whatever stands there. */
function keysOf({ kind }: AgentEntry): string[] {
  if (kind === "baseline") return [];
  const unread =
    kind === "actor-critic"
      ? []
      : kind === "supervised"
        ? [...updatesOnly, "reward", "terminals"]
        : updatesOnly;
  return Object.keys(trainingSettings).filter((key) => !unread.includes(key));
}

/** A model as the source of a run's settings: its own lie over those of `training` and `data`. */
function modelSource(
  file: ConfigSource,
  { data = {}, training = {}, models = [] }: StudyFile,
  index: number,
  {
    entry,
    seed,
    defaults,
  }: { readonly entry: AgentEntry; readonly seed: number; readonly defaults: Settings },
): ConfigSource {
  const model = models[index];
  const keys = keysOf(entry);
  const pick = (group: Settings, wanted: readonly string[]): Settings =>
    Object.fromEntries(wanted.flatMap((key) => (group[key] === undefined ? [] : [[key, group[key]]])));
  const { episodes } = training;
  const steps = episodes === undefined || entry.kind !== "actor-critic" ? {} : { steps: episodes };
  const split = Object.keys(splitSettings);
  return {
    name: file.name,
    value: merge(
      pick(defaults, [...split, ...keys]),
      pick(data, split),
      pick(training, keys),
      steps,
      pick(model, keys),
      {
        agent: { name: model.type, ...model.params },
        seed,
      },
    ),
    lineOf(path) {
      const [head, ...rest] = path;
      const own = (model as Settings)[String(head)] !== undefined;
      if (head === "agent" && rest[0] === "name") return file.lineOf(["models", index, "type"]);
      if (head === "agent") return file.lineOf(["models", index, "params", ...rest]);
      if (split.includes(String(head))) return file.lineOf(["data", ...path]);
      if (head === "steps" && !own && episodes !== undefined) return file.lineOf(["training", "episodes"]);
      return file.lineOf(own ? ["models", index, ...path] : ["training", ...path]);
    },
  };
}

function requireData(data: DataSettings, fail: (path: Path, what: string, expected: string) => never): void {
  const { dataset, interactions, world } = data;
  if ([dataset, interactions, world].filter((source) => source !== undefined).length !== 1)
    fail(["data"], "which data is not said", "under data one of dataset, interactions and world");
  for (const key of ["users", "genres", "sparsity", "seed"] as const) {
    const isOfWorld = world !== undefined && (key === "users" || key === "seed");
    if (data[key] !== undefined && !isMade(dataset) && !isOfWorld)
      fail(["data", key], `${key} is of synthetic data alone`, "dataset: synthetic");
  }
  for (const key of ["set", "policy", "epsilon", "steps", "discount"] as const)
    if (data[key] !== undefined && world === undefined)
      fail(["data", key], `${key} is of a world's readers alone`, "world: satiation");
  if (data.genres !== undefined && dataset !== "synthetic")
    fail(["data", "genres"], "genres are of this kind of synthetic data alone", "dataset: synthetic");
  if (typeof data.items === "number" && !isMade(dataset))
    fail(["data", "items"], "a number of items is of synthetic data alone", "the items file");
  if (typeof data.items === "string" && interactions === undefined)
    fail(["data", "items"], "an items file goes with an interactions file", "interactions: FILE");
  if (data.full !== undefined && dataset !== "goodbooks")
    fail(["data", "full"], "full is of goodbooks alone", "dataset: goodbooks");
  for (const key of ["testRatio", "validationRatio"] as const)
    if (data[key] !== undefined && data.protocol === "leave-one-out")
      fail(["data", key], `${key} is of the temporal protocol alone`, "protocol: temporal");
}

/** What a world's log asks of runs. What is wrong with the world is said where it stands. */
function worldDefaults(
  { world, set, policy }: DataSettings,
  fail: (path: Path, what: string, expected: string) => never,
): Settings {
  try {
    return worldOf({ world: world!, ...(set && { set }), ...(policy && { policy }) }).defaults;
  } catch (error) {
    const at = error instanceof InputError && policy !== undefined && error.message.includes(policy);
    return fail(["data", at ? "policy" : "set"], (error as Error).message, "a setting of the world");
  }
}

/** Seeds as they were named, or so many counted from 1. */
export function seedsOf(named: number | readonly number[]): readonly number[] {
  return typeof named === "number" ? Array.from({ length: named }, (_, i) => i + 1) : named;
}

/** "Good Books.yaml" is called "good-books". */
export function plainName(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, "")
    .toLowerCase();
  return name.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "experiment";
}
