import { z } from "zod";
import { InputError } from "../data/inputError";
import { type AgentEntry, agentEntry } from "./agents";
import { type ConfigSource, check, type Settings } from "./readConfig";
import type { RunConfig } from "./runConfig";
import { type SearchedSetting, SearchProblem, searchedSetting, withTried } from "./searchSpace";
import { plainName, resolveStudy, type StudyConfig, seedsOf } from "./studyConfig";
import { dataSettings, modelSettings, studyTraining } from "./studySettings";

const seedsOrHowMany = z.union([z.int().min(1), z.array(z.int().min(0)).min(1)]);

/** What a search keeps fixed for all its trials. */
export const tuneTraining = studyTraining.omit({ k: true, episodes: true }).extend({
  seeds: seedsOrHowMany.default(1).describe("of each trial: how many, counted from 1, or a list of them"),
});

/** What is done with the best trials. */
export const confirmSettings = z.strictObject({
  best: z
    .int()
    .min(0)
    .default(2)
    .describe("so many of the best trials are trained again beside the default settings; 0: none"),
  seeds: z.int().min(2).default(3).describe("fresh seeds that each is trained under"),
});

/** A search's file. What may be said of its model and searched depends on the model's type. */
export const tuneSettings = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: "small letters, digits and dashes" })
    .optional()
    .describe("what its folder is called; the file's name by default"),
  data: dataSettings.optional(),
  training: tuneTraining.prefault({}),
  model: z.looseObject({ type: z.string().describe("a name of npm run train -- --help") }),
  search: z
    .union([z.array(z.string()).min(1), z.record(z.string(), z.unknown())])
    .describe("settings by name, or each with its range"),
  seed: z.int().min(0).default(1).describe("of what the search draws"),
  confirm: confirmSettings.prefault({}),
});

/** What is searched, and on what. */
export interface TuneConfig {
  readonly name: string;
  /** Its one model with the settings that are not searched, its data, and the seeds of each trial. */
  readonly study: StudyConfig;
  readonly entry: AgentEntry;
  /** The model's settings before anything is searched, under the first seed. */
  readonly base: RunConfig;
  readonly search: readonly SearchedSetting[];
  readonly seed: number;
  readonly confirm: z.output<typeof confirmSettings>;
}

/**
 * Resolves a search's file; whatever is wrong is named by file and line.
 *
 * @throws InputError for unknown keys and settings, and for ranges outside what a setting may be.
 * @example resolveTune(await readConfig("tune.yaml")).search[0].name // "actorLearningRate"
 */
export function resolveTune(file: ConfigSource): TuneConfig {
  check(file, tuneSettings.partial()); // a misspelt key before the one that is missing for it
  for (const [key, expected] of [
    ["model", "model: { type: … }, a name of npm run train -- --help"],
    ["search", "search: a list of settings, or each with its range"],
  ])
    if ((file.value as Settings)[key] === undefined)
      throw new InputError(`${key} is missing`, { file: file.name, line: 1, expected });
  check(file, tuneSettings);
  const place = (path: readonly PropertyKey[]) => ({ file: file.name, line: file.lineOf(path) ?? 1 });
  const { model, search: said, ...rest } = tuneSettings.parse(file.value);
  const entry = agentEntry(model.type, file.name, file.lineOf(["model", "type"]));
  check(file, modelSettings(entry).omit({ name: true }), ["model"]);
  const { confirm, seed } = rest;
  const seeds = seedsOf(rest.training.seeds);
  const given = file.value as Settings;
  const whole: ConfigSource = {
    name: file.name,
    value: {
      ...(given.data !== undefined && { data: given.data }),
      training: { ...(given.training as Settings | undefined), seeds, k: 10 },
      controls: false,
      models: [model],
    },
    lineOf: ([head, ...path]) =>
      file.lineOf(head === "models" ? ["model", ...path.slice(1)] : [head, ...path]),
  };
  const study = resolveStudy(whole);
  const base = study.models[0].config;
  if (base.refit)
    throw new InputError("refit leaves no validation rows to choose on", {
      ...place(["data", "refit"]),
      expected: "refit: false; what is found can be refitted by train",
    });
  const entries: (readonly [string, unknown, readonly PropertyKey[]])[] = Array.isArray(said)
    ? said.map((name, index) => [name, null, ["search", index]] as const)
    : Object.entries(said).map(([name, space]) => [name, space, ["search", name]] as const);
  if (entries.length === 0)
    throw new InputError("search names nothing", { ...place(["search"]), expected: "settings to search" });
  const search = entries.map(([name, space, path]) => {
    try {
      const one = searchedSetting(entry, name, space);
      requireTogether(base, one, entry);
      return one;
    } catch (error) {
      if (!(error instanceof SearchProblem)) throw error;
      throw new InputError(error.message, { ...place(path), expected: error.expected });
    }
  });
  const twice = search.findIndex(({ path }, i) =>
    search.slice(0, i).some((other) => other.path.join() === path.join()),
  );
  if (twice >= 0)
    throw new InputError(`"${search[twice].name}" comes twice`, {
      ...place(entries[twice][2]),
      expected: "each setting once",
    });
  const name = rest.name ?? plainName(file.name);
  return { name, study: { ...study, name }, entry, base, search, seed, confirm };
}

/** Both ends, or every choice, go with the settings that are not searched. */
function requireTogether(base: RunConfig, one: SearchedSetting, entry: AgentEntry): void {
  const { name, space } = one;
  const values = "choices" in space ? space.choices : [space.low, space.high];
  for (const value of values) {
    const tried = { [name]: value !== null && typeof value === "object" ? JSON.stringify(value) : value };
    try {
      withTried(base, [one], tried as Record<string, string>, entry);
    } catch (error) {
      if (!(error instanceof SearchProblem)) throw error;
      throw new SearchProblem(
        `${name} ${JSON.stringify(value)} does not go with the other settings`,
        error.expected,
      );
    }
  }
}
