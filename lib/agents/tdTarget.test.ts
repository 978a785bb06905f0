import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor2D, tf } from "../tensors/tf";
import { shareOutside, tdTarget } from "./losses";

const column = (...values: number[]): Tensor2D => tf().tensor2d(values, [values.length, 1]);

test("with bounds, what follows counts as at most the bound; what a terminal step earned stays as it is", () => {
  const [rewards, terminals] = [column(1, 1, 1, -1, 1), column(0, 0, 0, 0, 1)];
  const next = column(10, 30, -4, -99, 99);
  const targets = (bounds?: [number, number]): number[] =>
    [...tdTarget(rewards, terminals, next, 0.9, bounds).dataSync()].map(
      (each) => Math.round(1e4 * each) / 1e4,
    );
  assert.deepEqual(targets(), [10, 28, -2.6, -90.1, 1]);
  assert.deepEqual(targets([-10, 10]), [10, 10, -2.6, -10, 1]);
  assert.deepEqual(targets([10, 10]), [10, 10, 10, 8, 1]);
});

test("the share outside bounds counts both ends, and what is no number", () => {
  assert.equal(shareOutside([0, 12, -3], [-10, 10]), 1 / 3);
  assert.equal(shareOutside([0, Number.NaN, -10, 10], [-10, 10]), 1 / 4);
  assert.equal(shareOutside([-11], undefined), 0);
  assert.equal(shareOutside([], [0, 1]), 0);
});
