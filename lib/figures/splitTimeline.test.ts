import assert from "node:assert/strict";
import { test } from "node:test";
import { splitTimeline } from "./splitTimeline";

test("readers are ordered by their first row, and rows become places in percent", () => {
  const figure = splitTimeline({
    size: 200,
    cuts: [160, 180],
    readers: [
      [100, 190],
      [0, 50],
    ],
    judged: 1,
    of: 2,
    dataset: "invented",
  });
  assert.deepEqual(figure.data[1].x, [0, 25, 50, 95]);
  assert.deepEqual(figure.data[1].y, [0, 0, 1, 1]);
  const bands = figure.layout.shapes as { x0: number; x1: number }[];
  assert.deepEqual(
    bands.map(({ x0, x1 }) => [x0, x1]),
    [
      [80, 90],
      [90, 100],
    ],
  );
  assert.match(figure.caption, /^1 of 2 readers/);
});
