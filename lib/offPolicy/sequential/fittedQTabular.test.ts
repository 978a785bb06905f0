import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { estimateOf } from "../../math/sumStatistic";
import { type TabularLog, tabularLog } from "../../worlds/tabularLog";
import { tabularValue } from "../../worlds/tabularWorld";
import { fittedQTabular } from "./fittedQTabular";
import { sdm } from "./sequentialDoublyRobust";
import {
  assertNear,
  backwards,
  behaviour,
  certain,
  chancy,
  discounts,
  exactModel,
  judged,
  repeated,
  stepsOf,
  target,
  trajectoriesOf,
} from "./smallTrajectories.fixture";
import { trajectories, withModel } from "./trajectories";

test("endless on two known chains: a reward for ever, and one that ends", () => {
  const log = trajectories({
    users: new Int32Array(3),
    steps: [0, 1, 2],
    rewards: Float64Array.of(1, 1, 1),
    propensities: Float64Array.of(1, 1, 1),
    targetProbabilities: Float64Array.of(1, 1, 1),
    discount: 0.9,
  });
  const one = {
    states: new Int32Array(3),
    actions: new Int32Array(3),
    policy: Float64Array.of(1),
    actionCount: 1,
  };
  assertNear(fittedQTabular(log, one, { endless: true }).table[0], 10, 1e-9);
  const chain = { ...one, states: Int32Array.of(0, 1, 2), policy: Float64Array.of(1, 1, 1) };
  const { table, alarmShare } = fittedQTabular(log, chain, {
    endless: true,
    terminals: Uint8Array.of(0, 0, 1),
  });
  [2.71, 1.9, 1].forEach((value, s) => {
    assertNear(table[s], value);
  });
  assert.equal(alarmShare, 0);
  // Where watching ends instead, nobody knows what state 2 leads to: it has no value of its own.
  assert.deepEqual([...fittedQTabular(log, chain, { endless: true }).table], [1.9, 1, 0]);
  assert.equal(fittedQTabular(log, chain, { endless: true }).unseenMass, 1 / 3);
  assert.throws(
    () => fittedQTabular({ ...log, discount: 1 }, one, { endless: true }),
    /discount below 1 to count without end, got 1/,
  );
  assert.throws(
    () => fittedQTabular(log, one, { endless: true, iterations: 5 }),
    /more than 5 iterations to settle/,
  );
});

for (const [name, world, times] of [
  ["chancy", chancy, 4 ** 7],
  ["certain", certain, 4 ** 3],
] as const)
  for (const discount of discounts)
    test(`${name}, discount ${discount}: on a log with the true shares it is the true Q at every step`, () => {
      const log = repeated(trajectoriesOf({ ...world, horizon: Math.min(world.horizon, 3) }), times);
      const shorter = { ...world, horizon: Math.min(world.horizon, 3) };
      const own = judged(log, target, discount);
      const { model, alarmShare, unseenMass } = fittedQTabular(own, stepsOf(log), {
        terminals: log.terminals,
      });
      const exact = exactModel(shorter, log, discount);
      for (const column of ["logged", "expected"] as const)
        for (let row = 0; row < log.users.length; row++)
          assertNear(model[column][row], exact[column][row], 1e-10);
      assert.deepEqual([alarmShare, unseenMass], [0, 0]);
      const { value } = tabularValue(shorter, target, discount);
      assertNear(estimateOf(sdm.on(withModel(own, model))), value, 1e-10);
      if (discount === 1) return;
      const endless = fittedQTabular(own, stepsOf(log), { terminals: log.terminals, endless: true });
      const forever = tabularValue({ ...world, horizon: 80 }, target, discount);
      for (let pair = 0; pair < 4; pair++) assertNear(endless.table[pair], forever.tables[80][pair], 1e-10);
    });

test("watched for two steps or for three, whatever is done: still the true Q without end", () => {
  const [short, long] = [2, 3].map((horizon) => repeated(trajectoriesOf({ ...chancy, horizon }), 4 ** 7));
  const moved = short.users.map((user) => user + 4 ** 7);
  const joined = <T extends Int32Array | Float64Array | Uint8Array>(one: T, other: T): T =>
    (one.constructor as unknown as { from(values: number[]): T }).from([...one, ...other]);
  const log: TabularLog = {
    users: joined(long.users, moved),
    steps: joined(long.steps, short.steps),
    states: joined(long.states, short.states),
    actions: joined(long.actions, short.actions),
    rewards: joined(long.rewards, short.rewards),
    propensities: joined(long.propensities, short.propensities),
    terminals: joined(long.terminals, short.terminals),
  };
  const { table } = fittedQTabular(judged(log, target, 0.5), stepsOf(log), {
    terminals: log.terminals,
    endless: true,
  });
  const forever = tabularValue({ ...chancy, horizon: 80 }, target, 0.5).tables[80];
  for (let pair = 0; pair < 4; pair++) assertNear(table[pair], forever[pair], 1e-10);
});

test("the order of the log's rows is kept", () => {
  const log = tabularLog(chancy, behaviour, { users: 30, random: random(4) });
  const fit = (some: TabularLog) =>
    fittedQTabular(judged(some, target, 0.5), stepsOf(some), { terminals: some.terminals }).model;
  const [one, other] = [fit(log), fit(backwards(log))];
  for (const column of ["logged", "expected"] as const)
    for (let row = 0; row < log.users.length; row++)
      assertNear(other[column].slice().reverse()[row], one[column][row]);
});

test("what does not fit is refused by row", () => {
  const log = tabularLog(chancy, behaviour, { users: 5, random: random(1) });
  const own = judged(log, target, 1);
  assert.throws(
    () => fittedQTabular(own, stepsOf(log, behaviour)),
    /the policy that the log is evaluated for, got probability .* in row \d+/,
  );
  assert.throws(
    () => fittedQTabular(own, { ...stepsOf(log), actions: log.actions.map(() => 2) }),
    /states and actions that the policy knows, got \d and 2 in row 1/,
  );
  assert.throws(
    () => fittedQTabular(own, { ...stepsOf(log), states: new Int32Array(1) }),
    /requires \d+ states and actions, got 1/,
  );
  assert.throws(
    () => fittedQTabular(own, stepsOf(log), { learnFrom: new Uint8Array(5) }),
    /trajectories to learn from, 5 flags, got 0,0,0,0,0/,
  );
});
