import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { estimateOf } from "../../math/sumStatistic";
import { tf } from "../../tensors/tf";
import { type TabularLog, tabularLog } from "../../worlds/tabularLog";
import { tabularValue } from "../../worlds/tabularWorld";
import { crossFitted } from "./crossFitted";
import { fittedQ } from "./fittedQ";
import type { FittedQSteps } from "./fittedQSteps";
import { fittedQTabular } from "./fittedQTabular";
import { pdis } from "./perDecision";
import { sdm, sdr } from "./sequentialDoublyRobust";
import {
  assertNear,
  backwards,
  behaviour,
  certain,
  chancy,
  judged,
  target,
} from "./smallTrajectories.fixture";
import { withModel } from "./trajectories";

/** States as one number of three being 1: a network without hidden layers is then a table. */
function stepsOf(log: TabularLog): FittedQSteps {
  const n = log.states.length;
  const states = new Float32Array(n * 3);
  const probabilities = new Float32Array(n * 2);
  log.states.forEach((state, row) => {
    states[row * 3 + state] = 1;
    probabilities.set(target.subarray(2 * state, 2 * state + 2), 2 * row);
  });
  return { states, stateSize: 3, actions: log.actions, actionCount: 2, probabilities };
}

const table = { hidden: [], learningRate: 0.05, gradientSteps: 250, batchSize: 10_000 };
const tabular = ({ states, actions }: TabularLog) => ({ states, actions, policy: target, actionCount: 2 });

/** The log as if every other user had been watched for two steps only. */
function watchedLess(log: TabularLog): TabularLog {
  const kept = <T extends Int32Array | Float64Array | Uint8Array>(column: T): T =>
    column.filter((_, row) => log.steps[row] < 2 || log.users[row] % 2 === 0) as T;
  return {
    ...{ users: kept(log.users), steps: kept(log.steps), states: kept(log.states) },
    ...{ actions: kept(log.actions), rewards: kept(log.rewards) },
    ...{ propensities: kept(log.propensities), terminals: kept(log.terminals) },
  };
}

test("a network that is a table finds what tables find, step by step and without end", () => {
  const log = watchedLess(tabularLog(chancy, behaviour, { users: 150, random: random(2) }));
  const own = judged(log, target, 0.8);
  const { terminals } = log;
  for (const endless of [false, true]) {
    const wanted = fittedQTabular(own, tabular(log), { terminals, endless }).model;
    const { model, alarmShare, losses } = fittedQ(own, stepsOf(log), {
      ...{ terminals, endless, random: random(3) },
      config: endless ? { ...table, gradientSteps: 40, iterations: 30 } : table,
    });
    for (const column of ["logged", "expected"] as const)
      for (let row = 0; row < log.users.length; row++)
        assertNear(model[column][row], wanted[column][row], 1e-3);
    assert.equal(alarmShare, 0);
    // An endless fit may come to rest before its last round.
    assert.ok(endless ? losses.length > 15 && losses.length <= 30 : losses.length === 3);
  }
});

test("actions as vectors, among candidates, in any order: the same values", () => {
  const log = tabularLog(certain, behaviour, { users: 40, random: random(5) });
  const own = judged(log, target, 1);
  const wanted = fittedQTabular(own, tabular(log), { terminals: log.terminals }).model;
  // Two actions in opposite directions, and a third that neither policy takes.
  const actionVectors = Float32Array.of(1, 0, -1, 0, 0, 1);
  const steps = stepsOf(log);
  const n = log.states.length;
  const turned: FittedQSteps = {
    ...{ ...steps, actionCount: 3, actionVectors },
    candidates: Int32Array.from({ length: 2 * n }, (_, i) => 1 - (i % 2)),
    probabilities: Float32Array.from({ length: 2 * n }, (_, i) => Number(steps.probabilities[i ^ 1])),
  };
  const { model } = fittedQ(own, turned, {
    ...{ terminals: log.terminals, random: random(1) },
    config: { hidden: [16], learningRate: 0.02, gradientSteps: 300 },
  });
  for (const column of ["logged", "expected"] as const)
    for (let row = 0; row < n; row++) assertNear(model[column][row], wanted[column][row], 0.1);
});

test("a small network, cross-fitted: sequential DR is near the value, with less spread than the weights alone", () => {
  const log = tabularLog(chancy, behaviour, { users: 300, random: random(11) });
  const own = judged(log, target, 0.5);
  const model = crossFitted(
    own,
    (learnFrom, draw) =>
      fittedQ(own, stepsOf(log), {
        ...{ terminals: log.terminals, learnFrom, random: draw },
        config: { hidden: [16], learningRate: 0.01, gradientSteps: 100 },
      }).model,
    { random: random(1) },
  );
  const { value } = tabularValue(chancy, target, 0.5);
  const full = withModel(own, model);
  const [robust, weighted] = [sdr.on(full).terms[0], pdis.on(full).terms[0]];
  assertNear(estimateOf(sdm.on(full)), value, 0.25);
  assertNear(estimateOf(sdr.on(full)), value, (3 * spread(robust)) / Math.sqrt(300));
  assert.ok(spread(robust) < 0.9 * spread(weighted), `${spread(robust)} and ${spread(weighted)}`);
});

test("the seed decides everything and the order of rows nothing, trajectories left out are not looked at, and no tensor stays", () => {
  const log = tabularLog(chancy, behaviour, { users: 20, random: random(6) });
  const learnFrom = Uint8Array.from({ length: 20 }, (_, i) => (i === 7 ? 0 : 1));
  const fit = (seed: number, some = log) =>
    fittedQ(judged(some, target, 0.5), stepsOf(some), {
      ...{ terminals: some.terminals, learnFrom, random: random(seed) },
      config: { hidden: [4], gradientSteps: 5, batchSize: 8 },
    }).model;
  const first = fit(1);
  const tensors = tf().memory().numTensors;
  assert.deepEqual(fit(1), first);
  assert.notDeepEqual(fit(2), first);
  assert.equal(tf().memory().numTensors, tensors);
  const planted = log.rewards.map((reward, row) => (log.users[row] === 7 ? -reward : reward));
  assert.deepEqual(fit(1, { ...log, rewards: planted }), first);
  const turned = fit(1, backwards(log));
  assert.deepEqual([turned.logged.reverse(), turned.expected.reverse()], [first.logged, first.expected]);
});

test("large rewards are learned as fast as small ones", () => {
  const log = tabularLog(certain, behaviour, { users: 40, random: random(5) });
  const rewards = log.rewards.map((reward) => 1024 * reward);
  const [small, large] = [log, { ...log, rewards }].map((some) =>
    fittedQ(judged(some, target, 0.5), stepsOf(some), {
      ...{ terminals: some.terminals, random: random(1) },
      config: { hidden: [8], gradientSteps: 20 },
    }),
  );
  small.model.logged.forEach((value, row) => {
    assertNear(large.model.logged[row] / 1024, value, 1e-5);
  });
});

test("what does not fit is refused by name and row", () => {
  const log = tabularLog(chancy, behaviour, { users: 5, random: random(1) });
  const own = judged(log, target, 1);
  const steps = stepsOf(log);
  const broken = (changes: Partial<FittedQSteps>) => () =>
    fittedQ(own, { ...steps, ...changes }, { random: random(1) });
  const n = log.states.length;
  for (const [changes, wanted] of [
    [{ stateSize: 2 }, /states of 2 numbers/],
    [{ actions: new Int32Array(1) }, new RegExp(`requires ${n} actions, got 1`)],
    [{ actions: log.actions.map(() => 2) }, /actions below 2, got 2 in row 1/],
    [{ states: steps.states.map(() => Number.NaN) }, /finite states, got NaN,NaN,NaN in row 1/],
    [{ probabilities: new Float32Array(2 * n).fill(0.4) }, /sum to 1, got 0.8/],
    [
      { probabilities: new Float32Array(2 * n).fill(0.5) },
      /the policy that the log is evaluated for, got probability 0.5/,
    ],
    [{ probabilities: new Float32Array(n).fill(1) }, /an action for each of 1 probabilities, got 2/],
    [{ candidates: new Int32Array(2 * n).fill(9) }, /candidates below 2, got 9 in row 1/],
    [{ actionVectors: new Float32Array(3) }, /2 vectors of equal width, got 3 numbers/],
  ] as const)
    assert.throws(broken(changes), wanted);
  assert.throws(
    () => fittedQ(own, steps, { random: random(1), config: { gradientSteps: 0 } }),
    /gradientSteps to be a whole number from 1, got 0/,
  );
});

function spread(values: Float64Array): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1));
}
