import { feedbackOf } from "../data/feedback";
import type { Interactions } from "../data/interactions";

/**
 * What one entry of the log offers to a reward function: the rating (or weight), the mean of what this user
 * gave in the rows that are fitted, and every further numeric column of the file under its own name.
 */
export interface RewardRow {
  readonly rating: number;
  readonly userMean: number;
  readonly [column: string]: number;
}

/**
 * A reward function is a value: write one in a cell and pass it on.
 * The row object is reused from entry to entry; read from it, do not keep it.
 *
 * @example const reward: Reward = ({ rating, userMean }) => rating - userMean;
 */
export type Reward = (row: RewardRow) => number;

/** (rating − 3) / 2, clipped to [−1, 1]: five stars are 1, three are 0, one is −1. The default for stars. */
export const explicitReward: Reward = ({ rating }) => Math.min(1, Math.max(-1, (rating - 3) / 2));

/** 1 for whatever happened. The default where there are no ratings. */
export const implicitReward: Reward = () => 1;

/** (rating − middle) / half, clipped to [−1, 1]; 0 for the value that says "not rated". */
function scaledReward(scale: { readonly middle: number; readonly half: number }, notRated?: number): Reward {
  return ({ rating }) =>
    rating === notRated ? 0 : Math.min(1, Math.max(-1, (rating - scale.middle) / scale.half));
}

/**
 * The reward that fits a log, by what its weights mean (`feedbackOf`): `explicitReward` for stars, the same on another
 * scale for other ratings, `implicitReward` where every row counts alike.
 */
export function fittingReward(interactions: Pick<Interactions, "weights" | "weightKind">): Reward {
  const { scale, notRated } = feedbackOf(interactions);
  if (scale === undefined) return implicitReward;
  if (scale.middle === 3 && scale.half === 2 && notRated === undefined) return explicitReward;
  return scaledReward(scale, notRated);
}

/** How far a rating lies above this user's own mean. */
export const centredReward: Reward = ({ rating, userMean }) => rating - userMean;

/**
 * A weighted sum of columns, such as clicks and watch time.
 *
 * @throws when no column is named; the reward itself throws when a row lacks one of them.
 * @example mixtureReward({ clicks: 1, watchTime: 0.1 })({ rating: 1, userMean: 1, clicks: 2, watchTime: 30 }) // 5
 */
export function mixtureReward(weights: Readonly<Record<string, number>>): Reward {
  const names = Object.keys(weights);
  if (names.length === 0) throw new Error("mixtureReward requires at least one column, got none");
  return (row) => {
    let sum = 0;
    for (const name of names) {
      const value = row[name];
      if (value === undefined)
        throw new Error(`mixtureReward requires a column "${name}", got only ${Object.keys(row).join(", ")}`);
      sum += weights[name] * value;
    }
    return sum;
  };
}

/**
 * Another reward held within bounds.
 * @throws when low is not below high.
 * @example clippedReward(({ rating }) => rating, 0, 4)({ rating: 5, userMean: 3 }) // 4
 */
export function clippedReward(reward: Reward, low: number, high: number): Reward {
  if (!(low < high)) throw new Error(`clippedReward requires low below high, got ${low} and ${high}`);
  return (row) => Math.min(high, Math.max(low, reward(row)));
}

/**
 * Another reward shifted and scaled by numbers fitted elsewhere (see `fitNormalisedReward`).
 * @throws when the scale is not above 0.
 */
export function normalisedReward(reward: Reward, mean: number, scale: number): Reward {
  if (!(scale > 0 && Number.isFinite(scale)))
    throw new Error(`normalisedReward requires a scale above 0, got ${scale}`);
  return (row) => (reward(row) - mean) / scale;
}
