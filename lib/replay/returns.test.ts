import assert from "node:assert/strict";
import { test } from "node:test";
import { discountedReturns, returnsFromTheEnd } from "./returns";

const histories = { size: 3, offsets: Int32Array.of(0, 3, 3, 5) }; // three entries, none, two

test("returns add up what follows within a history and never reach into the next one", () => {
  const rewards = Float32Array.of(1, 0, 4, -1, 2);
  assert.deepEqual([...discountedReturns(histories, rewards, 0.5)], [2, 2, 4, 0, 2]);
  assert.deepEqual([...discountedReturns(histories, rewards, 0)], [...rewards]);
  assert.deepEqual([...discountedReturns(histories, rewards, 1)], [5, 4, 4, 1, 2]);
  assert.throws(() => discountedReturns(histories, [1], 0.5), /5 rewards, got 1/);
  assert.throws(() => discountedReturns(histories, rewards, 1.5), /discount in \[0, 1\], got 1.5/);
});

test("means from the end are over histories that are long enough", () => {
  const returns = Float64Array.of(10, 20, 30, 40, 50);
  assert.deepEqual([...returnsFromTheEnd(histories, returns, 2)], [40, 30]);
  assert.deepEqual([...returnsFromTheEnd(histories, returns, 3)], [30, 20, 10]);
  assert.throws(() => returnsFromTheEnd(histories, returns, 4), /history of 4 entries/);
});
