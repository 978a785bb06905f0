import type { Histories } from "../data/histories";
import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";
import { normalisedReward, type Reward } from "./rewards";

/**
 * Mean rating of each user over some histories (those of the train rows), and the mean over all of them for
 * users who have none there.
 *
 * @returns [users of the log]
 */
export function userMeansOf(histories: Histories, users: number): Float64Array {
  const sums = new Float64Array(users);
  const counts = new Int32Array(users);
  let all = 0;
  for (let h = 0; h < histories.size; h++) {
    const user = histories.users[h];
    for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
      all += histories.weights[e];
      if (user < 0) continue;
      sums[user] += histories.weights[e];
      counts[user]++;
    }
  }
  const mean = histories.items.length > 0 ? all / histories.items.length : 0;
  return sums.map((sum, user) => (counts[user] > 0 ? sum / counts[user] : mean));
}

/**
 * The reward of every entry of some histories.
 *
 * @param userMeans [users], fitted on the train rows; by default on these histories themselves
 * @returns [entries]
 * @throws when a reward is not a finite number, with the entry's row in the log: an InputError that names the
 * columns where that row is empty.
 */
export function rewardColumn(
  interactions: Interactions,
  histories: Histories,
  reward: Reward,
  { userMeans }: { readonly userMeans?: Float64Array } = {},
): Float32Array {
  const means = userMeans ?? userMeansOf(histories, interactions.userIds.length);
  const extra = Object.entries(interactions.extra);
  const row: Record<string, number> & { rating: number; userMean: number } = { rating: 0, userMean: 0 };
  const rewards = new Float32Array(histories.items.length);
  for (let h = 0; h < histories.size; h++) {
    const user = histories.users[h];
    for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
      const source = histories.rows[e];
      for (const [name, column] of extra) row[name] = source >= 0 ? column[source] : Number.NaN;
      row.rating = histories.weights[e];
      row.userMean = user >= 0 ? means[user] : row.rating;
      const value = reward(row);
      if (!Number.isFinite(value)) throw noReward(interactions, source, value);
      rewards[e] = value;
    }
  }
  return rewards;
}

/** Whoever wrote the log can fill an empty cell; anything else is for whoever wrote the reward. */
function noReward(
  { extra, users, items, userIds, itemIds }: Interactions,
  row: number,
  value: number,
): Error {
  const empty = Object.keys(extra).filter((name) => row >= 0 && Number.isNaN(extra[name][row]));
  if (empty.length === 0)
    return new Error(
      `rewardColumn requires finite rewards, got ${value} in row ${row} of the log: a row has ${["rating", "userMean", ...Object.keys(extra)].join(", ")}`,
    );
  const [user, item] = [userIds[users[row]], itemIds[items[row]]];
  return new InputError(`no reward where user ${user} had item ${item}: ${empty.join(", ")} is empty`, {
    expected: "a number in every row for what the reward is made of",
  });
}

/**
 * A reward with mean 0 and standard deviation 1 over these histories (give it the train ones and no others).
 *
 * @throws when the reward is the same everywhere.
 */
export function fitNormalisedReward(
  interactions: Interactions,
  histories: Histories,
  reward: Reward,
): Reward {
  const values = rewardColumn(interactions, histories, reward);
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return normalisedReward(reward, mean, Math.sqrt(squares / values.length));
}
