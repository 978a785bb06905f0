import { z } from "zod";
import { InputError } from "../data/inputError";
import { worldNamed, worlds } from "../worlds/worlds";
import { agentsFor } from "../worlds/worldTrial";
import { type ConfigSource, check, parseOverride, parseTogether } from "./readConfig";
import { plainName, seedsOf } from "./studyConfig";

/** What a log is made by, how much of it there is, and how far ahead is looked while learning from it. */
const logShape = {
  discount: z.number().min(0).lt(1).describe("γ that agents learn with; below 1"),
  epsilon: z.number().min(0).max(1).describe("share of random choices of who made the log; 1: chance alone"),
  users: z.int().min(1).describe("readers in the log"),
};

const oneWorld = z.strictObject({
  name: z.string().min(1).describe("what its rows are called"),
  world: z.enum(Object.keys(worlds)).describe("a world by name"),
  set: z.record(z.string(), z.unknown()).default({}).describe("settings of the world"),
});

/** A study in worlds whose truth is known. */
export const worldStudySettings = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: "small letters, digits and dashes" })
    .optional()
    .describe("what its folder is called; the file's name by default"),
  worlds: z.array(oneWorld).min(1).describe("where it is tried: the same everywhere"),
  base: z
    .strictObject({
      discount: logShape.discount.default(0.9),
      epsilon: logShape.epsilon.default(0.5),
      users: logShape.users.default(1000),
    })
    .prefault({})
    .describe("the setting from which the others depart"),
  vary: z
    .strictObject({
      discount: z.array(logShape.discount).default([]),
      epsilon: z.array(logShape.epsilon).default([]),
      users: z.array(logShape.users).default([]),
    })
    .prefault({})
    .describe("what is changed, one thing at a time"),
  judgedAt: z.number().min(0).max(1).default(0.9).describe("γ that policies are judged at"),
  updates: z.int().min(1).default(4000).describe("updates of each agent"),
  seeds: z
    .union([z.int().min(1), z.array(z.int().min(0)).min(1)])
    .default(5)
    .describe("how many, counted from 1, or a list of them"),
  agents: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("who learns; all that go with the worlds by default"),
});

export type WorldStudySettings = Readonly<z.output<typeof worldStudySettings>>;

/** One thing to learn from. */
export interface WorldSetting {
  /** What stands above its column: "base", "γ .5", "ε 1", "100 readers". */
  readonly label: string;
  readonly discount: number;
  readonly epsilon: number;
  readonly users: number;
}

/** A study in worlds, resolved. */
export interface WorldStudyConfig extends Omit<WorldStudySettings, "seeds" | "base" | "vary" | "agents"> {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly agents: readonly string[];
  /** The base first. */
  readonly settings: readonly WorldSetting[];
}

/** Whether a file of npm run experiment is a study in worlds. */
export function isWorldStudy({ value }: ConfigSource): boolean {
  return "worlds" in value;
}

/**
 * Resolves a study's file, with `key=value` overrides.
 *
 * @throws InputError for unknown keys, worlds, settings of worlds and agents, and names or seeds that come twice.
 * @example resolveWorldStudy(await readConfig("when-rl-helps.yaml")).settings[0].label // "base"
 */
export function resolveWorldStudy(file: ConfigSource, set: readonly string[] = []): WorldStudyConfig {
  const sources = [file, ...set.map(parseOverride)];
  const loose = worldStudySettings.extend({ worlds: z.array(z.looseObject({})).min(1) });
  check(file, loose);
  for (const index of (file.value.worlds as unknown[]).keys()) check(file, oneWorld, ["worlds", index]);
  for (const source of sources.slice(1)) check(source, loose.partial());
  const study = parseTogether(worldStudySettings, sources, {});
  const fail = (path: readonly PropertyKey[], what: string, expected: string): never => {
    throw new InputError(what, { file: file.name, line: file.lineOf(path) ?? 1, expected });
  };
  const known = study.worlds.map(({ name, world, set: changes }, index): readonly string[] => {
    if (study.worlds.findIndex((each) => each.name === name) < index)
      fail(["worlds", index, "name"], `the name "${name}" comes twice`, "a name of its own for each world");
    try {
      return agentsFor(worldNamed(world, changes));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return fail(["worlds", index, "set"], error.message, `settings of ${world}`);
    }
  });
  for (const [index, here] of known.entries())
    if (here.join() !== known[0].join())
      fail(["worlds", index, "world"], "slates and single choices do not go together", "worlds of one kind");
  const { base, vary, agents = known[0] } = study;
  for (const [index, agent] of agents.entries())
    for (const here of known)
      if (!here.includes(agent))
        fail(["agents", index], `there is no agent "${agent}" here`, `one of ${here.join(", ")}`);
  const seeds = seedsOf(study.seeds);
  if (new Set(seeds).size < seeds.length) fail(["seeds"], "a seed comes twice", "each seed once");
  const settings: WorldSetting[] = [{ label: "base", ...base }];
  for (const key of ["discount", "epsilon", "users"] as const)
    for (const value of vary[key])
      if (value !== base[key]) settings.push({ ...base, [key]: value, label: labelOf(key, value) });
  const name = study.name ?? plainName(file.name);
  return { ...study, name, seeds, agents, settings };
}

function labelOf(key: "discount" | "epsilon" | "users", value: number): string {
  const plain = String(value).replace(/^0\./, ".");
  if (key === "users") return `${value.toLocaleString("en-US")} readers`;
  return `${key === "discount" ? "γ" : "ε"} ${plain}`;
}
