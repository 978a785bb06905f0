import assert from "node:assert/strict";
import { test } from "node:test";
import { widened } from "./policyStep";

test("for values at an agent's own choice the bounds move outwards by a hundredth of their width", () => {
  assert.deepEqual(widened([0, 100]), [-1, 101]);
  assert.deepEqual(widened([-10, -10]), [-10, -10]);
  assert.equal(widened(undefined), undefined);
});
