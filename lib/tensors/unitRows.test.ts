import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor2D, tf } from "./tf";
import { unitRows } from "./unitRows";

test("rows get length 1, a zero row stays zero, and so does its gradient", () => {
  const rows = tf().tensor2d([3, 4, 0, 0], [2, 2]);
  for (const [i, value] of unitRows(rows).dataSync().entries())
    assert.ok(Math.abs(value - [0.6, 0.8, 0, 0][i]) < 1e-6);
  const slope = tf().grad((x) =>
    unitRows(x as Tensor2D)
      .slice([0, 0], [1, 1])
      .sum(),
  )(rows);
  // Of x / √(x² + y²): y² / |·|³ = .128 and −xy / |·|³ = −.096.
  for (const [i, value] of slope.dataSync().entries())
    assert.ok(Math.abs(value - [0.128, -0.096, 0, 0][i]) < 1e-6);
});
