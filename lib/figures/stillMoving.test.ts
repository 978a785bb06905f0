import assert from "node:assert/strict";
import { test } from "node:test";
import { stillMoving } from "./stillMoving";

const curve = (at: (i: number) => number) => Array.from({ length: 100 }, (_, i) => at(i));

test("a curve that was cut on its way is told from one that has settled", () => {
  assert.equal(stillMoving(curve((i) => i)), "rising");
  assert.equal(stillMoving(curve((i) => -Math.sqrt(i))), "falling");
  assert.equal(stillMoving(curve((i) => 1 - 0.9 ** i)), undefined);
  assert.equal(stillMoving(curve((i) => (i % 2 === 0 ? 1 : -1))), undefined, "noise alone does not move");
  assert.equal(stillMoving(curve(() => 3)), undefined);
  assert.equal(stillMoving([1, 2, 3]), undefined, "too few points to tell");
});
