import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { choiceColumns, contextOf, type RoundDistributions } from "../propensities/choiceColumns";
import { softmaxChoices, softmaxTruth } from "../propensities/softmaxChoices.fixture";
import { doublyRobust } from "./doublyRobust";
import type { Estimator } from "./estimator";
import { importanceWeights } from "./importanceWeights";
import { ips } from "./inversePropensity";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";
import { crossFittedRewards, type FitRewards } from "./rewardModel";
import { ridgeRewards } from "./ridgeRewards";

const near = (value: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);
const uniform = (size: number, actionCount: number): RoundDistributions => ({
  ...{ size, actionCount },
  write: (_round, into) => into.fill(1 / actionCount),
});

test("without contexts: the mean, and what each action's rounds add to it, shrunk; never taken adds nothing", () => {
  const choices = choiceColumns({
    ...{ actions: Int32Array.of(0, 0, 0, 1, 2), actionCount: 4, width: 0, contexts: new Float64Array(0) },
  });
  const rewards = Float64Array.of(1, 1, 0, 0, 3);
  const into = new Float64Array(4);
  ridgeRewards(choices, rewards, { rows: Int32Array.of(0, 1, 2, 3, 4), ridge: 2 }).write(
    new Float64Array(0),
    into,
  );
  // The mean is 1; what is left: 0, 0, -1 | -1 | 2.
  [1 - 1 / 5, 1 - 1 / 3, 1 + 2 / 3, 1].forEach((value, a) => {
    near(into[a], value);
  });
  ridgeRewards(choices, rewards, { rows: Int32Array.of(0, 3), ridge: 2 }).write(new Float64Array(0), into);
  [0.5 + 0.5 / 3, 0.5 - 0.5 / 3, 0.5, 0.5].forEach((value, a) => {
    near(into[a], value);
  });
  assert.throws(
    () => ridgeRewards(choices, rewards, { rows: Int32Array.of(), ridge: 2 }),
    /at least one round/,
  );
  assert.throws(() => ridgeRewards(choices, rewards, { rows: Int32Array.of(1), ridge: 0 }), /above 0, got 0/);
});

test("lines of each action over the context are found again", () => {
  const choices = softmaxChoices(3000, random(1));
  const worth = (x: number, y: number): number[] => [1 + 2 * x, -y, 0.5 - x + y];
  const rewards = Float64Array.from(choices.actions, (action, i) => {
    const [x, y] = contextOf(choices, i) as unknown as [number, number];
    return worth(x, y)[action];
  });
  const rows = Int32Array.from({ length: 3000 }, (_, i) => i);
  const into = new Float64Array(3);
  ridgeRewards(choices, rewards, { rows, ridge: 1e-6 }).write(Float64Array.of(0.7, -1.1), into);
  worth(0.7, -1.1).forEach((value, a) => {
    near(into[a], value, 1e-5);
  });
});

test("columns: q̂ of the logged action, and the target's mean of q̂", () => {
  const fit: FitRewards = () => ({ write: (_context, into) => into.set([1, 10, 100]) });
  const choices = choiceColumns({
    ...{ actions: Int32Array.of(2, 0, 1), actionCount: 3, width: 0, contexts: new Float64Array(0) },
  });
  const target: RoundDistributions = {
    ...{ size: 3, actionCount: 3 },
    write: (round, into) => into.set(round === 0 ? [0.5, 0.5, 0] : [0, 0.1, 0.9]),
  };
  const model = crossFittedRewards(choices, new Float64Array(3), {
    ...{ target, random: random(1), folds: 3, fit },
  });
  assert.deepEqual([...model.logged], [100, 1, 10]);
  near(model.expected[0], 5.5);
  near(model.expected[1], 91);
  near(model.expected[2], 91);
});

test("no round's reward reaches its own prediction, nor another's of its user; it reaches the others'", () => {
  const users = Int32Array.from({ length: 120 }, (_, i) => i % 24);
  const choices = { ...softmaxChoices(120, random(2)), users };
  const rewards = Float64Array.from({ length: 120 }, (_, i) => (i % 7) / 7);
  const fitted = (earned: Float64Array) =>
    crossFittedRewards(choices, earned, { target: uniform(120, 3), random: random(3), folds: 4 });
  const before = fitted(rewards);
  for (const planted of [0, 17, 119]) {
    const after = fitted(rewards.map((reward, i) => (i === planted ? reward + 1000 : reward)));
    for (let i = 0; i < 120; i++) {
      const same = before.foldOf[i] === before.foldOf[planted];
      if (users[i] === users[planted]) assert.ok(same);
      assert.equal(after.logged[i] === before.logged[i], same, `round ${i}`);
      assert.equal(after.expected[i] === before.expected[i], same, `round ${i}`);
    }
  }
});

/** A log of the softmax policy with noisy rewards that no line fits, and the truth about a target that prefers action 1. */
function problem(seed: number): { rounds: LoggedRounds; truth: number } {
  const draw = random(seed);
  const choices = softmaxChoices(600, draw);
  const share = [0.2, 0.6, 0.2];
  const target: RoundDistributions = {
    ...{ size: choices.size, actionCount: 3 },
    write: (_round, into) => into.set(share),
  };
  const rewards = new Float64Array(choices.size);
  const propensities = new Float64Array(choices.size);
  let truth = 0;
  for (let i = 0; i < choices.size; i++) {
    const [x, y] = contextOf(choices, i) as unknown as [number, number];
    const worth = [3 + x * x, 4 + Math.tanh(y), 2 - x];
    const action = choices.actions[i];
    rewards[i] = worth[action] + draw.normal();
    propensities[i] = softmaxTruth(x, y)[action];
    truth += worth.reduce((sum, value, a) => sum + share[a] * value, 0) / choices.size;
  }
  const targetProbabilities = Float64Array.from(choices.actions, (action) => share[action]);
  const model = crossFittedRewards(choices, rewards, { target, random: random(seed) });
  return { rounds: loggedRounds({ rewards, propensities, targetProbabilities, model }), truth };
}

test("DR with it is right on average, its spread well below IPS's; DM alone is not right", () => {
  const errors = { dr: [] as number[], ips: [] as number[], dm: [] as number[] };
  for (let seed = 1; seed <= 60; seed++) {
    const { rounds, truth } = problem(seed);
    const weights = importanceWeights(rounds);
    const errorOf = (estimator: Estimator): number => {
      const [term] = estimator.on(rounds, weights).terms;
      return term.reduce((sum, value) => sum + value, 0) / rounds.size - truth;
    };
    errors.dr.push(errorOf(doublyRobust));
    errors.ips.push(errorOf(ips));
    errors.dm.push(rounds.model!.expected.reduce((sum, value) => sum + value, 0) / rounds.size - truth);
  }
  const about = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
    );
    return { mean, deviation, error: deviation / Math.sqrt(values.length) };
  };
  const [dr, weighed, dm] = [about(errors.dr), about(errors.ips), about(errors.dm)];
  const said = JSON.stringify({ dr, weighed, dm });
  assert.ok(Math.abs(dr.mean) < 2.5 * dr.error, said);
  assert.ok(dr.deviation < 0.6 * weighed.deviation, said);
  assert.ok(Math.abs(dm.mean) > 4 * dm.error, said);
});

test("columns that do not fit are refused", () => {
  const choices = softmaxChoices(10, random(4));
  const about = { target: uniform(10, 3), random: random(1) };
  assert.throws(
    () => crossFittedRewards(choices, new Float64Array(9), about),
    /rewards for 10 rounds, got 9/,
  );
  assert.throws(
    () => crossFittedRewards(choices, new Float64Array(10), { ...about, target: uniform(10, 4) }),
    /10 rounds and 3 actions, got 10 and 4/,
  );
});
