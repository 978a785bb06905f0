import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { inverse, plainInverse, product } from "./linearAlgebra";
import { tf } from "./tf";

/** M Mᵀ + I, which is positive definite. */
function definite(size: number): Float32Array {
  const draw = random(1);
  const m = Float64Array.from({ length: size * size }, () => draw.normal());
  const found = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < size; k++) sum += m[i * size + k] * m[j * size + k];
      found[i * size + j] = sum;
    }
  return found;
}

for (const [name, invert] of [
  ["inverse", inverse],
  ["plainInverse", plainInverse],
] as const) {
  test(`${name}: two by two by hand`, () => {
    const found = invert(new Float32Array([2, 1, 1, 3]), 2);
    [0.6, -0.2, -0.2, 0.4].forEach((value, i) => {
      assert.ok(Math.abs(found[i] - value) < 1e-6);
    });
  });

  test(`${name}: matrix times inverse is the identity`, () => {
    const matrix = definite(40);
    const found = product(matrix, invert(matrix, 40), { inner: 40 });
    for (let i = 0; i < 40; i++)
      for (let j = 0; j < 40; j++) assert.ok(Math.abs(found[i * 40 + j] - (i === j ? 1 : 0)) < 1e-3);
  });

  test(`${name} refuses a singular matrix`, () => {
    assert.throws(() => invert(new Float32Array([1, 1, 1, 1]), 2));
  });
}

test("both ways agree, and nothing stays on the device", () => {
  const matrix = definite(30);
  inverse(matrix, 30);
  const before = tf().memory().numTensors;
  const [fused, plain] = [inverse(matrix, 30), plainInverse(matrix, 30)];
  fused.forEach((value, i) => {
    assert.ok(Math.abs(value - plain[i]) < 1e-3);
  });
  assert.equal(tf().memory().numTensors, before);
});

test("products of rectangles", () => {
  const a = new Float32Array([1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...product(a, new Float32Array([1, 0, 1]), { inner: 3 })], [4, 10]);
  assert.throws(() => product(a, a, { inner: 4 }), /multiples of 4/);
});
