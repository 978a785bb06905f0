import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ridgeRegression } from "../agents/linUcb/ridgeRegression";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { actionValues, evaluatePolicy, plan } from "./decisionTables";
import { dirichletWorld } from "./dirichletWorld";
import { learnOnline } from "./online";
import { linUcbLearner } from "./onlineBandit";
import { dqnLearner } from "./onlineDqn";
import type { OnlineLearner } from "./onlineLearner";
import { constant, linearDecay } from "./onlineSchedules";
import { chanceLearner } from "./onlineSideBySide";
import { onlineQLearning, onlineSarsa, type TableLearner } from "./onlineTabular";
import { readerPolicies } from "./readerPolicies";
import { satiation, satiationSettings, satiationTables } from "./satiation";
import type { World } from "./world";

const { optimalValues } = JSON.parse(readFileSync(join(__dirname, "fixtures", "satiation-dp.json"), "utf8"))
  .on as { optimalValues: number[] };
const world = satiation();
const tables = satiationTables(satiationSettings.parse({}));
const shape = { choices: 3, width: 3, discount: 0.9 };
const levelsOf = (state: number): number[] => [16, 4, 1].map((weight) => Math.floor(state / weight) % 4);

/** Largest distance of a learner's values to a table [S × A], of pairs that were moved often, and how many these are. */
function furthest(learner: TableLearner, truth: Float64Array, least: number) {
  let [most, pairs] = [0, 0];
  for (let s = 0; s < 64; s++)
    for (let a = 0; a < 3; a++) {
      if (learner.visits(levelsOf(s).join(), a) < least) continue;
      pairs++;
      most = Math.max(most, Math.abs(learner.value(levelsOf(s).join(), a) - truth[s * 3 + a]));
    }
  return { most, pairs };
}

const crowd = { readers: 200, rounds: 120, discount: 0.9 };
const fading = (visits: number): number => visits ** -0.75;

test("Q-learning acts by chance alone and comes within .15 of the optimal values of another program", () => {
  const learner = onlineQLearning({ ...shape, learningRate: fading, epsilon: constant(1) });
  const rounds = learnOnline(learner, world, random(1), crowd);
  const { most, pairs } = furthest(learner, plan(tables, 0.9).actionValues, 5000);
  assert.ok(most < 0.15 && pairs >= 25, `${most} of ${pairs}`);
  const { believed } = rounds[rounds.length - 1];
  assert.ok(Math.abs(believed! - optimalValues[0]) < 0.15, `${believed}`);
  const value = world.value!(learner.learned, 0.9);
  assert.ok(value > 6.9 && value <= optimalValues[0] + 1e-9, `${value}`);
  // Nothing unseen is valued, and what it does is worth what chance is.
  assert.equal(learner.value("9,9,9", 0), 0);
  const exact = world.value!("random", 0.9);
  assert.ok(Math.abs(meanOf(rounds.map(({ mean }) => mean)) - exact) < 0.1);
});

test("SARSA comes within .15 of the values of what it does, chance included, and far from the optimum", () => {
  const learner = onlineSarsa({ ...shape, learningRate: fading, epsilon: constant(0.5) });
  learnOnline(learner, world, random(1), crowd);
  const own = learner.policy(0.5);
  const probabilities = Float64Array.from(
    { length: 192 },
    (_, sa) => own.probabilities(Float32Array.from(levelsOf(Math.floor(sa / 3))), Int32Array.of(sa % 3))[0],
  );
  const values = actionValues(tables, evaluatePolicy(tables, probabilities, 0.9), 0.9);
  const { most, pairs } = furthest(learner, values, 5000);
  assert.ok(most < 0.15 && pairs >= 20, `${most} of ${pairs}`);
  const off = furthest(learner, plan(tables, 0.9).actionValues, 5000).most;
  assert.ok(off > 0.7, `${off} from the optimum`);
});

test("an end is worth nothing, one reader at a time too; a cut-off is no end; a table of states of one's own", () => {
  // The best genre again and again, without effects: a reader is worth 1 / (1 − γ (1 − .5)) where half leave each time.
  const short = satiation({ effects: false, leave: [0.5], genres: 1, quality: [1] });
  const learner = onlineSarsa({
    ...{ choices: 1, width: 1, discount: 0.9, learningRate: fading, epsilon: constant(0) },
    stateOf: () => "all",
  });
  learnOnline(learner, short, random(4), { readers: 1, rounds: 2000, discount: 0.9 });
  assert.ok(Math.abs(learner.value("all", 0) - 1 / (1 - 0.45)) < 0.1, `${learner.value("all", 0)}`);
  // A session that is only cut off has a future: one step of reward 1 each, again and again, is worth 1 / (1 − γ).
  const cutOff = dirichletWorld({ items: 2, steps: 1, engagement: 1, concentration: 1e6, fatigue: 1 });
  const goesOn = onlineQLearning({
    ...{ choices: 2, width: 4, discount: 0.5, learningRate: 0.5, epsilon: constant(0) },
    stateOf: () => "all",
  });
  learnOnline(goesOn, cutOff, random(4), { readers: 10, rounds: 20 });
  assert.ok(Math.abs(goesOn.value("all", 0) - 2) < 0.01, `${goesOn.value("all", 0)}`);
  assert.throws(() => onlineSarsa({ ...shape, discount: 1.2 }), /a discount in \[0, 1\], got 1.2/);
});

test("LinUCB's regret a step falls where chance's does not, and it learns of what was seen before the choice", () => {
  const tastes = dirichletWorld({ steps: 50 });
  const size = 4;
  const context = (seen: Float32Array, k: number): number[] => [
    1,
    (seen[10 + k] + 0.2) / (seen[k] + 1),
    1 / Math.sqrt(seen[k] + 1),
    seen[k] / 10,
  ];
  const learner = linUcbLearner({ choices: 10, width: 20, size, context, alpha: 0.5 });
  const byHand = ridgeRegression(size, { ridge: 1 });
  const listening = {
    ...learner,
    learn(step: Parameters<typeof learner.learn>[0]): void {
      learner.learn(step);
      for (let i = 0; i < step.live.length; i++)
        byHand.observe(
          context(step.observations.subarray(20 * i, 20 * i + 20), step.choice.actions[i]),
          step.result.rewards[i],
        );
    },
  };
  learnOnline(listening, tastes, random(3), { readers: 4, rounds: 2 });
  assert.deepEqual(learner.coefficients(), byHand.coefficients());
  // The first reader and later ones, mean of 20 agents that each begin anew.
  const ofAgents = (make: () => OnlineLearner): { first: number; late: number } => {
    const runs = Array.from({ length: 20 }, (_, seed) =>
      learnOnline(make(), tastes, random(seed), { readers: 1, rounds: 20 }).map(
        (round) => round.regretPerStep,
      ),
    );
    return { first: meanOf(runs.map(([first]) => first)), late: meanOf(runs.flatMap((run) => run.slice(2))) };
  };
  const own = ofAgents(() => linUcbLearner({ choices: 10, width: 20, size, context }));
  const chance = ofAgents(() => chanceLearner(tastes));
  assert.ok(own.late < 0.65 * own.first && own.late < 0.5 * chance.late, JSON.stringify({ own, chance }));
  assert.ok(Math.abs(chance.late - chance.first) < 0.03, JSON.stringify(chance));
  assert.throws(
    () => learnOnline(linUcbLearner({ ...shape, size: 2, context: () => [1] }), world, random(1)),
    /contexts of 2 numbers, got 1/,
  );
});

test("a bandit learns in the satiation world what a step earns, and is worth exactly what greedy is", () => {
  const context = (levels: Float32Array, k: number): number[] =>
    [0, 1, 2].flatMap((each) => (each === k ? [1, levels[k]] : [0, 0]));
  const learner = linUcbLearner({ choices: 3, width: 3, size: 6, context });
  learnOnline(learner, world, random(1), { readers: 20, rounds: 5, steps: 40 });
  const [quality, fall] = learner.coefficients();
  assert.ok(Math.abs(quality - 1) < 0.02 && Math.abs(fall + 0.04) < 0.01, `${quality} ${fall}`);
  assert.equal(world.value!(learner.learned, 0.9), world.value!("greedy", 0.9));
});

/** Two steps: which choice is made at the first does not matter; at the second 1 earns 1; then the reader leaves. */
function twoSteps(): World {
  return {
    name: "two-steps",
    items: [],
    ...readerPolicies(
      "two-steps",
      { choices: 2, width: 2 },
      { greedy: () => (seen) => seen.map((_, at) => at % 2) as never },
    ),
    environments(size) {
      let time = 0;
      const seen = (): Float32Array =>
        Float32Array.from({ length: 2 * size }, (_, at) => (at % 2 === Math.min(time, 1) ? 1 : 0));
      return {
        name: "two-steps",
        size,
        observationSpace: { kind: "box", low: [0, 0], high: [1, 1] },
        actionSpace: { kind: "choices", size: 2 },
        reset() {
          time = 0;
          return seen();
        },
        step(actions) {
          const rewards = Float64Array.from({ length: size }, (_, i) => (time === 1 ? actions[i] : 0));
          time++;
          const terminated = new Uint8Array(size).fill(time === 2 ? 1 : 0);
          return { observations: seen(), rewards, terminated, truncated: new Uint8Array(size) };
        },
      };
    },
  };
}

test("DQN's memory: what follows is the same reader's, an end is worth nothing, the oldest makes room", () => {
  for (const capacity of [1000, 40]) {
    const learner = dqnLearner({
      ...{ choices: 2, width: 2, discount: 0.9, capacity, warmUp: 20, batchSize: 32, updates: 2 },
      settings: { hidden: [16], criticLearningRate: 1e-2, targetRate: 0.1 },
      epsilon: linearDecay({ from: 1, to: 0.3, over: 20 }),
      random: random(2),
    });
    const rounds = learnOnline(learner, twoSteps(), random(1), { readers: 4, rounds: 80, discount: 0.9 });
    const { believed } = rounds[rounds.length - 1];
    assert.ok(Math.abs(believed! - 0.9) < 0.05, `${believed} of .9`); // γ · 1
    const second = learner.believed!(Float32Array.of(0, 1))[0];
    assert.ok(Math.abs(second - 1) < 0.05, `${second} of 1`); // 10 if the end were worth what the state is
    assert.equal(learner.learned.choose(Float32Array.of(0, 1), random(1)).actions[0], 1);
    learner.dispose?.();
  }
});
