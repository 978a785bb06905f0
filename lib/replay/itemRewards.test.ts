import assert from "node:assert/strict";
import { test } from "node:test";
import { itemRewards } from "./itemRewards";

test("counts, sums and means by item; an item without rows has mean 0", () => {
  const { counts, sums, means } = itemRewards([0, 0, 1], [1, 3, 5], 3);
  assert.deepEqual(
    [[...counts], [...sums], [...means]],
    [
      [2, 1, 0],
      [4, 5, 0],
      [2, 5, 0],
    ],
  );
  assert.throws(() => itemRewards([0], [], 1), /one reward a row, got 0 for 1/);
});

test("between is 1 where the item decides, 0 where it says nothing, and by hand in between", () => {
  assert.equal(itemRewards([0, 0, 1, 1], [2, 2, 7, 7], 2).between, 1);
  assert.equal(itemRewards([0, 0, 1, 1], [1, 3, 1, 3], 2).between, 0);
  assert.equal(itemRewards([0, 1], [1, 1], 2).between, 0);
  // mean 3: all = 4 + 0 + 4 = 8; among = 2·(2 − 3)² + (5 − 3)² = 6
  assert.equal(itemRewards([0, 0, 1], [1, 3, 5], 2).between, 6 / 8);
});
