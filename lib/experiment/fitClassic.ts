import type { IncrementalAgent } from "../agents/incrementalAgent";
import { random } from "../math/random";
import { rewardColumn } from "../replay/rewardColumn";
import type { ClassicEntry } from "./agents";
import type { ExperimentData } from "./experimentData";
import { rewardOf } from "./rewardOf";
import type { RunConfig } from "./runConfig";
import { agentSettings } from "./settleConfig";

/** A classic of these settings that knows nothing yet. */
export function classicAgent(entry: ClassicEntry, config: RunConfig, items: number): IncrementalAgent {
  return entry.factory({ items, random: random(config.seed).fork(entry.name) }, agentSettings(config));
}

/**
 * A classic that has learned from the rows that may be learned from, by the same reward as every other agent.
 *
 * @example fitClassic(agentEntry("sarsa"), data, settleConfig({ agent: "sarsa" })).recommend(task.histories, 10)
 */
export function fitClassic(entry: ClassicEntry, data: ExperimentData, config: RunConfig): IncrementalAgent {
  const { interactions, catalog } = data.dataset;
  const agent = classicAgent(entry, config, catalog.size);
  const reward = rewardOf(config.reward, interactions);
  agent.learn({ histories: data.histories, rewards: rewardColumn(interactions, data.histories, reward) });
  return agent;
}
