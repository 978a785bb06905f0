import { join } from "node:path";
import { baselineNames } from "../baselines/fitBaselines";
import { fingerprint } from "../data/fingerprint";
import { type AgentEntry, agentDefaults, agentEntry } from "../settings/agents";
import type { Settings } from "../settings/readConfig";
import { agentSettings, resolveConfig } from "../settings/resolveConfig";
import { type RunConfig, splitSettings } from "../settings/runConfig";
import type { StudyConfig } from "../settings/studyConfig";
import type { EvaluatedRow } from "./evaluated";

/** The names by which other implementations' tables know the methods in closed form. */
export const baselineLabels: Readonly<Record<string, string>> = {
  random: "Random",
  "most-popular": "MostPopular",
  "recent-popularity": "RecentPop",
  "item-knn": "ItemKNN",
  "item-knn-recency": "ItemKNN + recency",
  ease: "EASE",
  "ease-recency": "EASE + recency",
  "sequence-rules": "Sequence rules",
  "ease-recency-popularity": "EASE + recency + RecentPop",
};

/** One row of a study's table: what it is. */
export interface StudyPlanRow extends Omit<EvaluatedRow, "seeds"> {
  readonly entry: AgentEntry;
  /** Settings of its runs; the seed is replaced for each run. */
  readonly config: RunConfig;
}

/** One run of a row: where it is, or is to be made. */
export interface PlannedRun {
  readonly seed: number;
  readonly folder: string;
  /** Of a run that learns from validation rows too: the run without them, in which the step was chosen. */
  readonly chosenIn?: string;
  /** The supervised model that the run's actor starts from is evaluated, instead of the actor. */
  readonly supervised?: true;
  /** Where its figures are kept; they are taken anew where there is no such file. */
  readonly figures?: string;
}

/** A row, and where its runs are. */
export interface PlannedRow extends StudyPlanRow {
  readonly runs: readonly PlannedRun[];
  /** Of methods in closed form that are fitted for the table, together: where their figures are kept. */
  readonly fitted?: { readonly figures?: string };
}

/**
 * The rows of a study's table: its models; for each actor–critic the same without its critic and, once, with
 * discount 0 (unless `controls` is off); the supervised model that anything learned is compared with; and
 * every baseline. What is asked for under another name is not done twice.
 */
export function rowsOf({ models, controls }: Pick<StudyConfig, "models" | "controls">): StudyPlanRow[] {
  const rows: StudyPlanRow[] = [];
  const known = new Map<string, string>(); // fingerprint of a row → its name
  const add = (name: string, role: StudyPlanRow["role"], config: RunConfig): string => {
    const key = rowFingerprint(config);
    const same = known.get(key);
    if (same !== undefined && role !== "model") return same;
    const free = rows.some((row) => row.name === name) ? `${name} (${key})` : name;
    if (same === undefined) known.set(key, free);
    rows.push({ name: free, role, entry: agentEntry(config.agent.name), config });
    return free;
  };
  for (const { name, config } of models) add(name, "model", config);
  const learned = rows.filter(({ entry }) => entry.kind !== "baseline");
  const actors = rows.filter(({ entry }) => entry.kind === "actor-critic");
  if (controls) {
    const withCritic = actors.find(
      ({ config: { agent } }) => agent.criticWeight !== 0 && "discount" in agent,
    );
    if (withCritic !== undefined && !actors.some(({ config }) => config.agent.discount === 0))
      add(`${withCritic.name}, discount 0`, "compulsory", changed(withCritic.config, { discount: 0 }));
    for (const [i, row] of rows.entries()) {
      const config = row.role === "criticOff" ? undefined : criticOff(row.config);
      if (config === undefined) continue;
      rows[i] = { ...row, criticOff: add(`${row.name}, critic off`, "criticOff", config) };
    }
    const first = actors[0];
    if (first !== undefined && !rows.some(({ config }) => config.agent.criticWeight === 0)) {
      const agent = { name: "behaviour-cloning", ...agentDefaults("behaviour-cloning") };
      add("behaviour-cloning", "compulsory", { ...first.config, agent });
    }
  }
  for (const { config } of learned) add("next-item", "compulsory", supervisedOf(config));
  const listed = rows
    .filter(({ config }) => config.agent.tune === true)
    .map(({ config }) => config.agent.name);
  return [
    ...rows,
    ...baselineRows(models[0].config).filter(({ config }) => !listed.includes(config.agent.name)),
  ];
}

/** A row for every method in closed form, on the same cut as a run. */
export function baselineRows(config: RunConfig): StudyPlanRow[] {
  const split = Object.fromEntries(
    Object.keys(splitSettings).map((key) => [key, config[key as keyof RunConfig]]),
  );
  return baselineNames.map((name) => ({
    name: baselineLabels[name],
    role: "compulsory",
    entry: agentEntry(name),
    config: { ...resolveConfig({ agent: name }), ...split },
  }));
}

/**
 * Gives each row its runs, one for each seed, in folders that are named by what decides them: what is finished there
 * is not done again, in whatever study. Methods in closed form have one run where they were asked for, to be served.
 *
 * @param log the fingerprint of the log
 */
export function plannedIn(
  folder: string,
  rows: readonly StudyPlanRow[],
  { seeds, log }: { readonly seeds: readonly number[]; readonly log: string },
): PlannedRow[] {
  return rows.map((row) => {
    const { refit, agent } = row.config;
    // Learning from validation rows too starts from the run that did not see them, so both lie in one folder.
    const home = join(folder, `${agent.name}-${rowFingerprint({ ...row.config, refit: false }, log)}`);
    const figuresIn = (place: string): string => join(place, "evaluated.arrays");
    const runOf = (seed: number): PlannedRun => {
      const first = join(home, `seed-${seed}`);
      const place = refit ? join(first, "refit") : first;
      return { seed, folder: place, figures: figuresIn(place), ...(refit && { chosenIn: first }) };
    };
    if (row.entry.kind !== "baseline") return { ...row, runs: seeds.map(runOf) };
    const fitted = { figures: figuresIn(refit ? join(home, "refit") : home) };
    return { ...row, fitted, runs: row.role === "model" ? [runOf(seeds[0])] : [] };
  });
}

/** The same run with the critic switched off; nothing where no critic is left to switch off, or nothing besides it. */
export function criticOff(config: RunConfig): RunConfig | undefined {
  const entry = agentEntry(config.agent.name);
  const { criticWeight, discount } = config.agent;
  if (entry.kind !== "actor-critic" || typeof criticWeight !== "number" || criticWeight === 0)
    return undefined;
  // An actor that never hears its critic is the same whatever the critic looks at: greedy reward and DDPG share
  // this run. An encoder trained along does hear it.
  const deaf = config.window === null && typeof discount === "number";
  const name = entry.name === "greedy-reward" && deaf ? "ddpg" : entry.name;
  const usual = deaf ? { discount: agentDefaults(name === "greedy-reward" ? "ddpg" : name).discount } : {};
  const off = changed(config, { name, ...usual, criticWeight: 0 });
  // Without its critic an agent may learn nothing, which its settings refuse: what it is compared with is step 0.
  return entry.settings.safeParse(agentSettings(off)).success ? off : undefined;
}

function changed(config: RunConfig, agent: Settings): RunConfig {
  return { ...config, agent: { ...config.agent, ...agent } };
}

/** The supervised model under a run's settings; what only updates read is as it is by default. */
export function supervisedOf(config: RunConfig): RunConfig {
  const { steps, batchSize, evaluateEvery, keep, replay, window, terminals } = resolveConfig({
    agent: "next-item",
  });
  const idle = { steps, batchSize, evaluateEvery, keep, replay, window, terminals };
  return { ...config, ...idle, reward: "auto", agent: { name: "next-item" } };
}

/** What tells apart runs but for their seed, in 8 digits. */
export function rowFingerprint({ seed: _, repeats, terminals, ...settings }: RunConfig, log = ""): string {
  // A run of before there were these settings is one without them.
  const later = { ...(repeats && { repeats }), ...(terminals != null && { terminals }) };
  return fingerprint([log, { ...settings, ...later }], 8);
}
