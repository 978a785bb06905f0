import assert from "node:assert/strict";
import { test } from "node:test";
import { principalPlane } from "./principalPlane";

test("points on two known axes: variances 8 and 2, so 80% and 20%", () => {
  // (±4, 0) and (0, ±2): variance 8 along the first, 2 along the second
  const plane = principalPlane([4, 0, -4, 0, 0, 2, 0, -2], 2);
  assert.ok(Math.abs(plane.shares[0] - 0.8) < 1e-9 && Math.abs(plane.shares[1] - 0.2) < 1e-9);
  const places = plane.project([4, 0, 0, 2]);
  for (const [i, wanted] of [4, 0, 0, 2].entries()) assert.ok(Math.abs(places[i] - wanted) < 1e-6);
});

test("the middle of the cloud is the origin, whatever is projected", () => {
  const plane = principalPlane([1, 1, 1, 3, 3, 3, 5, 5, 5], 3);
  assert.ok(Math.abs(plane.shares[0] - 1) < 1e-9);
  assert.deepEqual(Array.from(plane.project([3, 3, 3]), Math.abs), [0, 0]);
});

test("one vector is no cloud", () => assert.throws(() => principalPlane([1, 2], 2), /at least two vectors/));
