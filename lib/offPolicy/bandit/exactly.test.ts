import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { estimateOf } from "../../math/sumStatistic";
import { banditEstimators } from "./banditEstimators";
import {
  directMethod,
  doublyRobust,
  optimisticShrinkage,
  selfNormalisedDr,
  subGaussianDr,
  switchDr,
} from "./doublyRobust";
import type { Estimator } from "./estimator";
import { importanceWeights } from "./importanceWeights";
import { ips, snips, subGaussianIps } from "./inversePropensity";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";

/**
 * A world of two kinds of visitor and three actions with rewards 0 or 1, small enough to count out every log of two
 * rounds there can be: (2 · 3 · 2)² = 144, each with its probability. What an estimator gives on average is then a sum.
 */
const meanRewards = [
  [0.9, 0.2, 0.5],
  [0.1, 0.6, 0.3],
];
const behaviour = [
  [0.5, 0.3, 0.2],
  [0.2, 0.2, 0.6],
];
const target = [
  [0.1, 0.1, 0.8],
  [0.3, 0.6, 0.1],
];
const truth = worthOf(target);

function worthOf(policy: readonly (readonly number[])[]): number {
  return policy.reduce(
    (sum, row, c) => sum + row.reduce((all, p, a) => all + (p * meanRewards[c][a]) / 2, 0),
    0,
  );
}

interface Belief {
  readonly model?: readonly (readonly number[])[];
  /** What is written down as the log's probabilities. */
  readonly propensities?: readonly (readonly number[])[];
  readonly policy?: readonly (readonly number[])[];
  readonly clip?: number;
}

interface Outcome {
  readonly probability: number;
  readonly context: number;
  readonly action: number;
  readonly reward: number;
}

const single: Outcome[] = [0, 1].flatMap((context) =>
  [0, 1, 2].flatMap((action) =>
    [0, 1].map((reward) => {
      const mean = meanRewards[context][action];
      const probability = 0.5 * behaviour[context][action] * (reward === 1 ? mean : 1 - mean);
      return { probability, context, action, reward };
    }),
  ),
);

function valueOn(estimator: Estimator, log: readonly Outcome[], belief: Belief): number {
  const { model = meanRewards, propensities = behaviour, policy = target, clip } = belief;
  const column = (value: (round: Outcome) => number): Float64Array => Float64Array.from(log, value);
  const rounds: LoggedRounds = loggedRounds({
    rewards: column(({ reward }) => reward),
    propensities: column(({ context, action }) => propensities[context][action]),
    targetProbabilities: column(({ context, action }) => policy[context][action]),
    model: {
      logged: column(({ context, action }) => model[context][action]),
      expected: column(({ context }) =>
        policy[context].reduce((sum, p, a) => sum + p * model[context][a], 0),
      ),
    },
  });
  return estimateOf(estimator.on(rounds, importanceWeights(rounds, clip)));
}

/** The mean and the variance of an estimator over every log of two rounds. */
function over(
  estimator: Estimator,
  belief: Belief = {},
): { readonly mean: number; readonly variance: number } {
  let [mean, squares, total] = [0, 0, 0];
  for (const first of single)
    for (const second of single) {
      const probability = first.probability * second.probability;
      const value = valueOn(estimator, [first, second], belief);
      mean += probability * value;
      squares += probability * value * value;
      total += probability;
    }
  assert.ok(Math.abs(total - 1) < 1e-12);
  return { mean, variance: squares - mean * mean };
}

const exactly = (got: number, wanted: number): void =>
  assert.ok(Math.abs(got - wanted) < 1e-12, `${got} is not exactly ${wanted}`);
const wrongModel = [
  [0.2, 0.9, 0.1],
  [0.8, 0.3, 0.9],
];
const wrongPropensities = [
  [0.3, 0.3, 0.4],
  [0.5, 0.3, 0.2],
];

test("IPS and DR are exact on average, the direct method where its model is, DR where either is", () => {
  exactly(over(ips).mean, truth);
  exactly(over(doublyRobust, { model: wrongModel }).mean, truth);
  exactly(over(doublyRobust, { propensities: wrongPropensities }).mean, truth);
  exactly(over(directMethod).mean, truth);
  const astray = { model: wrongModel, propensities: wrongPropensities };
  for (const estimator of [ips, directMethod, doublyRobust])
    assert.ok(Math.abs(over(estimator, astray).mean - truth) > 0.01, estimator.name);
});

test("what is shrunk, clipped or switched off leans: by as much as can be counted", () => {
  // The bias of clipped IPS is what it cuts off: Σ (w − min(w, c)) π₀ μ over contexts and actions.
  let cut = 0;
  for (const c of [0, 1])
    for (const a of [0, 1, 2])
      cut += 0.5 * Math.max(0, target[c][a] - 1.5 * behaviour[c][a]) * meanRewards[c][a];
  exactly(over(ips, { clip: 1.5 }).mean, truth - cut);
  for (const estimator of [switchDr(1.5), optimisticShrinkage(1), subGaussianDr(0.1)]) {
    exactly(over(estimator).mean, truth); // the model is exact: nothing is left to correct
    assert.ok(Math.abs(over(estimator, { model: wrongModel }).mean - truth) > 1e-3, estimator.name);
  }
  assert.ok(Math.abs(over(subGaussianIps(0.1)).mean - truth) > 1e-3);
});

test("with a perfect model DR varies only by reward and visitor; normalising narrows it", () => {
  assert.ok(over(doublyRobust).variance < 0.6 * over(ips).variance);
  assert.ok(over(snips).variance < over(ips).variance);
  assert.ok(
    over(selfNormalisedDr, { model: wrongModel }).variance <
      over(doublyRobust, { model: wrongModel }).variance,
  );
});

test("judged on its own log, a policy's value is the log's mean, to the last digit", () => {
  const belief = { policy: behaviour, model: wrongModel };
  for (const log of [single.slice(0, 5), single])
    for (const estimator of [ips, snips, subGaussianIps(0.1)])
      exactly(valueOn(estimator, log, belief), log.reduce((sum, { reward }) => sum + reward, 0) / log.length);
  exactly(over(doublyRobust, belief).mean, worthOf(behaviour));
});

test("each turns into its neighbours at the ends of its setting", () => {
  const log = [single[1], single[2], single[7], single[8]];
  const on = (estimator: Estimator): number => valueOn(estimator, log, { model: wrongModel });
  exactly(on(switchDr(Number.POSITIVE_INFINITY)), on(doublyRobust));
  exactly(on(switchDr(0)), on(directMethod));
  exactly(on(optimisticShrinkage(0)), on(directMethod));
  exactly(on(optimisticShrinkage(Number.POSITIVE_INFINITY)), on(doublyRobust));
  assert.ok(Math.abs(on(optimisticShrinkage(1e12)) - on(doublyRobust)) < 1e-9);
  exactly(on(subGaussianDr(0)), on(doublyRobust));
  exactly(on(subGaussianIps(0)), on(ips));
});

test("weights of any log: shrunk ones stay below their bounds, SNIPS inside the rewards", () => {
  const rounds = fc.array(
    fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 1e-3, max: 1, noNaN: true }),
      fc.double({ min: 1e-3, max: 1, noNaN: true }),
    ),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(rounds, fc.double({ min: 0.1, max: 10, noNaN: true }), (rows, clip) => {
      const column = (at: 0 | 1 | 2): Float64Array => Float64Array.from(rows, (row) => row[at]);
      const log = loggedRounds({
        rewards: column(0),
        propensities: column(1),
        targetProbabilities: column(2),
      });
      const weights = importanceWeights(log, clip);
      assert.ok(weights.every((weight) => weight <= clip));
      const value = estimateOf(snips.on(log, weights));
      assert.ok(value >= Math.min(...log.rewards) - 1e-9 && value <= Math.max(...log.rewards) + 1e-9);
      const capped = subGaussianIps(0.1).on({ ...log, rewards: log.rewards.fill(1) }, weights).terms[0];
      assert.ok(capped.every((weight) => weight < 10));
    }),
  );
});

test("estimators that need a model are refused without one, and settings out of range", () => {
  const rounds = loggedRounds({
    rewards: Float64Array.of(1),
    propensities: Float64Array.of(0.5),
    targetProbabilities: Float64Array.of(0.5),
  });
  assert.deepEqual(
    banditEstimators(rounds).map(({ name }) => name),
    ["ips", "snips", "sgIps"],
  );
  assert.throws(() => doublyRobust.on(rounds, Float64Array.of(1)), /dr requires a log with a reward model/);
  assert.throws(() => switchDr(-1), /tau of at least 0, got -1/);
  assert.throws(() => subGaussianIps(2).on(rounds, Float64Array.of(1)), /lambda in \[0, 1\], got 2/);
  for (const [bad, message] of [
    [{ propensities: Float64Array.of(0) }, /propensities in \(0, 1\], got 0 in round 1/],
    [{ rewards: Float64Array.of(Number.NaN) }, /finite rewards, got NaN/],
    [{ targetProbabilities: Float64Array.of(1.1) }, /target probabilities in \[0, 1\], got 1.1/],
    [{ users: Int32Array.of(1, 2) }, /user rows from 0 for 1 rounds, got 2/],
  ] as const)
    assert.throws(() => loggedRounds({ ...rounds, ...bad }), message);
});
