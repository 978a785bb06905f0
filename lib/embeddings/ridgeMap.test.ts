import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { ridgeMap } from "./ridgeMap";
import { crossValidated, takeRows } from "./vectorMap";

const draw = random(3);
const normals = (n: number): Float32Array => Float32Array.from({ length: n }, () => draw.normal());
const close = (a: ArrayLike<number>, b: ArrayLike<number>, bound: number): void => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) < bound, `${i}: ${a[i]} ${b[i]}`);
};

test("one input, by hand: half the slope at strength 1, from the means", () => {
  const map = ridgeMap(Float32Array.of(0, 1), Float32Array.of(1, 3), { from: 1, to: 1, strength: 1 });
  close(map.apply(Float32Array.of(0, 0.5, 1)), [1.5, 2, 2.5], 1e-6);
});

test("an affine relation is found when the strength is small, and the mean target when it is large", () => {
  const inputs = normals(200 * 3);
  const weights = [1, -2, 0.5, 3, 0, 1]; // [3 × 2]
  const targets = new Float32Array(400);
  for (let row = 0; row < 200; row++)
    for (let j = 0; j < 2; j++) {
      targets[row * 2 + j] = 7 - j;
      for (let i = 0; i < 3; i++) targets[row * 2 + j] += inputs[row * 3 + i] * weights[i * 2 + j];
    }
  const exact = ridgeMap(inputs, targets, { from: 3, to: 2, strength: 1e-6 });
  close(exact.apply(Float32Array.of(1, 1, 1)), [7 + 1 + 0.5, 6 - 2 + 3 + 1], 1e-3);
  const flat = ridgeMap(inputs, targets, { from: 3, to: 2, strength: 1e6 });
  const mean = [0, 1].map((j) =>
    takeRows(targets, [...Array(200).keys()], 2).reduce((s, v, i) => s + (i % 2 === j ? v / 200 : 0), 0),
  );
  close(flat.apply(Float32Array.of(5, 5, 5)), mean, 1e-3);
});

test("the normal equations hold: the gradient of the ridge's own objective is zero", () => {
  const [rows, from, to, strength] = [40, 5, 2, 0.7];
  const [inputs, targets] = [normals(rows * from), normals(rows * to)];
  const map = ridgeMap(inputs, targets, { from, to, strength });
  const base = map.apply(new Float32Array(from));
  const weights = Array.from({ length: from }, (_, i) => {
    const unit = new Float32Array(from);
    unit[i] = 1;
    return map.apply(unit).map((value, j) => value - base[j]);
  });
  const inputMean = Array.from({ length: from }, (_, i) =>
    inputs.reduce((s, v, at) => s + (at % from === i ? v / rows : 0), 0),
  );
  let trace = 0;
  for (let at = 0; at < inputs.length; at++) trace += (inputs[at] - inputMean[at % from]) ** 2;
  const found = map.apply(inputs);
  for (let i = 0; i < from; i++)
    for (let j = 0; j < to; j++) {
      let gradient = ((strength * trace) / from) * weights[i][j];
      for (let row = 0; row < rows; row++)
        gradient -= (inputs[row * from + i] - inputMean[i]) * (targets[row * to + j] - found[row * to + j]);
      assert.ok(Math.abs(gradient) < 1e-3, `${i} ${j}: ${gradient}`);
    }
});

test("maps are judged on rows left out: targets of pure noise gain nothing from a weak ridge", () => {
  const [from, to] = [30, 4];
  const inputs = normals(60 * from);
  const judged = (targets: Float32Array, strength: number): number =>
    crossValidated(inputs, targets, (x, y) => ridgeMap(x, y, { from, to, strength }), { from, to });
  const noise = judged(normals(60 * to), 1e-4);
  assert.ok(Math.abs(noise) < 0.25, `${noise}`); // in sample it would be about .7
  const related = inputs.filter((_, at) => at % from < to);
  assert.ok(judged(related, 1e-4) > 0.99 && judged(related, 100) < 0.99);
});

test("sizes and strengths are checked, inputs that never vary give the mean", () => {
  const shape = { from: 2, to: 1, strength: 1 };
  assert.throws(() => ridgeMap(new Float32Array(4), new Float32Array(3), shape), /at least 2 rows of 2/);
  assert.throws(() => ridgeMap(new Float32Array(2), new Float32Array(1), shape), /at least 2 rows/);
  assert.throws(
    () => ridgeMap(new Float32Array(4), new Float32Array(2), { ...shape, strength: 0 }),
    /above 0, got 0/,
  );
  close(ridgeMap(new Float32Array(4), Float32Array.of(1, 3), shape).apply(new Float32Array(2)), [2], 1e-6);
});
