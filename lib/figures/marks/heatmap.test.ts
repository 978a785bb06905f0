import assert from "node:assert/strict";
import { test } from "node:test";
import { frame } from "./frame.fixture";
import { heatmap, sortedByLikeness } from "./heatmap";

test("numbers are written in, the first row is at the top, and both signs have colours", () => {
  const options = { rows: ["a", "b"], columns: ["b", "c"], written: true };
  const [trace] = heatmap(
    [
      [1, 0],
      [0.517, -0.001],
    ],
    options,
  ).draw(frame()).traces!;
  assert.deepEqual(trace.text, [
    ["1", "0"],
    ["0.52", "0"],
  ]);
  assert.deepEqual(
    [trace.y, trace.x],
    [
      [2, 1],
      [1, 2],
    ],
  );
  assert.deepEqual([trace.zmin, trace.zmax], [-1, 1]);
  assert.deepEqual(heatmap([[0, 2]]).draw(frame()).traces![0].zmin, 0);
});

test("a matrix of another shape than its names is refused", () => {
  assert.throws(() => heatmap([[1]], { rows: ["a"], columns: ["x", "y"] }), /1 rows of 2 values, got 1 of 1/);
  assert.throws(() => heatmap([[1, 2], [3]]), /2 rows of 2 values, got 2 of 2,1/);
});

test("a frame is drawn around rows of the diagonal, counted from the top", () => {
  const { shapes } = heatmap(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    { frames: [[0, 1]] },
  ).draw(frame());
  const { x0, x1, y0, y1 } = shapes![0];
  assert.deepEqual([x0, x1, y0, y1], [-0.5, 1.5, 0.5, 2.5]);
});

test("likes stand together: rows 0 and 2 are alike, and so are 1 and 3", () => {
  const cosines = Float64Array.of(1, 0, 0.9, 0, 0, 1, 0, 0.8, 0.9, 0, 1, 0, 0, 0.8, 0, 1);
  assert.deepEqual(sortedByLikeness(cosines), [
    [1, 0.9, 0, 0],
    [0.9, 1, 0, 0],
    [0, 0, 1, 0.8],
    [0, 0, 0.8, 1],
  ]);
  assert.deepEqual(sortedByLikeness([1]), [[1]]);
  assert.throws(() => sortedByLikeness(new Float64Array(3)), /a square matrix, got 3 numbers/);
});
