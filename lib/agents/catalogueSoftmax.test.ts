import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { type Scalar, type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import { catalogueSoftmax } from "./catalogue";
import { A, B, itemVectors, N, problem } from "./smallProblem.fixture";

const labels = Int32Array.from({ length: B }, (_, n) => (n * 2) % N);
const queries = gaussian(B * A, 2, random(1));

test("log probabilities and their gradient are TensorFlow's own, whatever the size of the logits", () => {
  const { itemBias, temperature } = problem(1).catalogue;
  for (const scale of [1, 200]) {
    const softmax = catalogueSoftmax(problem(1));
    tf().tidy(() => {
      const rows = tf().tensor1d(labels, "int32") as Tensor1D;
      const weights = tf().tensor2d(gaussian(B, 1, random(2)), [B, 1]);
      const plain = (q: Tensor2D): Tensor2D => {
        const logits = q
          .matMul(tf().tensor2d(itemVectors, [N, A]), false, true)
          .div(temperature)
          .add(itemBias);
        return tf().logSoftmax(logits).mul(tf().oneHot(rows, N)).sum(1, true) as Tensor2D;
      };
      const q = tf().tensor2d(queries, [B, A]).mul(scale) as Tensor2D;
      const both = [plain, (x: Tensor2D) => softmax.logProbabilities(x, rows)].map((of) => [
        of(q).dataSync(),
        tf()
          .grad(
            (x) =>
              of(x as Tensor2D)
                .mul(weights)
                .sum() as Scalar,
          )(q)
          .dataSync(),
      ]);
      for (const part of [0, 1])
        for (const [i, wanted] of both[0][part].entries())
          assert.ok(Math.abs(both[1][part][i] - wanted) < 1e-4 * Math.max(1, Math.abs(wanted)));
    });
    softmax.dispose();
  }
});

test("probabilities sum to 1, and what is unavailable now keeps its own: it was taken once", () => {
  const { catalogue } = problem(1);
  const softmax = catalogueSoftmax({ actionSize: A, catalogue: { ...catalogue, unavailable: new Set([1]) } });
  const open = catalogueSoftmax(problem(1));
  tf().tidy(() => {
    const q = tf().tensor2d(queries, [B, A]);
    const of = (from: typeof softmax, item: number) =>
      from
        .logProbabilities(q, tf().tensor1d(new Int32Array(B).fill(item), "int32"))
        .exp()
        .dataSync();
    const [some, all] = [softmax, open].map((each) => Array.from({ length: N }, (_, item) => of(each, item)));
    assert.deepEqual(some, all);
    for (let n = 0; n < B; n++) assert.ok(Math.abs(all.reduce((sum, each) => sum + each[n], 0) - 1) < 1e-5);
  });
  for (const each of [softmax, open]) each.dispose();
});

test("sizes are checked", () => {
  const { catalogue } = problem(1);
  assert.throws(() => catalogueSoftmax({ actionSize: A }), /requires a catalogue, got none/);
  const itemBias = new Float32Array(2);
  assert.throws(
    () => catalogueSoftmax({ actionSize: A, catalogue: { ...catalogue, itemBias } }),
    /one bias an item/,
  );
});
