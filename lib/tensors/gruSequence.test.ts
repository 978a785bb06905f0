import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { type GruWeights, gruSequence, gruWeights, lastStates } from "./gruSequence";
import { gaussian } from "./initialisers";
import { withSwitch } from "./switches";
import { type Scalar, type Tensor, type Tensor2D, type Tensor3D, tf, type Variable } from "./tf";

const [B, T, E, S] = [3, 5, 4, 6];

/** Runs something with the plain operations instead of the fused ones. */
const plainly = <R>(work: () => R): R => withSwitch("OFFSHELF_PLAIN_OPS", work);

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** Sum of the states, weighted by fixed numbers: a loss in which every state matters differently. */
function weightedSum(inputs: Tensor, weights: readonly Tensor[]): Scalar {
  const mix = tf().tensor(gaussian(B * T * S, 1, random(9)), [B, T, S]);
  return gruSequence(inputs as Tensor3D, weights as unknown as GruWeights<Tensor>)
    .mul(mix)
    .sum() as Scalar;
}

test("one step of known weights", () => {
  const weights: GruWeights<Tensor> = [
    tf().tensor([
      [0, 0],
      [0, 0],
    ]), // gates from the bias alone
    tf().tensor([[1], [1]]),
    tf().tensor([0, Math.log(3)]), // update gate σ(log 3) = .75
    tf().tensor([0]),
  ];
  // x = 2 twice: c = tanh(2), h1 = .25·.96403 = .24101; c = tanh(2 + .5·.24101), h2 = .75·h1 + .25·c
  const states = gruSequence(tf().tensor([[[2], [2]]]), weights).dataSync();
  const first = 0.25 * Math.tanh(2);
  const second = 0.75 * first + 0.25 * Math.tanh(2 + 0.5 * first);
  assert.ok(largestDifference(states, [first, second]) < 1e-6);
});

test("fused and plain agree in values and in gradients", () => {
  const weights = gruWeights(E, S, random(1));
  const inputs = tf().tensor(gaussian(B * T * E, 1, random(2)), [B, T, E]);
  const differentiate = (): { value: Tensor; grads: Tensor[] } =>
    tf().valueAndGrads((...all: Tensor[]) => weightedSum(all[0], all.slice(1)))([inputs, ...weights]);
  const fused = differentiate();
  const plain = plainly(differentiate);
  assert.ok(largestDifference(fused.value.dataSync(), plain.value.dataSync()) < 1e-5);
  fused.grads.forEach((gradient, i) => {
    assert.deepEqual(gradient.shape, plain.grads[i].shape);
    assert.ok(largestDifference(gradient.dataSync(), plain.grads[i].dataSync()) < 1e-5, `gradient ${i}`);
  });
});

test("gradients equal central differences", () => {
  const weights = gruWeights(E, S, random(3));
  const inputs = tf().tensor(gaussian(B * T * E, 1, random(4)), [B, T, E]);
  const all: Tensor[] = [inputs, ...weights];
  const { grads } = tf().valueAndGrads((...given: Tensor[]) => weightedSum(given[0], given.slice(1)))(all);
  const step = 2 ** -7;
  const draw = random(5);
  grads.forEach((gradient, which) => {
    const analytic = gradient.dataSync();
    const scale = Math.max(...analytic.map(Math.abs));
    for (let probe = 0; probe < 6; probe++) {
      const place = draw.integer(analytic.length);
      const moved = (by: number): number => {
        const values = Float32Array.from(all[which].dataSync());
        values[place] += by;
        const changed = all.map((tensor, i) => (i === which ? tf().tensor(values, tensor.shape) : tensor));
        return weightedSum(changed[0], changed.slice(1)).dataSync()[0];
      };
      const numeric = (moved(step) - moved(-step)) / (2 * step);
      assert.ok(Math.abs(numeric - analytic[place]) < 3e-3 * scale, `gradient ${which} at ${place}`);
    }
  });
});

test("padding and batch companions leave a sequence's states and gradients alone", () => {
  const weights = gruWeights(E, S, random(6));
  const values = gaussian(2 * E, 1, random(7)); // one sequence of two entries
  const alone = tf().tensor(values, [1, 2, E]) as Tensor3D;
  const padded = (filler: number): Tensor3D => {
    const all = gaussian(B * T * E, filler, random(8));
    all.set(values, T * E); // in the second row
    return tf().tensor(all, [B, T, E]);
  };
  const last = (inputs: Tensor3D, row: number, lengths: number[]): Tensor =>
    lastStates(gruSequence(inputs, weights), lengths).slice([row, 0], [1, S]);
  const expected = last(alone, 0, [2]).dataSync();
  for (const filler of [0, 1, 100]) {
    assert.ok(largestDifference(last(padded(filler), 1, [5, 2, 3]).dataSync(), expected) < 1e-6);
    const gradientOf = (inputs: Tensor3D, row: number, lengths: number[]): Tensor => {
      const result = tf().variableGrads(() => last(inputs, row, lengths).sum() as Scalar, [
        ...weights,
      ] as Variable[]);
      return result.grads[weights[0].name];
    };
    const [a, b] = [gradientOf(alone, 0, [2]), gradientOf(padded(filler), 1, [5, 2, 3])];
    assert.ok(largestDifference(a.dataSync(), b.dataSync()) < 1e-5, `filler ${filler}`);
  }
});

test("two halves with the state handed on equal the whole, and the gradient flows through it", () => {
  const weights = gruWeights(E, S, random(6));
  const inputs = tf().tensor(gaussian(B * T * E, 1, random(7)), [B, T, E]) as Tensor3D;
  const whole = gruSequence(inputs, weights).slice([0, 2, 0]);
  const first = gruSequence(inputs.slice([0, 0, 0], [B, 2, E]), weights);
  const rest = gruSequence(inputs.slice([0, 2, 0]), weights, { initial: lastStates(first, [2, 2, 2]) });
  assert.ok(largestDifference(rest.dataSync(), whole.dataSync()) < 1e-6);
  const gradientOf = (): Tensor =>
    tf().grad((h: Tensor) =>
      gruSequence(inputs, weights, { initial: h as Tensor2D })
        .square()
        .sum(),
    )(tf().ones([B, S]));
  assert.ok(largestDifference(gradientOf().dataSync(), plainly(gradientOf).dataSync()) < 1e-5);
});

test("a thousand gradients leave no tensor behind", () => {
  const weights = gruWeights(2, 3, random(1));
  const step = (): void => {
    tf().tidy(() => {
      const inputs = tf().ones([2, 2, 2]) as Tensor3D;
      tf().variableGrads(() => gruSequence(inputs, weights).sum() as Scalar, [...weights] as Variable[]);
    });
  };
  step();
  const before = tf().memory().numTensors;
  for (let i = 0; i < 1000; i++) step();
  assert.equal(tf().memory().numTensors, before);
});

test("wrong shapes are named", () => {
  const weights = gruWeights(E, S, random(1));
  assert.throws(
    () => gruSequence(tf().zeros([B, T, E + 1]), weights),
    /gateKernel of shape \[11, 12\], got \[10, 12\]/,
  );
});
