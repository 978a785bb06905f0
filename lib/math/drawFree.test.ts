import assert from "node:assert/strict";
import { test } from "node:test";
import { drawFree, runningSums } from "./drawFree";
import { random } from "./random";

test("places come by their weights, those taken and those of weight 0 never", () => {
  const sums = runningSums([1, 0, 2, 4, 1]);
  assert.deepEqual([...sums], [1, 1, 3, 7, 8]);
  const draw = random(1);
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 7000; i++) counts[drawFree(sums, Uint8Array.of(0, 0, 0, 0, 1), draw)]++;
  // 1000, 2000 and 4000 in the mean; the largest standard deviation is 41.
  [1000, 0, 2000, 4000, 0].forEach((count, place) => {
    assert.ok(Math.abs(counts[place] - count) <= (count === 0 ? 0 : 170), `${counts}`);
  });
});

test("it ends when what is left has next to no weight, and says so when nothing is left", () => {
  const sums = runningSums([1, 1e-12, 1]);
  assert.equal(drawFree(sums, Uint8Array.of(1, 0, 1), random(1)), 1);
  assert.throws(() => drawFree(sums, Uint8Array.of(1, 1, 1), random(1)), /not taken, got none/);
});
