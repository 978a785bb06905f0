import assert from "node:assert/strict";
import { test } from "node:test";
import type { SumStatistic } from "../../math/sumStatistic";
import { loggedRounds } from "../bandit/loggedRounds";
import { sequentialEstimators } from "./sequentialEstimators";
import { slateSteps } from "./slateSteps";
import { trajectories } from "./trajectories";

/**
 * A world that can be counted out: three items, slates of two without replacement, two steps. What a slate earns depends on
 * both places and on the state; the state at the second step is whether item 0 stood anywhere at the first.
 */
const items = [0, 1, 2];
const slatesOf = items.flatMap((a) => items.filter((b) => b !== a).map((b) => [a, b] as const));
const odds = {
  log: [
    [3, 2, 1],
    [1, 1, 2],
  ],
  target: [
    [1, 2, 4],
    [5, 1, 1],
  ],
};
const places = (policy: keyof typeof odds, state: number, [a, b]: readonly [number, number]) => {
  const of = odds[policy][state];
  const all = of.reduce((sum, each) => sum + each, 0);
  return [of[a] / all, of[b] / (all - of[a])] as const;
};
const rewardsOf = (state: number, [a, b]: readonly [number, number]) =>
  [a === 0 ? 1 + state : 0.5, b === 2 && a === 1 ? 3 : state * b] as const;
const nextState = (slate: readonly number[]): number => (slate.includes(0) ? 1 : 0);
const discount = 0.5;
const chance = (policy: keyof typeof odds, state: number, slate: readonly [number, number]): number => {
  const [first, second] = places(policy, state, slate);
  return first * second;
};
const worthOf = (policy: keyof typeof odds): number => {
  const earned = (state: number): number =>
    slatesOf.reduce((sum, slate) => {
      const [first, second] = rewardsOf(state, slate);
      return sum + chance(policy, state, slate) * (first + second);
    }, 0);
  return (
    earned(0) +
    discount * slatesOf.reduce((sum, slate) => sum + chance(policy, 0, slate) * earned(nextState(slate)), 0)
  );
};

/** Every trajectory of the log's policy once, a user each, its rows the wrong way round; and how likely each is. */
function everyTrajectory() {
  const chances: number[] = [];
  const rows: { user: number; step: number; position: number; reward: number; own: number; other: number }[] =
    [];
  for (const first of slatesOf)
    for (const second of slatesOf) {
      const user = chances.length;
      const then = nextState(first);
      chances.push(chance("log", 0, first) * chance("log", then, second));
      for (const [step, state, slate] of [
        [7, then, second],
        [3, 0, first],
      ] as const)
        for (const at of [1, 0] as const)
          rows.push({
            ...{ user, step, position: at + 1, reward: rewardsOf(state, slate)[at] },
            ...{ own: places("log", state, slate)[at], other: places("target", state, slate)[at] },
          });
    }
  return { chances, rows };
}

test("sequential estimators take a slate as one action: each tends to the target's value, counted out", () => {
  const { chances, rows } = everyTrajectory();
  const rounds = loggedRounds({
    users: Int32Array.from(rows, ({ user }) => user),
    rewards: Float64Array.from(rows, ({ reward }) => reward),
    propensities: Float64Array.from(rows, ({ own }) => own),
    targetProbabilities: Float64Array.from(rows, ({ other }) => other),
  });
  const found = slateSteps(
    rounds,
    rows.map(({ step }) => step),
    rows.map(({ position }) => position),
  );
  assert.deepEqual([found.steps.size, found.longest], [2 * chances.length, 2]);
  for (const row of found.rows) assert.equal(rows[row].position, 1);
  const log = trajectories({ ...found.steps, steps: found.order, discount });
  assert.equal(log.horizon, 2);
  const limit = ({ terms, of }: SumStatistic): number =>
    of(
      Float64Array.from(terms, (term) => term.reduce((sum, each, i) => sum + chances[i] * each, 0)),
      1,
    );
  const wanted = worthOf("target");
  assert.ok(Math.abs(worthOf("log") - wanted) > 0.1);
  for (const estimator of sequentialEstimators(log)) {
    const got = limit(estimator.on(log));
    assert.ok(Math.abs(got - wanted) < 1e-12, `${estimator.name}: ${got} is not ${wanted}`);
  }
});

test("rows of steps of their own stay as they are, in the log's order", () => {
  const rounds = loggedRounds({
    users: Int32Array.of(0, 1, 0),
    rewards: Float64Array.of(1, 2, 3),
    propensities: Float64Array.of(0.1, 0.3, 1),
    targetProbabilities: Float64Array.of(0.7, 0, 1),
  });
  const { steps, rows, order, longest } = slateSteps(rounds, [5, 5, 2]);
  assert.deepEqual([[...rows], [...order], longest], [[0, 1, 2], [5, 5, 2], 1]);
  for (const name of ["rewards", "propensities", "targetProbabilities", "users"] as const)
    assert.deepEqual(steps[name], rounds[name]);
  const { users: _, ...nobodys } = rounds;
  assert.throws(() => slateSteps(nobodys, [1, 2, 3]), /whose they are/);
});

test("probabilities of long slates keep their ratio where their products are no numbers any more", () => {
  const size = 200;
  const ratioOf = (own: number, other: number, last = other): number => {
    const targetProbabilities = new Float64Array(size).fill(other);
    targetProbabilities[size - 1] = last;
    const rounds = loggedRounds({
      ...{ users: new Int32Array(size), rewards: new Float64Array(size).fill(1), targetProbabilities },
      propensities: new Float64Array(size).fill(own),
    });
    const { steps } = slateSteps(rounds, new Int32Array(size));
    assert.equal(steps.rewards[0], size);
    return steps.targetProbabilities[0] / steps.propensities[0];
  };
  assert.ok(Math.abs(ratioOf(1e-4, 1.01e-4) / 1.01 ** size - 1) < 1e-9);
  assert.ok(Math.abs(ratioOf(1.01e-4, 1e-4) * 1.01 ** size - 1) < 1e-9);
  assert.equal(ratioOf(1e-4, 1e-4), 1);
  assert.equal(ratioOf(1e-4, 1e-4, 0), 0);
  assert.equal(ratioOf(0.5, 0.5), 1);
});
