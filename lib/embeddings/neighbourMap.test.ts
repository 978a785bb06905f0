import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { neighbourMap } from "./neighbourMap";

const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) < 1e-5, `${i}: ${a[i]} ${b[i]}`);
};

test("by hand: weights 1 and 3, then almost all on the nearest", () => {
  const [inputs, targets] = [Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 10, 1, 20)];
  const map = neighbourMap(inputs, targets, { from: 2, to: 2, sharpness: Math.log(3) });
  close(map.apply(Float32Array.of(0, 1, 1, 0)), [0.75, 17.5, 0.25, 12.5]);
  const sharp = neighbourMap(inputs, targets, { from: 2, to: 2, sharpness: 1000 });
  close(sharp.apply(Float32Array.of(0.8, 0.6)), [0, 10]);
});

test("many rows in several parts equal the plain sum", () => {
  const draw = random(2);
  const normals = (n: number): Float32Array => Float32Array.from({ length: n }, () => draw.normal());
  const [n, m] = [3000, 1500]; // 4.5 million weights: two parts
  const inputs = normaliseRows(normals(n * 2), 2);
  const targets = normals(n);
  const asked = normaliseRows(normals(m * 2), 2);
  const found = neighbourMap(inputs, targets, { from: 2, to: 1, sharpness: 5 }).apply(asked);
  for (const row of [0, 1397, 1398, 1399, m - 1]) {
    let [sum, total] = [0, 0];
    for (let i = 0; i < n; i++) {
      const weight = Math.exp(5 * (inputs[2 * i] * asked[2 * row] + inputs[2 * i + 1] * asked[2 * row + 1]));
      sum += weight * targets[i];
      total += weight;
    }
    assert.ok(Math.abs(found[row] - sum / total) < 1e-4);
  }
});

test("sizes and sharpness are checked", () => {
  const shape = { from: 2, to: 1, sharpness: 1 };
  assert.throws(() => neighbourMap(new Float32Array(4), new Float32Array(3), shape), /at least 2 rows of 2/);
  assert.throws(
    () => neighbourMap(new Float32Array(4), new Float32Array(2), { ...shape, sharpness: 0 }),
    /above 0, got 0/,
  );
});
