import assert from "node:assert/strict";
import { test } from "node:test";
import { giniOf } from "./gini";

const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-12, `${a} and ${b}`);

test("Gini: equal counts 0, one item holds all (n − 1) / n, a known pair, nothing", () => {
  close(giniOf([2, 2, 2, 2]), 0);
  close(giniOf([0, 0, 0, 8]), 3 / 4);
  close(giniOf([1, 3]), 1 / 4);
  assert.equal(giniOf([4, 4, 4, 4]), 0);
  assert.ok(Math.abs(giniOf([0, 0, 3]) - 2 / 3) < 1e-15);
  assert.equal(giniOf([0, 0]), 0);
});
