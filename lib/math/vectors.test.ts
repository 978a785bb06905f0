import assert from "node:assert/strict";
import { test } from "node:test";
import { cosine, dot, norm, normaliseRows } from "./vectors";

test("known values", () => {
  assert.equal(dot(new Float32Array([1, 2]), new Float32Array([3, 4])), 11);
  assert.equal(norm([3, 4]), 5);
  assert.ok(Math.abs(cosine([1, 0], [1, 1]) - Math.SQRT1_2) < 1e-15);
  assert.equal(cosine([0, 0], [1, 1]), 0);
});

test("rows get length 1 in place, and a zero row stays zero", () => {
  const matrix = new Float32Array([3, 4, 0, 0, 0, -2]);
  assert.equal(normaliseRows(matrix, 2), matrix);
  assert.deepEqual([...matrix], [Math.fround(0.6), Math.fround(0.8), 0, 0, 0, -1]);
});

test("sums are in double precision", () => {
  assert.equal(dot(new Float32Array([2 ** 24, 1, 1]), new Float32Array([1, 1, 1])), 2 ** 24 + 2);
});

test("misfits are refused by name", () => {
  assert.throws(() => dot([1], [1, 2]), /dot requires equal widths, got 1 and 2/);
  assert.throws(
    () => normaliseRows(new Float32Array(5), 2),
    /normaliseRows requires a width that divides 5, got 2/,
  );
});
