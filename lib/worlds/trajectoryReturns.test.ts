import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { circleWorld } from "./circleWorld";
import { degreesOf, trajectoryReturns } from "./trajectoryReturns";

test("walking gives what the circle world's closed form gives, and discounts from the second step on", () => {
  const { value, best } = circleWorld(1, random(1));
  const discount = 0.8;
  const [x, y] = [Math.cos((best(discount) * Math.PI) / 180), Math.sin((best(discount) * Math.PI) / 180)];
  const act = (states: Float32Array): Float32Array => states.map((_, i) => (i % 2 === 0 ? x : y));
  const reward = (state: number, action: number): number =>
    2 * Math.sin((state * Math.PI) / 180) + Math.cos((action * Math.PI) / 180);
  const states = Float32Array.of(1, 0, 0, 1, -1, 0);
  const followed = trajectoryReturns(act, states, { reward, discount });
  for (const [i, degrees] of [0, 90, 180].entries())
    assert.ok(Math.abs(followed[i] - value(degrees, best(discount), discount)) < 1e-5);
  const first = trajectoryReturns(act, states, { reward: () => 3, discount: 0.5, steps: 1 });
  assert.deepEqual(Array.from(first), [3, 3, 3]);
});

test("directions are counted from the right, anticlockwise", () => {
  assert.deepEqual(Array.from(degreesOf([1, 0, 0, 1, -1, 0, 0, -1])), [0, 90, 180, -90]);
});
