import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { circleTrajectory, circleWorld } from "./circleWorld";

test("the action becomes the next state, and the reward is paid as said", () => {
  const { transitions: t } = circleWorld(50, random(1));
  for (let i = 0; i < t.size; i++) {
    const next = t.nextStateRows[i];
    assert.equal(t.stateTable[2 * next], t.actionTable[2 * i]);
    assert.equal(t.stateTable[2 * next + 1], t.actionTable[2 * i + 1]);
    const reward = 2 * t.stateTable[2 * i + 1] + t.actionTable[2 * i];
    assert.ok(Math.abs(t.rewards[i] - reward) < 1e-6);
  }
});

test("the closed form solves the Bellman equation, and its best action is the best of all degrees", () => {
  const world = circleWorld(1, random(1));
  for (const discount of [0, 0.5, 0.9]) {
    const degrees = Array.from({ length: 3600 }, (_, i) => i / 10);
    for (const state of [0, 77, 200])
      for (const action of [10, 130, 300]) {
        const reward = 2 * Math.sin((state * Math.PI) / 180) + Math.cos((action * Math.PI) / 180);
        const after = Math.max(...degrees.map((next) => world.value(action, next, discount)));
        assert.ok(Math.abs(world.value(state, action, discount) - reward - discount * after) < 1e-4);
      }
    const values = degrees.map((action) => world.value(0, action, discount));
    const found = degrees[values.indexOf(Math.max(...values))];
    assert.ok(Math.abs(found - world.best(discount)) <= 0.05 + 1e-9);
  }
  assert.throws(() => circleWorld(0, random(1)), /at least 1 transition, got 0/);
});

test("the walk chooses among its directions, steps where it chose, and its returns are what followed", () => {
  const { transitions: t } = circleTrajectory(400, { directions: 8, discount: 0.5 }, random(2));
  assert.equal(t.actionTable.length, 16);
  assert.ok(
    Math.abs(t.actionTable[2] - Math.SQRT1_2) < 1e-6 && Math.abs(t.actionTable[3] - Math.SQRT1_2) < 1e-6,
  );
  assert.equal(new Set(t.itemRows).size, 8);
  for (let i = 0; i < t.size; i++) {
    assert.equal(t.nextStateRows[i], t.itemRows[i]);
    if (i > 0) assert.equal(t.stateRows[i], t.itemRows[i - 1]);
    const [state, item] = [t.stateRows[i], t.itemRows[i]];
    const reward = 2 * t.stateTable[2 * state + 1] + t.actionTable[2 * item];
    assert.ok(Math.abs(t.rewards[i] - reward) < 1e-6);
    const later = i + 1 < t.size ? 0.5 * t.returns![i + 1] : 0;
    assert.ok(Math.abs(t.returns![i] - reward - later) < 1e-5);
  }
});
