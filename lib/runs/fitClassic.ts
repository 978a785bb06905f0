import type { IncrementalAgent } from "../agents/incrementalAgent";
import type { Dataset } from "../data/dataset";
import { unavailableItems } from "../data/unavailableItems";
import { random } from "../math/random";
import { rewardColumn } from "../replay/rewardColumn";
import { terminalColumn } from "../replay/terminalColumn";
import type { ClassicEntry } from "../settings/agents";
import { agentSettings } from "../settings/resolveConfig";
import type { RunConfig } from "../settings/runConfig";
import type { PreparedData } from "./preparedData";
import { rewardOf } from "./rewardOf";

/** A classic of these settings that knows nothing yet. */
export function classicAgent(entry: ClassicEntry, config: RunConfig, { catalog }: Dataset): IncrementalAgent {
  const unavailable = unavailableItems(catalog);
  const draw = random(config.seed).fork(entry.name);
  return entry.factory(
    { items: catalog.size, random: draw, unavailable, repeats: config.repeats },
    agentSettings(config),
  );
}

/** A fitted classic, and what it told of its learning. */
export interface FittedClassic {
  readonly agent: IncrementalAgent;
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * A classic that has learned from the rows that may be learned from, by the same reward as every other agent.
 *
 * @example fitClassic(agentEntry("sarsa"), data, resolveConfig({ agent: "sarsa" })).agent.recommend(task.histories, 10)
 */
export function fitClassic(entry: ClassicEntry, data: PreparedData, config: RunConfig): FittedClassic {
  const { interactions } = data.dataset;
  const agent = classicAgent(entry, config, data.dataset);
  const reward = rewardOf(config.reward, interactions);
  const terminals = config.terminals != null && {
    terminals: terminalColumn(interactions, data.histories, config.terminals),
  };
  const rewards = rewardColumn(interactions, data.histories, reward);
  return { agent, figures: agent.learn({ histories: data.histories, rewards, ...terminals }) };
}
