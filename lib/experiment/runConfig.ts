import { z } from "zod";
import type { AgentEntry } from "./agents";
import { agentEntry } from "./agents";
import { type ConfigSource, check, merge, parseOverride } from "./readConfig";
import { type Defaults, settingsSchema } from "./settings";

/** Everything that decides what a run learns, apart from its data. Kept as config.yaml in the run folder. */
export interface RunConfig {
  /** How the log is cut: "temporal" or "leave-one-out". */
  readonly protocol: "temporal" | "leave-one-out";
  /** A held-out row counts as relevant from this weight; null takes the protocol's rule (ratings: 4). */
  readonly relevantAt: number | null;
  /** Also learn from the validation rows. Nothing can be chosen then: a stamped mode. */
  readonly refit: boolean;
  /** Seed of everything random. */
  readonly seed: number;
  /** Updates of the agent. */
  readonly steps: number;
  /** Transitions in an update. */
  readonly batchSize: number;
  /** Updates between two looks at the validation users (and two checkpoints). */
  readonly evaluateEvery: number;
  /** Users looked at each time, at most. */
  readonly validationUsers: number;
  /** The name of a reward function. */
  readonly reward: string;
  /** `name`, and the settings of that agent. */
  readonly agent: { readonly name: string } & Defaults;
  /** Settings of the next-item model that gives item vectors, states and the actor's start. */
  readonly nextItem: Defaults;
  /** The served policy: softmax over the `candidates` nearest, mixed with uniform `exploration`. */
  readonly policy: { readonly candidates: number; readonly exploration: number };
}

/** One line for each top-level setting, for --help. */
export const settingNotes: Readonly<Record<string, string>> = {
  protocol: "temporal | leave-one-out",
  relevantAt: "a held-out row is relevant from this weight; null: 4 for ratings, above 0 for weights",
  refit: "learn from validation rows too (stamped; nothing can be chosen then)",
  seed: "seed of everything random",
  steps: "updates of the agent",
  batchSize: "transitions in an update",
  evaluateEvery: "updates between two looks at the validation users, and two checkpoints",
  validationUsers: "validation users looked at each time, at most",
  reward: "name of a reward function",
  agent: "name, and settings of that agent",
  nextItem: "the model that gives item vectors, states and the actor's start",
  policy: "the served policy",
};

/** A schema for the run of one agent; every key has a default. */
export function runConfigSchema(entry: AgentEntry, nextItem: Defaults, rewards: readonly string[]) {
  return z.strictObject({
    protocol: z.enum(["temporal", "leave-one-out"]).default("temporal"),
    relevantAt: z.number().nullable().default(null),
    refit: z.boolean().default(false),
    seed: z.int().default(1),
    steps: z.int().min(0).default(entry.steps),
    batchSize: z.int().min(1).default(256),
    evaluateEvery: z.int().min(1).default(500),
    validationUsers: z.int().min(1).default(1000),
    reward: z.enum(rewards as [string, ...string[]]).default(rewards[0]!),
    agent: settingsSchema({ name: entry.name, ...entry.defaults }).prefault({}),
    nextItem: settingsSchema(nextItem).prefault({}),
    policy: settingsSchema({ candidates: 100, exploration: 0.01 }).prefault({}),
  });
}

/** What config values are laid over each other, the later over the earlier. */
export interface ConfigSources {
  readonly file?: ConfigSource;
  /** `key=value` texts, dotted. */
  readonly set?: readonly string[];
  /** The agent's name when given on its own (`--agent`). */
  readonly agent?: string;
  readonly seed?: number;
}

/**
 * Settles a run's settings: defaults, then the file, then each `--set`, then `--agent` and `--seed`. Every
 * source is checked on its own, so that whatever is wrong is named where it stands.
 *
 * @throws InputError for unknown agents, unknown keys and values of the wrong kind, with file and line.
 */
export function settleConfig(
  sources: ConfigSources,
  nextItem: Defaults,
  rewards: readonly string[],
): RunConfig {
  const { file, set = [], agent, seed } = sources;
  const overrides = set.map(parseOverride);
  const named = [file, ...overrides].filter((source): source is ConfigSource => source !== undefined);
  let entry = agentEntry(agent ?? "ddpg", "--agent");
  for (const source of agent === undefined ? named : []) {
    const name = (source.value.agent as Defaults | undefined)?.name;
    if (name !== undefined) entry = agentEntry(String(name), source.name, source.lineOf(["agent", "name"]));
  }
  const schema = runConfigSchema(entry, nextItem, rewards);
  const groups: Defaults = schema.parse({});
  const keysAt = (path: readonly string[]): string[] =>
    Object.keys(path.reduce<Defaults>((inner, key) => inner[key] as Defaults, groups));
  for (const source of named) check(source, schema, keysAt);
  const own: Record<string, unknown> = {
    agent: { name: entry.name },
    ...(seed === undefined ? {} : { seed }),
  };
  return schema.parse(merge(...named.map((source) => source.value), own)) as unknown as RunConfig;
}
