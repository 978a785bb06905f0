import assert from "node:assert/strict";
import { test } from "node:test";
import { explicitReward, fittingReward, implicitReward } from "../replay/rewards";
import { feedbackOf } from "./feedback";
import type { Interactions } from "./interactions";

const log = (weights: readonly number[], weightKind: Interactions["weightKind"] = "rating", times = 1) => ({
  weights: Float32Array.from(Array.from({ length: times }, () => weights).flat()),
  weightKind,
});

/** Each: weights that occur, their kind, what some of them earn, and from where a row is relevant. */
const rule: Record<
  string,
  [
    weights: ReturnType<typeof log>,
    earned: Record<number, number>,
    relevantAt: number | null,
    notice?: RegExp,
  ]
> = {
  stars: [log([1, 2, 3, 4, 5]), { 1: -1, 3: 0, 5: 1 }, 4],
  "half stars": [log([0.5, 3.5, 5]), { 0.5: -1, 3.5: 0.25, 5: 1 }, 4],
  "stars that few gave": [log([2, 3]), { 2: -0.5, 3: 0 }, 4],
  "nought among stars": [
    log([0, 2, 5]),
    { 0: 0, 2: -0.5, 5: 1 },
    4,
    /from 0 to 5.*0 is “not rated” and earns 0/,
  ],
  thumbs: [log([0, 1, 1]), { 0: -1, 1: 1 }, 1, /thumbs/],
  "thumbs up alone": [log([1, 1]), { 1: 1 }, 1, /every rating is 1/],
  shares: [log([0, 0.5, 1]), { 0: -1, 0.5: 0, 1: 1 }, 0.75],
  "one to three": [log([1, 2, 3], "rating", 40), { 1: -1, 2: 0, 3: 1 }, 2.5],
  "one to ten": [log([1, 7, 10]), { 1: -1, 5.5: 0, 10: 1 }, 7.75],
  "nought to ten": [log([0, 7, 7, 10]), { 0: -1, 5: 0, 10: 1 }, 7.5],
  "nought for not rated": [
    log([0, 0, 0, 5, 8]),
    { 0: 0, 1: -1, 10: 1 },
    7.75,
    /0 is “not rated” and earns 0/,
  ],
  percent: [log([0, 20, 100]), { 0: -1, 50: 0, 100: 1 }, 75, /from 0 to 100/],
  "counts under the name of ratings": [log([1, 5_000_000]), { 1: 1 }, null, /count something/],
  "below zero": [log([-10, 0, 9.5]), { [-10]: -1, 0: 0, 10: 1 }, 5],
  "minus one for not rated": [log([-1, 7, 10]), { [-1]: 0, 10: 1 }, 7.75, /not rated/],
  plays: [log([1, 2_000_000], "weight"), { 1: 1, 2000000: 1 }, null],
  returns: [log([-2, 3], "weight"), { [-2]: -1, 3: 1 }, null, /below 0 earn −1/],
  events: [log([1, 3, 5], "event"), { 1: 0.2, 5: 1 }, null],
};

for (const [name, [weights, earned, relevantAt, notice]] of Object.entries(rule))
  test(`what weights mean: ${name}`, () => {
    const reward = fittingReward(weights);
    for (const [rating, value] of Object.entries(earned))
      assert.ok(
        Math.abs(reward({ rating: Number(rating), userMean: 0 }) - value) < 1e-12,
        `${rating}: ${value}`,
      );
    const feedback = feedbackOf(weights);
    assert.equal(feedback.relevantAt, relevantAt);
    if (notice !== undefined) assert.match(feedback.notice ?? "", notice);
  });

test("stars and counts earn what they always did, and nothing is said of them", () => {
  assert.equal(fittingReward(log([1, 5])), explicitReward);
  assert.equal(fittingReward(log([1, 5], "weight")), implicitReward);
  assert.equal(feedbackOf(log([1, 5])).notice, undefined);
  assert.equal(feedbackOf(log([1, 5], "weight")).notice, undefined);
});
