/**
 * SARSA, tabular. Rummery and Niranjan, On-line Q-learning using connectionist systems, 1994; Sutton and Barto,
 * Reinforcement learning, second edition 2018, section 6.4:
 *
 *   Q(s, a) ← Q(s, a) + α [ r + γ Q(s′, a′) − Q(s, a) ]
 *
 * with a′ what the log did next: it learns what going on as the log did brings, where Q-learning learns what
 * the best known course would. The last entry of a history has no a′, which is no ending: the mean over what the log
 * does in s′ stands in for it (expected SARSA; van Seijen, van Hasselt, Whiteson and Wiering 2009), and the mean value
 * of the log's steps where it does nothing there. `update` learns from a step when the next one comes.
 *
 * Numbered difference: steps come from a log, in passes over it, and by default a pass sets each value to the mean of
 * its targets.
 */

import type { z } from "zod";
import { parseSettings } from "../../data/settings";
import type { IncrementalProblem } from "../incrementalAgent";
import { type NextStep, type TabularAgent, tabularAgent } from "./tabularAgent";
import { tabularSettings } from "./tabularSettings";
import type { ValueTable } from "./valueTable";

export const sarsaSettings = tabularSettings;

/** Q(s′, a′) of the action that the log took next, or what it usually takes there; undefined where it takes nothing. */
export function loggedFollowing(table: ValueTable, { state, action }: NextStep): number | undefined {
  return action === undefined ? table.usual(state) : table.value(state, action);
}

/**
 * An agent that learns what going on as the log did brings.
 *
 * @throws on unknown or bad settings by name.
 * @example sarsa({ items: catalog.size, random: random(1) }, { discount: 0.5 }).learn({ histories, rewards })
 */
export function sarsa(
  problem: IncrementalProblem,
  changes: z.input<typeof sarsaSettings> = {},
): TabularAgent {
  const config = parseSettings("sarsa", sarsaSettings, changes);
  return tabularAgent({ name: "sarsa", follows: loggedFollowing, waits: true }, problem, config);
}
