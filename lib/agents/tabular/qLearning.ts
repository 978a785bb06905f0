/**
 * Q-learning, tabular. Watkins, Learning from delayed rewards, 1989; Sutton and Barto, Reinforcement learning,
 * second edition 2018, section 6.5:
 *
 *   Q(s, a) ← Q(s, a) + α [ r + γ max_a′ Q(s′, a′) − Q(s, a) ]
 *
 * Numbered differences: (1) steps come from a log, in passes over it, and by default a pass sets each value to the
 * mean of its targets; (2) the maximum is over what the log does in s′, this user has not seen and is available: an item
 * that nobody ever took there has no value to believe in, and one that was seen cannot be recommended; (3) where
 * nothing is left to take a maximum over, what follows is worth the mean of the log's steps: it is not an ending, and
 * 0 would say that it is.
 */

import type { z } from "zod";
import { parseSettings } from "../../data/settings";
import type { IncrementalProblem } from "../incrementalAgent";
import { type NextStep, type TabularAgent, tabularAgent } from "./tabularAgent";
import { tabularSettings } from "./tabularSettings";
import type { ValueTable } from "./valueTable";

export const qLearningSettings = tabularSettings;

/** max_a′ Q(s′, a′) over supported items that are neither seen nor unavailable; undefined where none is left. */
export function bestFollowing(table: ValueTable, { state, isSeen }: NextStep): number | undefined {
  return table.best(state, isSeen);
}

/**
 * An agent that learns what the best known course would bring, whatever the log did next.
 *
 * @throws on unknown or bad settings by name.
 * @example qLearning({ items: catalog.size, random: random(1) }, { discount: 0.5 }).learn({ histories, rewards })
 */
export function qLearning(
  problem: IncrementalProblem,
  changes: z.input<typeof qLearningSettings> = {},
): TabularAgent {
  const config = parseSettings("q-learning", qLearningSettings, changes);
  return tabularAgent({ name: "q-learning", follows: bestFollowing, waits: false }, problem, config);
}
