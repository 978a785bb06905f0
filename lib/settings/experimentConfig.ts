import { basename } from "node:path";
import { isMade } from "../data/datasets";
import { InputError } from "../data/inputError";
import { agentEntry } from "./agents";
import {
  type DataSettings,
  type ExperimentFile,
  experimentSchema,
  keysAt,
  runKeys,
} from "./experimentSchema";
import { type ConfigSource, check, merge, parseOverride } from "./readConfig";
import type { RunConfig } from "./runConfig";
import { type Defaults, settingsSchema } from "./settings";
import { settleConfig } from "./settleConfig";

/** One model of an experiment: a name of its own, and the settings of its run under the first seed. */
export interface ExperimentModel {
  readonly name: string;
  readonly config: RunConfig;
  /** An error about one of its settings, named by file and line. */
  refused(key: string, error: InputError): InputError;
}

/** What is trained on what, and how it is judged. */
export interface ExperimentConfig {
  readonly name: string;
  readonly data: DataSettings;
  /** The file, for data that lies beside it. */
  readonly file: string;
  readonly seeds: readonly number[];
  /** List lengths, ascending. */
  readonly ks: readonly number[];
  /** Also train each actor–critic without its critic, and greedy reward. */
  readonly controls: boolean;
  readonly models: readonly ExperimentModel[];
}

type Path = readonly PropertyKey[];

/**
 * Settles an experiment's file, with `key=value` overrides of `data`, `training` and `controls`. Settings of runs
 * (steps, reward, nextItem ...) may stand under `training` for all models or under one model, which has the last
 * word; each is checked as a run's own, and whatever is wrong is named by file and line.
 *
 * @throws InputError for unknown keys, types and settings, values out of range, and names that come twice.
 * @example settleExperiment(await readConfig("tiny.yaml")).seeds // [1, 2]
 */
export function settleExperiment(file: ConfigSource, set: readonly string[] = []): ExperimentConfig {
  const sources = [file, ...set.map(parseOverride)];
  for (const source of sources) check(source, experimentSchema, keysAt);
  const settled = merge(...sources.map(({ value }) => value)) as ExperimentFile;
  const { data = {}, training = {}, controls = true, models = [] } = settled;
  const fail = (path: Path, what: string, expected: string): never => {
    throw new InputError(what, { file: file.name, line: file.lineOf(path) ?? 1, expected });
  };
  requireData(data, fail);
  if (models.length === 0)
    fail([], "models are missing", 'a list of models, each with a "type" (an agent of npm run train)');
  if (training.episodes !== undefined && (training as Defaults).steps !== undefined)
    fail(["training", "episodes"], "episodes and steps are the same setting", "one of them");
  const seeds = Array.isArray(training.seeds) ? training.seeds : countFrom1(training.seeds ?? 5);
  if (new Set(seeds).size < seeds.length) fail(["training", "seeds"], "a seed comes twice", "each seed once");
  const ks = [...new Set([training.k ?? [5, 10, 20]].flat())].sort((a, b) => a - b);
  const names = new Set<string>();
  const made = models.map((model, index): ExperimentModel => {
    const source = modelSource(file, settled, index, seeds[0]!);
    const entry = agentEntry(model.type, file.name, file.lineOf(["models", index, "type"]));
    const params: ConfigSource = {
      name: file.name,
      value: (model.params ?? {}) as Defaults,
      lineOf: (path) => file.lineOf(["models", index, "params", ...path]),
    };
    check(params, settingsSchema(entry.defaults), () => Object.keys(entry.defaults));
    const name = model.name ?? model.type;
    if (names.has(name))
      fail(["models", index, "name"], `the name "${name}" comes twice`, "a name of its own for each model");
    names.add(name);
    const refused = (key: string, { message }: InputError): InputError =>
      new InputError(message, { file: file.name, line: source.lineOf([key]) ?? 1 });
    return { name, config: settleConfig({ file: source }), refused };
  });
  const name = settled.name ?? plainName(file.name);
  return { name, data, file: file.name, seeds, ks, controls, models: made };
}

/** One log of an experiment over several: what its rows are called, and the experiment on it alone. */
export interface ExperimentLog {
  readonly label: string;
  readonly experiment: ExperimentConfig;
}

/**
 * The experiments of a file whose `logs` name several sets of data, each laid over `data`; undefined where there are
 * no `logs`.
 *
 * @throws InputError as `settleExperiment` does, and for names that come twice.
 */
export function settleLogs(file: ConfigSource, set: readonly string[] = []): ExperimentLog[] | undefined {
  check(file, experimentSchema, keysAt);
  const { logs, ...rest } = file.value as ExperimentFile;
  if (logs === undefined) return undefined;
  return logs.map(({ name: label, ...data }, index) => {
    const lineOf: ConfigSource["lineOf"] = ([head, ...path]) => {
      const own = head === "data" && (path[0] === undefined || path[0] in data);
      return file.lineOf(own ? ["logs", index, ...path] : [head!, ...path]);
    };
    if (logs.findIndex(({ name }) => name === label) < index)
      throw new InputError(`the name "${label}" comes twice`, {
        file: file.name,
        line: file.lineOf(["logs", index]) ?? 1,
        expected: "a name of its own for each log",
      });
    const value = merge(rest, { data, name: plainName(label) });
    return { label, experiment: settleExperiment({ name: file.name, value, lineOf }, set) };
  });
}

/** A model as the source of a run's settings: its own lie over those of `training` and `data`. */
function modelSource(file: ConfigSource, settled: ExperimentFile, index: number, seed: number): ConfigSource {
  const { data = {}, training = {}, models = [] } = settled;
  const model = models[index]!;
  const { kind } = agentEntry(model.type, file.name, file.lineOf(["models", index, "type"]));
  // What a kind does not read is left out: such a run is the same whatever stands there.
  const idle = ["steps", "batchSize", "evaluateEvery", "keep", "replay", "window"];
  if (kind === "supervised") idle.push("reward");
  const keys = runKeys.filter(
    (key) => kind === "actor-critic" || (kind !== "baseline" && !idle.includes(key)),
  );
  const pick = (group: Defaults, wanted: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(wanted.flatMap((key) => (group[key] === undefined ? [] : [[key, group[key]]])));
  const { episodes } = training;
  const steps = episodes === undefined || kind !== "actor-critic" ? {} : { steps: episodes };
  const split = ["protocol", "validationRatio", "testRatio", "relevantAt", "refit"];
  return {
    name: file.name,
    value: merge(pick(data, split), pick(training, keys), steps, pick(model, keys), {
      agent: { name: model.type, ...model.params },
      seed,
    }),
    lineOf(path) {
      const [head, ...rest] = path;
      const own = (model as Defaults)[head as string] !== undefined;
      if (head === "agent" && rest[0] === "name") return file.lineOf(["models", index, "type"]);
      if (head === "agent") return file.lineOf(["models", index, "params", ...rest]);
      if (split.includes(String(head))) return file.lineOf(["data", ...path]);
      if (head === "steps" && !own && episodes !== undefined) return file.lineOf(["training", "episodes"]);
      return file.lineOf(own ? ["models", index, ...path] : ["training", ...path]);
    },
  };
}

function requireData(data: DataSettings, fail: (path: Path, what: string, expected: string) => never): void {
  const { dataset, interactions } = data;
  if ((dataset === undefined) === (interactions === undefined))
    fail(["data"], "which data is not said", "under data either dataset or interactions");
  for (const key of ["users", "genres", "sparsity", "seed"] as const)
    if (data[key] !== undefined && !isMade(dataset))
      fail(["data", key], `${key} is of synthetic data alone`, "dataset: synthetic");
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

function countFrom1(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** "Good Books.yaml" is called "good-books". */
function plainName(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, "")
    .toLowerCase();
  return name.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "experiment";
}
