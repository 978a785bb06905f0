import assert from "node:assert/strict";
import { test } from "node:test";
import { degreesFrom, evenDirections } from "./directions";
import { degreesOf } from "./trajectoryReturns";

test("even directions go round once, from 0 degrees", () => {
  const degrees = Array.from(degreesOf(evenDirections(8)), Math.round);
  assert.deepEqual(degrees, [0, 45, 90, 135, 180, -135, -90, -45]);
});

test("degrees from a direction: the shorter way, whichever side", () => {
  assert.ok(Math.abs(degreesFrom([0, 1, 1, 0], 45) - 45) < 1e-9);
  assert.ok(Math.abs(degreesFrom([Math.cos(3), Math.sin(3)], -170) - (190 - 540 / Math.PI)) < 1e-9);
  assert.ok(Math.abs(degreesFrom(evenDirections(4), 0) - 90) < 1e-4, "0, 90, 180 and 90");
});
