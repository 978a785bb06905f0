import assert from "node:assert/strict";
import { test } from "node:test";
import { shareOutside, widened } from "./losses";

test("for values at an agent's own choice the bounds move outwards by a hundredth of their width", () => {
  assert.deepEqual(widened([0, 100]), [-1, 101]);
  assert.deepEqual(widened([-10, -10]), [-10, -10]);
  assert.equal(widened(undefined), undefined);
});

test("the alarm counts what is below the bounds as well as what is above, and not the bounds themselves", () => {
  assert.equal(shareOutside([-11, -10, 0, 10], [-10, 10]), 1 / 4);
  assert.equal(shareOutside([11, -10, 0, 10], [-10, 10]), 1 / 4);
});
