import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { compile } from "./compiled";
import { gaussian } from "./initialisers";
import { catalogueCrossEntropy, softmaxCrossEntropy } from "./softmaxCrossEntropy";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "./tf";

test("two equal logits lose log 2; the gradient is probability less one at the label", () => {
  const logits = tf().tensor2d([[0, 0]]);
  const labels = tf().tensor1d([1], "int32");
  const { value, grad } = tf().valueAndGrad((x: Tensor) => softmaxCrossEntropy(x as Tensor2D, labels))(
    logits,
  );
  assert.ok(Math.abs(value.dataSync()[0] - Math.log(2)) < 1e-6);
  assert.deepEqual([...grad.dataSync()], [0.5, -0.5]);
});

test("the loss is a mean over rows, and so is its gradient", () => {
  const labels = tf().tensor1d([1, 0], "int32");
  const { value, grad } = tf().valueAndGrad((x: Tensor) => softmaxCrossEntropy(x as Tensor2D, labels))(
    tf().tensor2d([
      [0, 0],
      [Math.log(3), 0],
    ]),
  );
  assert.ok(Math.abs(value.dataSync()[0] - (Math.log(2) - Math.log(0.75)) / 2) < 1e-6);
  for (const [i, slope] of [0.25, -0.25, -0.125, 0.125].entries())
    assert.ok(Math.abs(grad.dataSync()[i] - slope) < 1e-6);
});

test("loss over a catalogue and its gradients equal the plain expression, across chunks", () => {
  const [n, N, A] = [600, 37, 5]; // three chunks, the last one short
  const draw = random(1);
  const given: Tensor[] = [
    tf().tensor(gaussian(n * A, 1, draw), [n, A]),
    tf().tensor(gaussian(N * A, 1, draw), [N, A]),
    tf().tensor(gaussian(N, 1, draw), [N]),
  ];
  const labels = tf().tensor1d(
    Int32Array.from({ length: n }, () => draw.integer(N)),
    "int32",
  );
  const fused = tf().valueAndGrads(
    (q: Tensor, v: Tensor, b: Tensor) =>
      catalogueCrossEntropy(q as Tensor2D, v as Tensor2D, b as Tensor1D, labels).mul(3) as Scalar,
  )(given);
  const plain = tf().valueAndGrads((q: Tensor, v: Tensor, b: Tensor) => {
    const logits = tf()
      .matMul(q as Tensor2D, v as Tensor2D, false, true)
      .add(b);
    return tf()
      .logSoftmax(logits)
      .mul(tf().oneHot(labels, N))
      .sum()
      .div(-n / 3) as Scalar;
  })(given);
  assert.ok(Math.abs(fused.value.dataSync()[0] - plain.value.dataSync()[0]) < 1e-4);
  fused.grads.forEach((gradient, i) => {
    const expected = plain.grads[i].dataSync();
    gradient.dataSync().forEach((value, place) => {
      assert.ok(Math.abs(value - expected[place]) < 1e-5, `gradient ${i} at ${place}`);
    });
  });
});

test("a label of vanishing probability loses much, not infinitely much", () => {
  const loss = softmaxCrossEntropy(tf().tensor2d([[0, -1e4]]), tf().tensor1d([1], "int32")).dataSync()[0];
  assert.ok(loss > 60 && loss < 80);
});

test("compiled, any number of rows takes the same parts: values and gradients are those without", () => {
  const [N, A, most] = [40_000, 3, 300]; // parts of 64 rows
  const draw = random(2);
  const items = tf().variable(tf().tensor2d(gaussian(N * A, 1, draw), [N, A]));
  const bias = tf().variable(tf().tensor1d(gaussian(N, 1, draw)));
  type Inputs = { readonly queries: Tensor2D; readonly labels: Tensor1D };
  const loss = ({ queries, labels }: Inputs): { loss: Scalar; gradient: Tensor } => {
    const of = (v: Tensor, b: Tensor): Scalar =>
      catalogueCrossEntropy(queries, v as Tensor2D, b as Tensor1D, labels, { rows: most });
    const { value, grads } = tf().valueAndGrads(of as (...given: Tensor[]) => Scalar)([items, bias]);
    return { loss: value as Scalar, gradient: tf().concat([grads[0], grads[1].reshape([N, 1])], 1) };
  };
  const compiled = compile(loss, { state: [items, bias], anyLength: ["queries", "labels"] });
  for (const n of [1, 64, 130, 300]) {
    const inputs = {
      queries: tf().tensor2d(gaussian(n * A, 1, draw), [n, A]),
      labels: tf().tensor1d(
        Int32Array.from({ length: n }, () => draw.integer(N)),
        "int32",
      ),
    };
    const [one, other] = [compiled.run(inputs), compiled.eager(inputs)];
    assert.ok(Math.abs(one.loss.dataSync()[0] - other.loss.dataSync()[0]) < 1e-4, `${n} rows`);
    assert.ok(one.gradient.sub(other.gradient).abs().max().dataSync()[0] < 1e-6, `${n} rows`);
  }
  compiled.dispose();
});
