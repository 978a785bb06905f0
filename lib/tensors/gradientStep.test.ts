import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { adam } from "./adam";
import { clipByGlobalNorm, gradientStep } from "./gradientStep";
import { multilayerPerceptron } from "./networks";
import { type Scalar, tf, type Variable } from "./tf";

test("descends: w² from 3 with rate .1 gives 2.9, and returns the loss before", () => {
  const w = tf().variable(tf().scalar(3));
  const optimizer = adam([w], { learningRate: 0.1 });
  assert.equal(
    gradientStep(() => w.square() as Scalar, [w], optimizer),
    9,
  );
  assert.ok(Math.abs(w.dataSync()[0] - 2.9) < 1e-5);
  optimizer.dispose();
});

test("moves the listed variables and leaves every other bit-identical", () => {
  const [a, b] = [tf().variable(tf().scalar(1)), tf().variable(tf().scalar(2))];
  const optimizer = adam([a], { learningRate: 0.1 });
  gradientStep(() => a.mul(b) as Scalar, [a], optimizer);
  assert.notEqual(a.dataSync()[0], 1);
  assert.equal(b.dataSync()[0], 2);
  optimizer.dispose();
});

test("clipping shortens to the norm and keeps the direction", () => {
  const [long] = clipByGlobalNorm([tf().tensor([3, 4])], 1);
  assert.ok(Math.abs(long.dataSync()[0] - 0.6) < 1e-6 && Math.abs(long.dataSync()[1] - 0.8) < 1e-6);
  const [short] = clipByGlobalNorm([tf().tensor([0.3, 0.4])], 1);
  assert.ok(Math.abs(short.dataSync()[0] - 0.3) < 1e-7);
  const joint = clipByGlobalNorm([tf().tensor([3]), tf().tensor([4])], 2.5);
  assert.ok(Math.abs(joint[0].dataSync()[0] - 1.5) < 1e-6 && Math.abs(joint[1].dataSync()[0] - 2) < 1e-6);
});

test("a network's gradients equal central differences", () => {
  const net = multilayerPerceptron({
    inputs: 3,
    hidden: [5],
    outputs: 2,
    activation: "tanh",
    random: random(1),
  });
  const x = tf().tensor2d([0.3, -1, 2, 1, 0.5, -0.2], [2, 3]);
  const loss = (): Scalar => net.apply(x).square().mean() as Scalar;
  const { grads } = tf().variableGrads(loss, [...net.variables]);
  for (const variable of net.variables) {
    const analytic = grads[variable.name].dataSync();
    const values = Float32Array.from(variable.dataSync());
    for (let place = 0; place < values.length; place++) {
      const at = (by: number): number => {
        const moved = Float32Array.from(values);
        moved[place] += by;
        variable.assign(tf().tensor(moved, variable.shape));
        return loss().dataSync()[0];
      };
      const numeric = (at(1 / 64) - at(-1 / 64)) / (2 / 64);
      assert.ok(Math.abs(numeric - analytic[place]) < 1e-3, `${variable.shape} at ${place}`);
      variable.assign(tf().tensor(values, variable.shape));
    }
  }
});

test("refuses an empty list, another list, a norm that is not positive, a variable without influence", () => {
  const [a, b] = [1, 2].map((value) => tf().variable(tf().scalar(value))) as [Variable, Variable];
  const optimizer = adam([a, b], { learningRate: 0.1 });
  const loss = (): Scalar => a.square() as Scalar;
  assert.throws(() => gradientStep(loss, [], optimizer), /requires a list of variables, got an empty one/);
  assert.throws(() => gradientStep(loss, [a], optimizer), /that the optimizer was made for/);
  assert.throws(
    () => gradientStep(loss, [a, b], optimizer, { maximumNorm: -1 }),
    /maximumNorm above 0, got -1/,
  );
  assert.throws(() => gradientStep(loss, [a, b], optimizer), /no gradient for number 1/);
});
