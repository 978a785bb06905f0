import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { circleWorld } from "./circleWorld";

test("the action becomes the next state, and the reward is paid as said", () => {
  const { transitions: t } = circleWorld(50, random(1));
  for (let i = 0; i < t.size; i++) {
    const next = t.nextStateRows[i]!;
    assert.equal(t.stateTable[2 * next], t.actionTable[2 * i]);
    assert.equal(t.stateTable[2 * next + 1], t.actionTable[2 * i + 1]);
    const reward = 2 * t.stateTable[2 * i + 1]! + t.actionTable[2 * i]!;
    assert.ok(Math.abs(t.rewards[i]! - reward) < 1e-6);
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
    const found = degrees[values.indexOf(Math.max(...values))]!;
    assert.ok(Math.abs(found - world.best(discount)) <= 0.05 + 1e-9);
  }
  assert.throws(() => circleWorld(0, random(1)), /at least 1 transition, got 0/);
});
