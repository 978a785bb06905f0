import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { meanLine } from "./meanLine";

test("a place's mean stands within its interval; values that are all alike have none", () => {
  const samples = [
    [1, 2, 3, 6],
    [5, 5, 5, 5],
  ];
  const line = meanLine({ name: "earned", x: [1, 10], samples, random: random(1) });
  assert.deepEqual(line.y, [3, 5]);
  const [lower, upper] = [Array.from(line.lower!), Array.from(line.upper!)];
  assert.ok(lower[0] > 1 && lower[0] < 3 && upper[0] > 3 && upper[0] < 6);
  assert.deepEqual([lower[1], upper[1]], [5, 5]);
  assert.throws(
    () => meanLine({ name: "earned", x: [1], samples, random: random(1) }),
    /a sample for each of 1 places, got 2/,
  );
});
