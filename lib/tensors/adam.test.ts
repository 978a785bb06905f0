import assert from "node:assert/strict";
import { test } from "node:test";
import { adam } from "./adam";
import { gradientStep } from "./gradientStep";
import { variableOf } from "./networks";
import { withSwitch } from "./switches";
import { type Scalar, tf } from "./tf";

const plainly = <R>(work: () => R): R => withSwitch("OFFSHELF_PLAIN_OPS", work);

/** Adam in double precision, one weight. */
function reference(gradients: readonly number[], rate: number): number[] {
  let [weight, mean, square] = [1, 0, 0];
  return gradients.map((gradient, i) => {
    mean = 0.9 * mean + 0.1 * gradient;
    square = 0.999 * square + 0.001 * gradient * gradient;
    weight -=
      ((rate * Math.sqrt(1 - 0.999 ** (i + 1))) / (1 - 0.9 ** (i + 1))) * (mean / (Math.sqrt(square) + 1e-8));
    return weight;
  });
}

const gradients = [0.5, -2, 0.1, 3, 0, -0.7];

for (const kind of ["fused", "plain"] as const)
  test(`${kind}: six steps equal the paper's equations`, () => {
    const w = tf().variable(tf().tensor([1]));
    const make = () => adam([w], { learningRate: 0.01 });
    const optimizer = kind === "plain" ? plainly(make) : make();
    const expected = reference(gradients, 0.01);
    gradients.forEach((gradient, i) => {
      optimizer.apply([tf().tensor([gradient])]);
      assert.ok(Math.abs(w.dataSync()[0] - expected[i]) < 2e-6);
    });
    optimizer.dispose();
  });

test("a value read before a step is not changed by it, and outside changes to a variable are kept", () => {
  const w = tf().variable(tf().tensor([1, 2]));
  const optimizer = adam([w], { learningRate: 0.5 });
  optimizer.apply([tf().tensor([1, 1])]);
  const before = w.clone();
  const kept = Float32Array.from(before.dataSync());
  optimizer.apply([tf().tensor([1, 1])]);
  assert.deepEqual(Float32Array.from(before.dataSync()), kept);
  w.assign(tf().tensor([10, 20]));
  optimizer.apply([tf().tensor([1, 1])]);
  assert.ok(Math.abs(w.dataSync()[0] - 9.5) < 1e-5);
  optimizer.dispose();
});

for (const [from, to] of [
  ["fused", "plain"],
  ["plain", "fused"],
  ["fused", "fused"],
] as const)
  test(`state saved by ${from} continues in ${to} as if it had never stopped`, () => {
    const make = (kind: string, w: ReturnType<typeof start>) =>
      kind === "plain" ? plainly(() => adam([w], { learningRate: 0.1 })) : adam([w], { learningRate: 0.1 });
    const start = () => tf().variable(tf().tensor([1]));
    const whole = start();
    const first = make("fused", whole);
    for (const gradient of gradients) first.apply([tf().tensor([gradient])]);
    const halves = start();
    const half = make(from, halves);
    for (const gradient of gradients.slice(0, 3)) half.apply([tf().tensor([gradient])]);
    const other = make(to, halves);
    other.restore(half.state());
    for (const gradient of gradients.slice(3)) other.apply([tf().tensor([gradient])]);
    assert.ok(Math.abs(whole.dataSync()[0] - halves.dataSync()[0]) < 1e-6);
    for (const optimizer of [first, half, other]) optimizer.dispose();
  });

test("a thousand steps leave no tensor behind, and disposing gives all back", () => {
  const before = tf().memory().numTensors;
  const w = variableOf(new Float32Array(32).fill(1), [8, 4]);
  const optimizer = adam([w], { learningRate: 0.01 });
  const step = () => gradientStep(() => w.square().sum() as Scalar, [w], optimizer, { maximumNorm: 1 });
  step();
  const during = tf().memory().numTensors;
  for (let i = 0; i < 1000; i++) step();
  assert.equal(tf().memory().numTensors, during);
  optimizer.dispose();
  w.dispose();
  assert.equal(tf().memory().numTensors, before);
});

test("settings out of range are refused by name", () => {
  const w = tf().variable(tf().scalar(1));
  assert.throws(() => adam([], { learningRate: 1 }), /adam requires a list of variables, got an empty one/);
  assert.throws(() => adam([w], { learningRate: -1 }), /learningRate above 0, got -1/);
  assert.throws(() => adam([w], { learningRate: 1, momentDecay: 1 }), /momentDecay in \[0, 1\), got 1/);
  assert.throws(() => adam([w], { learningRate: 1 }).apply([]), /requires 1 gradients, got 0/);
});
