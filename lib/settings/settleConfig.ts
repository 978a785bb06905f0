import { InputError } from "../data/inputError";
import { nextItemConfig } from "../encoders/nextItemConfig";
import { agentEntry, tryAgent } from "./agents";
import { type ConfigSource, check, merge, parseOverride } from "./readConfig";
import { type RunConfig, runConfigSchema } from "./runConfig";
import type { Defaults } from "./settings";

/** What settings come from. */
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
 * @throws InputError for unknown agents, unknown keys and values of the wrong kind or out of range.
 */
export function settleConfig(sources: ConfigSources): RunConfig {
  const { file, set = [], agent, seed } = sources;
  const overrides = set.map(parseOverride);
  const named = [file, ...overrides].filter((source): source is ConfigSource => source !== undefined);
  let entry = agentEntry(agent ?? "ddpg", "--agent");
  for (const source of agent === undefined ? named : []) {
    const name = (source.value.agent as Defaults | undefined)?.name;
    if (name !== undefined) entry = agentEntry(String(name), source.name, source.lineOf(["agent", "name"]));
  }
  const schema = runConfigSchema(entry);
  const groups: Defaults = schema.parse({});
  const keysAt = (path: readonly string[]): string[] =>
    Object.keys(path.reduce<Defaults>((inner, key) => inner[key] as Defaults, groups));
  for (const source of named) check(source, schema, keysAt);
  const own: Record<string, unknown> = {
    agent: { name: entry.name },
    ...(seed === undefined ? {} : { seed }),
  };
  const config = schema.parse(merge(...named.map((source) => source.value), own)) as unknown as RunConfig;
  inRange(named, "nextItem", () => nextItemConfig(config.nextItem));
  const settled = entry;
  if (settled.kind === "actor-critic" || settled.kind === "classic")
    inRange(named, "agent", () => tryAgent(settled, agentSettings(config)));
  return config;
}

/** The settings of the agent without its name. */
export function agentSettings(config: RunConfig): Defaults {
  const { name: _, ...settings } = config.agent;
  return settings;
}

/** Whatever a factory refuses is named at the last source that sets the key it speaks of. */
function inRange(sources: readonly ConfigSource[], group: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    const { message } = error as Error;
    const keyOf = (source: ConfigSource): string | undefined =>
      Object.keys((source.value[group] ?? {}) as Defaults).find((key) =>
        new RegExp(`\\b${key}\\b`).test(message),
      );
    const source = [...sources].reverse().find((each) => keyOf(each) !== undefined);
    if (source === undefined) throw new InputError(message);
    const line = source.lineOf([group, keyOf(source)!]);
    throw new InputError(line === undefined ? `${source.name}: ${message}` : message, {
      ...(line === undefined ? {} : { file: source.name, line }),
    });
  }
}
