import { agentEntry } from "./agents";
import { type ConfigSource, check, parseOverride, parseTogether, type Settings } from "./readConfig";
import { type RunConfig, runSettings } from "./runConfig";

/** What settings come from. */
export interface ConfigSources {
  /** What the data asks for unless something else is said. */
  readonly defaults?: Settings;
  readonly file?: ConfigSource;
  /** `key=value` texts, dotted. */
  readonly set?: readonly string[];
  /** The agent's name when given on its own (`--agent`). */
  readonly agent?: string;
  readonly seed?: number;
}

/**
 * A run's settings: defaults, then those of the data, then the file, then each `--set`, then `--agent` and `--seed`. Every source is checked
 * on its own, so that whatever is wrong is named where it stands.
 *
 * @throws InputError for unknown agents, unknown keys and values of the wrong kind or out of range.
 * @example resolveConfig({ agent: "td3", set: ["agent.policyDelay=1"] }).agent.policyDelay // 1
 */
export function resolveConfig(sources: ConfigSources): RunConfig {
  const { defaults, file, set = [], agent, seed } = sources;
  const named = [
    ...(defaults === undefined ? [] : [{ name: "the data", value: defaults, lineOf: () => undefined }]),
    ...(file === undefined ? [] : [file]),
    ...set.map(parseOverride),
  ];
  let entry = agentEntry(agent ?? "ddpg", "--agent");
  for (const source of agent === undefined ? named : []) {
    const name = (source.value.agent as Settings | undefined)?.name;
    if (name !== undefined) entry = agentEntry(String(name), source.name, source.lineOf(["agent", "name"]));
  }
  const schema = runSettings(entry);
  for (const source of named) check(source, schema);
  return parseTogether(schema, named, {
    agent: { name: entry.name },
    ...(seed === undefined ? {} : { seed }),
  });
}

/** The settings of the agent without its name. */
export function agentSettings(config: RunConfig): Settings {
  const { name: _, ...settings } = config.agent;
  return settings;
}
