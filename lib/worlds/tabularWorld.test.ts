import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { tabularLog, tabularTrajectories } from "./tabularLog";
import { tabularValue, tabularWorld } from "./tabularWorld";

/** 0 → 1 by action 1, back by action 0; from 1, action 1 ends the world half of the time and pays 4 when it does. */
const world = tabularWorld({
  start: [0.75, 0.25, 0],
  transitions: [
    [
      [1, 0, 0],
      [0.25, 0.75, 0],
    ],
    [
      [1, 0, 0],
      [0, 0.5, 0.5],
    ],
    [
      [0, 0, 1],
      [0, 0, 1],
    ],
  ],
  rewards: [
    [1, -1],
    [0, [0, 0, 4]],
    [9, 9],
  ],
  terminals: [2],
  horizon: 3,
});
const policy = Float64Array.of(0.5, 0.5, 0.25, 0.75, 1, 0);

test("values by dynamic programming: by hand over one and two steps", () => {
  const { tables, stateValues, value } = tabularValue({ ...world, horizon: 2 }, policy, 0.5);
  assert.deepEqual([...tables[1]], [1, -1, 0, 2, 0, 0]);
  assert.deepEqual([...stateValues[1]], [0, 1.5, 0]);
  // Q₂(0, 1) = −1 + ½ (¼ · 0 + ¾ · 1.5); Q₂(1, 1) = ½ · ½ · 1.5 + ½ · 4, and nothing after the end.
  assert.deepEqual([...tables[2]], [1, -0.4375, 0, 2.375, 0, 0]);
  assert.equal(value, 0.75 * (0.5 - 0.21875) + 0.25 * 0.75 * 2.375);
});

test("all trajectories: probabilities sum to 1, and their returns to the value", () => {
  for (const discount of [0, 0.5, 1]) {
    const trajectories = tabularTrajectories(world, policy);
    let [total, value] = [0, 0];
    for (const probability of trajectories.probabilities) total += probability;
    trajectories.rewards.forEach((reward, row) => {
      value +=
        trajectories.probabilities[trajectories.users[row]] * discount ** trajectories.steps[row] * reward;
    });
    assert.ok(Math.abs(total - 1) < 1e-12);
    assert.ok(Math.abs(value - tabularValue(world, policy, discount).value) < 1e-12);
    const longest = Math.max(...trajectories.steps);
    assert.equal(longest, 2);
    trajectories.terminals.forEach((terminal, row) => {
      if (terminal === 1) assert.notEqual(trajectories.users[row + 1], trajectories.users[row]);
    });
    assert.ok(
      trajectories.terminals.some((terminal, row) => terminal === 1 && trajectories.steps[row] < longest),
    );
  }
});

test("trajectories go where the tables say: shares of trajectories, and the same bytes for the same seed", () => {
  const users = 20_000;
  const log = tabularLog(world, policy, { users, random: random(3) });
  assert.deepEqual(log, tabularLog(world, policy, { users, random: random(3) }));
  let value = 0;
  const visits = new Float64Array(6);
  log.rewards.forEach((reward, row) => {
    value += reward / users;
    visits[2 * log.states[row] + log.actions[row]]++;
    assert.equal(log.propensities[row], policy[2 * log.states[row] + log.actions[row]]);
    assert.equal(
      log.steps[row],
      row > 0 && log.users[row - 1] === log.users[row] ? log.steps[row - 1] + 1 : 0,
    );
  });
  assert.ok(Math.abs(value - tabularValue(world, policy, 1).value) < 0.05, `${value}`);
  assert.ok(Math.abs(visits[1] / (visits[0] + visits[1]) - 0.5) < 0.01);
  assert.ok(Math.abs(visits[3] / (visits[2] + visits[3]) - 0.75) < 0.01);
  assert.equal(visits[4] + visits[5], 0);
});

test("bad tables are refused by name", () => {
  const parts = { start: [1], transitions: [[[1]]], rewards: [[1]], horizon: 2 };
  assert.equal(tabularWorld(parts).states, 1);
  for (const [changes, wanted] of [
    [{ horizon: 0 }, /horizon from 1, got 0/],
    [{ start: [0.9] }, /sum to 1 for the start/],
    [{ transitions: [[[0.5]]] }, /sum to 1 for action 0 of state 0/],
    [{ rewards: [[Number.NaN]] }, /finite reward for action 0 of state 0/],
    [{ terminals: [0] }, /start in states that do not end, got 0/],
    [{ terminals: [3] }, /terminal states below 1, got 3/],
  ] as const)
    assert.throws(() => tabularWorld({ ...parts, ...changes }), wanted);
  assert.throws(
    () =>
      tabularValue(
        world,
        policy.map(() => 0.4),
        1,
      ),
    /sum to 1 in state 0/,
  );
  assert.throws(() => tabularLog(world, policy, { users: 0, random: random(1) }), /at least one user/);
});
