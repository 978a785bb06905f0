import assert from "node:assert/strict";
import { test } from "node:test";
import { weightScaleOf } from "./weightScale";

test("weights are read from −1 to 1: about the middle of their range, in halves of it", () => {
  assert.deepEqual(weightScaleOf([2, 5, 1, 4]), { centre: 3, spread: 2 });
  assert.deepEqual(weightScaleOf([7, 7]), { centre: 7, spread: 1 });
  assert.deepEqual(weightScaleOf([]), { centre: 0, spread: 1 });
});
