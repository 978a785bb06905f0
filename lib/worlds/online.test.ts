import assert from "node:assert/strict";
import { test } from "node:test";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { dirichletWorld } from "./dirichletWorld";
import { learnOnline } from "./online";
import { linUcbLearner } from "./onlineBandit";
import { dqnLearner } from "./onlineDqn";
import { type OnlineLearner, type OnlineStep, scoredLearner } from "./onlineLearner";
import { constant, exponentialDecay, linearDecay } from "./onlineSchedules";
import { regretCurves, sideBySide } from "./onlineSideBySide";
import { onlineQLearning, onlineSarsa } from "./onlineTabular";
import { overSeeds } from "./overSeeds";
import { readerPolicies } from "./readerPolicies";
import { satiation } from "./satiation";
import type { World } from "./world";

/** Reader i leaves after step i, but for the last, whose watching is cut off then; observed: round, step. */
function leavingInTurn(): World {
  let round = 0;
  return {
    name: "leaving-in-turn",
    items: [],
    ...readerPolicies(
      "leaving-in-turn",
      { choices: 2, width: 2 },
      { greedy: () => (seen) => new Float64Array(seen.length) },
    ),
    environments(size) {
      let time = 0;
      const seen = (): Float32Array =>
        Float32Array.from({ length: 2 * size }, (_, at) =>
          at % 2 === 0 ? round : Math.min(time, Math.floor(at / 2)),
        );
      return {
        name: "leaving-in-turn",
        size,
        observationSpace: { kind: "box", low: [0, 0], high: [99, 99] },
        actionSpace: { kind: "choices", size: 2 },
        reset() {
          time = 0;
          round++;
          return seen();
        },
        step() {
          const rewards = Float64Array.from({ length: size }, (_, i) => (time <= i ? 10 * time + i : 0));
          const ended = (i: number): number => (time >= i ? 1 : 0);
          const terminated = Uint8Array.from({ length: size }, (_, i) => (i < size - 1 ? ended(i) : 0));
          const truncated = Uint8Array.from({ length: size }, (_, i) => (i === size - 1 ? ended(i) : 0));
          time++;
          return { observations: seen(), rewards, terminated, truncated };
        },
      };
    },
  };
}

/** Acts by chance and writes down what it hears. */
function listener(waits: boolean): OnlineLearner & { readonly heard: OnlineStep[] } {
  const heard: OnlineStep[] = [];
  return {
    ...scoredLearner({
      ...{ name: "listener", choices: 2, width: 2, epsilon: constant(1), waits },
      values: (seen) => new Float64Array(seen.length),
      learn: (step) => heard.push({ ...step, live: step.live.slice() }),
    }),
    heard,
  };
}

for (const waits of [false, true])
  test(`a learner that ${waits ? "waits" : "does not wait"} hears of every step once, and of nobody's after the end`, () => {
    const learner = listener(waits);
    learnOnline(learner, leavingInTurn(), random(1), { readers: 3, rounds: 2 });
    const steps = learner.heard;
    assert.equal(steps.length, 6);
    for (const [s, { observations, result, choice, live, nextActions }] of steps.entries()) {
      const time = s % 3;
      // The last reader was cut off, not gone: nobody knows what would have been done next.
      const hears = [0, 1, 2].map((i) => (time <= i && !(waits && i === 2 && time === 2) ? 1 : 0));
      assert.deepEqual([...live], hears, `step ${s}`);
      for (let i = 0; i < 3; i++) {
        if (live[i] === 0) continue;
        assert.equal(result.rewards[i], 10 * time + i);
        assert.deepEqual(
          [observations[2 * i + 1], result.terminated[i]],
          [time, i === time && i < 2 ? 1 : 0],
        );
        // What follows belongs to the same session, and to the same reader.
        assert.deepEqual(
          [result.observations[2 * i], result.observations[2 * i + 1]],
          [observations[2 * i], Math.min(time + 1, i)],
        );
        if (waits && result.terminated[i] === 0)
          assert.equal(
            nextActions![i],
            steps[s + 1].choice.actions[i],
            "the action that was really taken next",
          );
      }
      assert.equal(nextActions === undefined, !waits || time === 2);
      assert.equal(choice.actions.length, 3);
    }
  });

test("regret is what the oracle brings on the same readers and the agent does not; diversity and exploration by hand", () => {
  const world = dirichletWorld({ steps: 30 });
  const options = { readers: 20, rounds: 3, oracle: "random" };
  const chance = scoredLearner({
    ...{ name: "chance", choices: 10, width: 20, epsilon: constant(1) },
    values: () => new Float64Array(200),
  });
  for (const { regret, returns, oracleReturns } of learnOnline(chance, world, random(3), options)) {
    assert.equal(regret, 0); // the same readers, the same draws
    assert.deepEqual(returns, oracleReturns);
  }
  const always = scoredLearner({
    ...{ name: "first", choices: 10, width: 20, epsilon: constant(0) },
    values: (seen) => Float64Array.from({ length: seen.length / 2 }, (_, at) => (at % 10 === 0 ? 1 : 0)),
  });
  const [first] = learnOnline(always, world, random(3), { ...options, oracle: "optimal", discount: 0.9 });
  assert.deepEqual([first.diversity, first.metrics.explorationRate, first.believed], [1, 0, 1]);
  assert.ok(Math.abs(first.regret - (meanOf(first.oracleReturns) - meanOf(first.returns))) < 1e-12);
  assert.ok(first.regret > 0.5 && Math.abs(first.regretPerStep - first.regret / 30) < 1e-12);
  assert.ok(meanOf(first.oracleReturns) < 10, "discounted");
  const [spread] = learnOnline(chance, world, random(3), options);
  // 1 / Σ p² of 30 draws among 10 is expected near 30 · 10 / (30 + 9).
  assert.ok(Math.abs(spread.diversity - 7.7) < 0.7 && Math.abs(spread.metrics.explorationRate! - 0.9) < 0.05);
  assert.throws(() => learnOnline(chance, world, random(3), { rounds: 0 }), /at least one round, got 0/);
});

for (const world of [satiation(), dirichletWorld({ items: 3, steps: 20 })])
  test(`with nothing but chance every agent is the random policy, byte for byte: ${world.name}`, () => {
    const width = world.name === "satiation" ? 3 : 6;
    const shape = { choices: 3, width, epsilon: constant(1) };
    const context = (seen: Float32Array, k: number): number[] => [1, seen[k]];
    const learners = [
      onlineQLearning({ ...shape, discount: 0.9 }),
      onlineSarsa({ ...shape, discount: 0.9 }),
      linUcbLearner({ ...shape, size: 2, context }),
      dqnLearner({ ...shape, discount: 0.9, random: random(5), warmUp: 20, batchSize: 8 }),
    ];
    for (const learner of learners) {
      for (const round of learnOnline(learner, world, random(2), {
        readers: 6,
        rounds: 2,
        steps: 15,
        oracle: "random",
      }))
        assert.deepEqual(round.returns, round.oracleReturns, learner.name);
      learner.dispose?.();
    }
  });

test("schedules: constant, even, halved", () => {
  assert.equal(constant(0.2)(100, 3), 0.2);
  const even = linearDecay({ from: 1, to: 0.2, over: 4 });
  assert.deepEqual(
    [0, 1, 4, 9].map((round) => even(round, 0)),
    [1, 0.8, 0.2, 0.2],
  );
  const halved = exponentialDecay({ from: 1, to: 0.2, half: 2 });
  assert.deepEqual(
    [0, 2, 4].map((round) => Number(halved(round, 0).toFixed(9))),
    [1, 0.6, 0.4],
  );
  assert.throws(() => exponentialDecay({ from: 1, to: 0, half: 0 }), /a half-life above 0, got 0/);
  assert.throws(
    () =>
      learnOnline(
        onlineQLearning({ choices: 3, width: 3, discount: 0.9, epsilon: constant(2) }),
        satiation(),
        random(1),
      ),
    /an epsilon in \[0, 1\], got 2/,
  );
});

test("side by side: the same readers for all, chance among them, an interval over seeds", () => {
  const shape = { choices: 3, width: 3, discount: 0.9, epsilon: constant(0.1) };
  const { rows, runs } = sideBySide(
    satiation(),
    { q: () => onlineQLearning(shape), again: () => onlineQLearning(shape) },
    { seeds: [1, 2, 3], readers: 10, rounds: 4, steps: 10, discount: 0.9 },
  );
  assert.deepEqual(
    rows.map(({ name }) => name),
    ["q", "again", "random"],
  );
  // Two that are the same agent differ in nothing: no other readers, no other luck.
  assert.deepEqual(rows[1].lateDifference, { mean: 0, lower: 0, upper: 0 });
  assert.deepEqual(runs.q, runs.again);
  for (let seed = 0; seed < 3; seed++)
    assert.deepEqual(runs.q[seed][0].oracleReturns, runs.random[seed][0].oracleReturns);
  assert.notDeepEqual(runs.q[0][0].oracleReturns, runs.q[1][0].oracleReturns);
  const sums = runs.q.map((run) => run.reduce((sum, { regret }) => sum + regret, 0));
  assert.ok(Math.abs(rows[0].regret.mean - meanOf(sums) / 4) < 1e-12);
  const [curve] = regretCurves({ runs });
  assert.deepEqual(curve.x, [10, 20, 30, 40]);
  assert.ok(Math.abs(curve.y[3] - 10 * meanOf(sums)) < 1e-9 && curve.lower[3] < curve.y[3]);
  assert.ok(Math.abs(rows[2].learned!.mean - satiation().value!("random", 0.9)) < 1e-9);
  assert.equal(rows[0].late.value, meanOf(runs.q.map((run) => run[3].mean)));
  const { mean, lower, upper } = overSeeds([1, 3]);
  assert.ok(mean === 2 && Math.abs(upper - 2 - 12.7062) < 1e-3 && Math.abs(lower + upper - 4) < 1e-9);
  assert.throws(() => sideBySide(satiation(), {}), /agents and seeds, got 0 and 5/);
});
