import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { glorotUniform, orthogonal } from "./initialisers";
import { copyOf, multilayerPerceptron } from "./networks";
import { requireShape } from "./shapes";
import { softUpdate } from "./softUpdate";
import { tf } from "./tf";

const config = { inputs: 3, hidden: [4], outputs: 2 } as const;

test("a perceptron computes relu(x·K + b)·K' + b'", () => {
  const net = multilayerPerceptron({ inputs: 2, hidden: [2], outputs: 1, random: random(1) });
  const values = [
    [
      [1, -1],
      [2, 0],
    ],
    [0, 0.5],
    [[3], [4]],
    [-1],
  ];
  net.variables.forEach((variable, i) => {
    variable.assign(tf().tensor(values[i] as number[]));
  });
  // x = [1, 1]: hidden relu([3, -1 + .5]) = [3, 0]; out 9 - 1
  assert.equal(net.apply(tf().tensor2d([[1, 1]])).dataSync()[0], 8);
});

test("the same seed gives the same weights; outputScale 0 starts as the zero function", () => {
  const [a, b] = [1, 1].map((seed) => multilayerPerceptron({ ...config, random: random(seed) }));
  a.variables.forEach((variable, i) => {
    assert.deepEqual(variable.dataSync(), b.variables[i].dataSync());
  });
  const zero = multilayerPerceptron({ ...config, outputScale: 0, random: random(1) });
  assert.deepEqual([...zero.apply(tf().ones([1, 3])).dataSync()], [0, 0]);
});

test("a copy is equal and apart", () => {
  const net = multilayerPerceptron({ ...config, random: random(2) });
  const copy = copyOf(net);
  const x = tf().ones([1, 3]) as ReturnType<typeof net.apply>;
  const before = copy.apply(x).dataSync();
  assert.deepEqual(before, net.apply(x).dataSync());
  net.variables[0].assign(tf().zeros([3, 4]));
  assert.deepEqual(copy.apply(x).dataSync(), before);
});

test("soft update moves by exactly the rate, and leaves the source", () => {
  const [target, source] = [tf().variable(tf().tensor([0, 2])), tf().variable(tf().tensor([1, 2]))];
  softUpdate([target], [source], 0.25);
  assert.deepEqual([...target.dataSync()], [0.25, 2]);
  assert.deepEqual([...source.dataSync()], [1, 2]);
  softUpdate([target], [source], 1);
  assert.deepEqual([...target.dataSync()], [1, 2]);
  assert.throws(() => softUpdate([target], [source], 1.5), /rate in \[0, 1\], got 1.5/);
  assert.throws(() => softUpdate([target], [], 1), /got 1 and 0/);
});

test("initialisers: Glorot's bound and variance, orthogonal rows", () => {
  const values = glorotUniform(100, 200, random(3));
  const limit = Math.sqrt(6 / 300);
  assert.ok(values.every((value) => Math.abs(value) <= limit));
  const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  assert.ok(Math.abs(variance - limit ** 2 / 3) < 0.03 * variance);
  const matrix = orthogonal(20, random(4));
  for (let i = 0; i < 20; i++)
    for (let j = 0; j < 20; j++) {
      let product = 0;
      for (let k = 0; k < 20; k++) product += matrix[i * 20 + k] * matrix[j * 20 + k];
      assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-6);
    }
});

test("shapes and widths are refused by name", () => {
  assert.throws(
    () => requireShape(tf().zeros([2]), [2, 1], "rewards"),
    /rewards of shape \[2, 1\], got \[2\]/,
  );
  assert.throws(
    () => multilayerPerceptron({ ...config, outputs: 0, random: random(1) }),
    /whole widths from 1/,
  );
  const net = multilayerPerceptron({ ...config, random: random(1) });
  assert.throws(
    () => net.apply(tf().zeros([1, 4])),
    /the perceptron's input of shape \[any, 3\], got \[1, 4\]/,
  );
});
