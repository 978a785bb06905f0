/**
 * SARSA, tabular. Rummery and Niranjan, On-line Q-learning using connectionist systems, 1994; Sutton and Barto,
 * Reinforcement learning, second edition 2018, section 6.4:
 *
 *   Q(s, a) ← Q(s, a) + α [ r + γ Q(s′, a′) − Q(s, a) ]
 *
 * with a′ what the log did next: it learns what going on as the log did brings, where Q-learning learns what
 * the best known course would. The last entry of a history has no a′: it is passed over (not at discount 0,
 * where nothing that follows counts), and so `update` learns from a step when the next one comes.
 */

import { agentConfig } from "./agentConfig";
import type { IncrementalProblem } from "./incrementalAgent";
import { type NextStep, type TabularAgent, tabularAgent } from "./tabularAgent";
import { type TabularConfig, tabularChecks, tabularDefaults } from "./tabularConfig";
import type { ValueTable } from "./valueTable";

export const sarsaDefaults: TabularConfig = tabularDefaults;

/** Q(s′, a′) of the action that the log took next; undefined where it took none. */
export function loggedFollowing(table: ValueTable, { state, action }: NextStep): number | undefined {
  return action === undefined ? undefined : table.value(state, action);
}

/**
 * An agent that learns what going on as the log did brings.
 *
 * @throws on unknown or bad settings by name.
 * @example sarsa({ items: catalog.size, random: random(1) }, { discount: 0.5 }).learn({ histories, rewards })
 */
export function sarsa(problem: IncrementalProblem, changes: object = {}): TabularAgent {
  const config = agentConfig<TabularConfig>("sarsa", sarsaDefaults, changes, tabularChecks);
  return tabularAgent({ name: "sarsa", follows: loggedFollowing, waits: true }, problem, config);
}
