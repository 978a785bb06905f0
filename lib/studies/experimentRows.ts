import { createHash } from "node:crypto";
import { baselineNames } from "../baselines/fitBaselines";
import { type AgentEntry, agentEntry, tryAgent } from "../settings/agents";
import type { ExperimentConfig } from "../settings/experimentConfig";
import type { RunConfig } from "../settings/runConfig";
import type { Defaults } from "../settings/settings";
import { agentSettings, settleConfig } from "../settings/settleConfig";

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

/** One row of the table before anything is trained. */
export interface PlannedRow {
  readonly name: string;
  /** "model": asked for. "control": one of those with its critic switched off. "compulsory": in every table. */
  readonly role: "model" | "control" | "compulsory";
  readonly entry: AgentEntry;
  /** Settings of its run; the seed is replaced for each run. */
  readonly config: RunConfig;
  /** Of actor–critics: the row that differs from this one by its critic alone, where there can be one. */
  readonly withoutCritic?: string;
}

/**
 * The rows of an experiment's table: its models; for each actor–critic the same without its critic and, once, with
 * discount 0 (unless `controls` is off); the supervised model that anything learned is to be held against; and
 * every baseline. What is asked for under another name is not done twice.
 */
export function plannedRows({ models, controls }: ExperimentConfig): PlannedRow[] {
  const rows: PlannedRow[] = [];
  const known = new Map<string, string>(); // key of a run → name of its row
  const add = (name: string, role: PlannedRow["role"], config: RunConfig): string => {
    const key = rowKey(config);
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
      const twin = row.role === "control" ? undefined : twinOf(row);
      if (twin === undefined) continue;
      rows[i] = { ...row, withoutCritic: add(`${row.name}, critic off`, "control", twin) };
    }
    const first = actors[0];
    if (first !== undefined && !rows.some(({ config }) => config.agent.criticWeight === 0)) {
      const { defaults } = agentEntry("behaviour-cloning");
      const config = { ...first.config, agent: { name: "behaviour-cloning", ...defaults } };
      add("behaviour-cloning", "compulsory", config);
    }
  }
  for (const { config } of learned) add("next-item", "compulsory", supervisedOf(config));
  const listed = rows
    .filter(({ config }) => config.agent.tune === true)
    .map(({ config }) => config.agent.name);
  const { protocol, validationRatio, testRatio, relevantAt, refit } = models[0]!.config;
  const split = { protocol, validationRatio, testRatio, relevantAt, refit };
  for (const name of baselineNames)
    if (!listed.includes(name))
      add(baselineLabels[name]!, "compulsory", { ...settleConfig({ agent: name }), ...split });
  return rows;
}

/** The same run with the critic switched off; nothing where no critic is left to switch off, or nothing besides it. */
function twinOf({ entry, config }: PlannedRow): RunConfig | undefined {
  const { criticWeight, discount } = config.agent;
  if (entry.kind !== "actor-critic" || typeof criticWeight !== "number" || criticWeight === 0)
    return undefined;
  // An actor that never hears its critic is the same whatever the critic looks at: greedy reward and DDPG share
  // this control. An encoder trained along does hear it.
  const deaf = config.window === null && typeof discount === "number";
  const name = entry.name === "greedy-reward" && deaf ? "ddpg" : entry.name;
  const usual = deaf
    ? { discount: agentEntry(name === "greedy-reward" ? "ddpg" : name).defaults.discount }
    : {};
  const twin = changed(config, { name, ...usual, criticWeight: 0 });
  try {
    tryAgent(entry, agentSettings(twin));
  } catch {
    return undefined; // without its critic it would learn nothing: its control is step 0
  }
  return twin;
}

function changed(config: RunConfig, agent: Defaults): RunConfig {
  return { ...config, agent: { ...config.agent, ...agent } };
}

/** The supervised model under a run's settings; what only updates read is as it is by default. */
function supervisedOf(config: RunConfig): RunConfig {
  const { steps, batchSize, evaluateEvery, keep, replay, window } = settleConfig({ agent: "next-item" });
  const idle = { steps, batchSize, evaluateEvery, keep, replay, window };
  return { ...config, ...idle, reward: "auto", agent: { name: "next-item" } };
}

/** 8 hexadecimal digits of all settings but the seed. */
export function rowKey(config: RunConfig, words = ""): string {
  const { seed: _, ...settings } = config;
  return createHash("sha256").update(words).update(sorted(settings)).digest("hex").slice(0, 8);
}

/** JSON that does not depend on the order of keys. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, entry) =>
    entry !== null && typeof entry === "object" && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
