import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { arcWorld } from "./arcWorld";
import { circleWorld } from "./circleWorld";
import { degreesOf, walkedReturns } from "./walkedReturns";

test("the log stays on its arc, pays as said, and the action becomes the next state", () => {
  const { transitions: t, arc, reward } = arcWorld(300, random(1));
  const [states, actions] = [degreesOf(t.stateTable), degreesOf(t.actionTable)];
  for (let i = 0; i < t.size; i++) {
    const action = actions[t.itemRows[i]!]!;
    assert.ok(action >= arc[0] - 1e-5 && action <= arc[1] + 1e-5);
    assert.ok(Math.abs(t.rewards[i]! - Math.sin((6 * action * Math.PI) / 180)) < 1e-5);
    assert.ok(Math.abs(states[t.nextStateRows[i]!]! - action) < 1e-5);
    assert.equal(t.nextStateRows[i], t.stateRows[i]! + 1);
  }
  assert.ok(Math.max(...actions) > 13 && Math.min(...actions) < -13);
  assert.ok(reward(14) > 0.99 && reward(45) < -0.999);
  assert.throws(() => arcWorld(0, random(1)), /at least 1 transition, got 0/);
});

test("walking gives what the circle world's closed form gives, and discounts from the first step on", () => {
  const { value, best } = circleWorld(1, random(1));
  const discount = 0.8;
  const [x, y] = [Math.cos((best(discount) * Math.PI) / 180), Math.sin((best(discount) * Math.PI) / 180)];
  const act = (states: Float32Array): Float32Array => states.map((_, i) => (i % 2 === 0 ? x : y));
  const reward = (state: number, action: number): number =>
    2 * Math.sin((state * Math.PI) / 180) + Math.cos((action * Math.PI) / 180);
  const states = Float32Array.of(1, 0, 0, 1, -1, 0);
  const walked = walkedReturns(act, states, { reward, discount });
  for (const [i, degrees] of [0, 90, 180].entries())
    assert.ok(Math.abs(walked[i]! - value(degrees, best(discount), discount)) < 1e-5);
  const first = walkedReturns(act, states, { reward: () => 3, discount: 0.5, steps: 1 });
  assert.deepEqual(Array.from(first), [3, 3, 3]);
});
