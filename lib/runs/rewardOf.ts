import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";
import {
  centredReward,
  explicitReward,
  fittingReward,
  implicitReward,
  mixtureReward,
  type Reward,
} from "../replay/rewards";

const named: Readonly<Record<string, Reward>> = {
  rating: explicitReward,
  one: implicitReward,
  centred: centredReward,
};

/** The columns of the log that a reward is made of: each row must hold a number there. */
export function rewardColumns(choice: string | Readonly<Record<string, number>>): string[] {
  if (typeof choice !== "string") return Object.keys(choice);
  return choice === "auto" || named[choice] !== undefined ? [] : [choice];
}

/**
 * The reward that settings name: "auto" (what fits the log's weights: `feedbackOf`), "rating", "one",
 * "centred", a numeric column of the log, or columns with their weights.
 *
 * @throws InputError that lists what there is.
 * @example rewardOf({ clicks: 1, watch_time: 0.1 }, interactions)
 */
export function rewardOf(
  choice: string | Readonly<Record<string, number>>,
  interactions: Interactions,
): Reward {
  if (choice === "auto") return fittingReward(interactions);
  if (typeof choice === "string" && named[choice] !== undefined) return named[choice];
  const weights = typeof choice === "string" ? { [choice]: 1 } : choice;
  const columns = ["rating", ...Object.keys(interactions.extra)];
  for (const column of Object.keys(weights))
    if (!columns.includes(column))
      throw new InputError(`no reward and no numeric column is called "${column}"`, {
        expected: `one of auto, ${Object.keys(named).join(", ")}, or of the columns ${columns.join(", ")}`,
      });
  return mixtureReward(weights);
}
