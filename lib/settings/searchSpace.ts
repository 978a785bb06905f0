import Fuse from "fuse.js";
import { z } from "zod";
import { domainAt, expectationAt, settingRows } from "../data/settings";
import type { AgentEntry } from "./agents";
import type { Settings } from "./readConfig";
import { type RunConfig, runSettings, splitSettings } from "./runConfig";
import { type SearchRange, searchRanges } from "./searchRanges";

/** One setting that is searched. */
export interface SearchedSetting {
  /** As it was named, which trials and tables call it: `discount`. */
  readonly name: string;
  /** Its path in a run's settings: `["agent", "discount"]`. */
  readonly path: readonly string[];
  readonly space:
    | (Required<Pick<SearchRange, "low" | "high" | "log">> & {
        readonly step?: number;
        readonly whole: boolean;
      })
    | { readonly choices: readonly unknown[] };
}

/** A value that a trial tried: a number, or of choices their name. */
export type Tried = string | number | boolean | null;

/** What of a search is wrong: the caller knows the line. */
export class SearchProblem extends Error {
  constructor(
    what: string,
    readonly expected: string,
  ) {
    super(what);
  }
}

/**
 * Settings that are not searched: how the log is cut and whom validation asks decide what the figure means, and what
 * only the served probabilities depend on is not seen in it.
 */
const fixed = [
  ...Object.keys(splitSettings),
  ...["seed", "agent.name", "validationUsers", "evaluateEvery", "keep", "nextItem.seed"],
  ...["policy.candidates", "policy.exploration"],
];

const rangeShape = z.strictObject({
  low: z.number().describe("its lower end"),
  high: z.number().describe("its upper end"),
  log: z.boolean().optional().describe("equal factors are equally far"),
  step: z.number().gt(0).optional().describe("only every so many"),
});
const rangeKeys = Object.keys(rangeShape.shape);
const howSaid = "null (its usual range), { low, high, log or step }, or a list of values";

/** What may be searched of an agent's run, by path. */
export function searchableNames(entry: AgentEntry): string[] {
  return settingRows(runSettings(entry))
    .map(({ name }) => name)
    .filter((name) => !fixed.includes(name));
}

/**
 * One setting of a search.
 *
 * @param name its path in a run's settings, or its name alone where it is the agent's
 * @param said a range, a list of values, or null for the setting's usual range (`searchRanges`, else its own)
 * @throws SearchProblem for unknown names, settings without a usual range, and what lies outside the setting's own range.
 * @example searchedSetting(agentEntry("ddpg"), "discount", null).space // { low: 0, high: .99, log: false, whole: false }
 */
export function searchedSetting(entry: AgentEntry, name: string, said: unknown): SearchedSetting {
  const path = pathOf(entry, name);
  const schema = runSettings(entry);
  const expected = expectationAt(schema, path) ?? "another setting";
  const fits = (value: unknown): boolean => fieldAt(schema, path).safeParse(value).success;
  if (Array.isArray(said)) {
    const texts = said.map((value) => JSON.stringify(value));
    if (said.length < 2 || new Set(texts).size < said.length)
      throw new SearchProblem(
        `${name} is ${JSON.stringify(said)}`,
        "a list of at least two different values",
      );
    for (const value of said)
      if (!fits(value)) throw new SearchProblem(`${name} has the value ${JSON.stringify(value)}`, expected);
    return { name, path, space: { choices: said } };
  }
  const { values, range } = domainAt(schema, path) ?? { values: [] };
  const whole = range?.whole ?? false;
  if (said === null || said === undefined) {
    const usual = searchRanges[path.join(".").replace(/^agent\./, "")];
    if (usual !== undefined && range !== undefined) return { name, path, space: spaceOf(usual, whole) };
    if (values.length > 1) return { name, path, space: { choices: values } };
    if (range?.low === undefined || range.high === undefined)
      throw new SearchProblem(
        `${name} has no usual range`,
        `${name}: ${range ? "{ low: …, high: … }" : "a list of values"}`,
      );
    const inside = (range.high - range.low) / 100; // an end that is refused itself
    const low = range.lowOpen ? range.low + inside : range.low;
    const high = range.highOpen ? range.high - inside : range.high;
    return { name, path, space: spaceOf({ low, high }, whole) };
  }
  const read = rangeShape.safeParse(said);
  if (!read.success || range === undefined) {
    const odd =
      typeof said === "object" ? Object.keys(said).find((key) => !rangeKeys.includes(key)) : undefined;
    if (odd !== undefined)
      throw new SearchProblem(`unknown key "${odd}" of ${name}`, `one of ${rangeKeys.join(", ")}`);
    throw new SearchProblem(
      `${name} is ${JSON.stringify(said)}`,
      range === undefined ? "a list of values" : howSaid,
    );
  }
  const { low, high, log = false, step } = read.data;
  for (const end of [low, high])
    if (!fits(end)) throw new SearchProblem(`${name} is searched at ${end}`, expected);
  if (!(low < high)) throw new SearchProblem(`${name} is searched from ${low} to ${high}`, "low below high");
  if (log && !(low > 0))
    throw new SearchProblem(`${name} is searched by factors from ${low}`, "low above 0, or log: false");
  if (log && step !== undefined) throw new SearchProblem(`${name} has log and step`, "one of them");
  if (whole && step !== undefined && !Number.isInteger(step))
    throw new SearchProblem(`${name} has the step ${step}`, "a whole number");
  return { name, path, space: spaceOf({ low, high, log, ...(step !== undefined && { step }) }, whole) };
}

function spaceOf({ low, high, log = false, step }: SearchRange, whole: boolean): SearchedSetting["space"] {
  return { low, high, log, whole, ...(step !== undefined && { step }) };
}

function pathOf(entry: AgentEntry, name: string): readonly string[] {
  const all = searchableNames(entry);
  const found = [`agent.${name}`, name].find((each) => all.includes(each));
  if (found !== undefined) return found.split(".");
  const why = fixed.includes(name) ? "is not searched" : "is no setting";
  const short = all.map((each) => each.replace(/^agent\./, ""));
  const near = new Fuse(short, { threshold: 0.5, ignoreLocation: true }).search(name.slice(0, 32))[0]?.item;
  const meant = near === undefined || fixed.includes(name) ? "" : ` (did you mean ${near}?)`;
  throw new SearchProblem(`"${name}" ${why} of ${entry.name}${meant}`, `some of ${short.join(", ")}`);
}

/** The schema of one setting. */
function fieldAt(schema: z.ZodType, path: readonly string[]): z.ZodType {
  let at: z.ZodType = schema;
  for (const key of path) {
    while (!(at instanceof z.ZodObject)) at = (at as z.ZodDefault<z.ZodType>).unwrap();
    at = at.shape[key] as z.ZodType;
  }
  return at;
}

/** What a trial calls a value of choices: itself, or its JSON where it is a list or a group. */
export function choiceName(value: unknown): Tried {
  return value !== null && typeof value === "object" ? JSON.stringify(value) : (value as Tried);
}

/** What a run's settings have at the searched ones; undefined where the search does not reach one of them. */
export function triedBy(
  config: RunConfig,
  search: readonly SearchedSetting[],
): Record<string, Tried> | undefined {
  const found: Record<string, Tried> = {};
  for (const { name, path, space } of search) {
    const value = path.reduce<unknown>((inner, key) => (inner as Settings)[key], config);
    if ("choices" in space) {
      if (!space.choices.some((each) => choiceName(each) === choiceName(value))) return undefined;
      found[name] = choiceName(value);
    } else if (typeof value === "number" && value >= space.low && value <= space.high) found[name] = value;
    else return undefined;
  }
  return found;
}

/**
 * A run's settings with what a trial tries.
 *
 * @throws SearchProblem when settings do not go together.
 */
export function withTried(
  config: RunConfig,
  search: readonly SearchedSetting[],
  tried: Readonly<Record<string, Tried>>,
  entry: AgentEntry,
): RunConfig {
  const changed = structuredClone(config) as Record<string, unknown>;
  for (const { name, path, space } of search) {
    const value =
      "choices" in space ? space.choices.find((each) => choiceName(each) === tried[name]) : tried[name];
    let group = changed;
    for (const key of path.slice(0, -1)) group = group[key] as Record<string, unknown>;
    group[path.at(-1)!] = value;
  }
  const { data, error } = runSettings(entry).safeParse(changed);
  if (error !== undefined) throw new SearchProblem("settings do not go together", error.issues[0].message);
  return data;
}
