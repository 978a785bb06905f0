import assert from "node:assert/strict";
import { test } from "node:test";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import type { Batch } from "../replay/batch";
import { gaussian } from "../tensors/initialisers";
import { type Scalar, type Tensor2D, tf } from "../tensors/tf";
import { catalogueSoftmax, retrievedActions } from "./catalogue";
import { itemSample } from "./itemSample";
import { softmaxBehaviour } from "./losses";

const [N, A, B] = [300, 4, 16];
const catalogue = {
  itemVectors: gaussian(N * A, 1, random(1)),
  itemBias: gaussian(N, 1, random(2)),
  temperature: 0.7,
};
const queries = gaussian(B * A, 1, random(3));
const labelsOf = (seed: number): Int32Array => {
  const draw = random(seed);
  return Int32Array.from({ length: B }, () => draw.integer(N));
};

/** The behaviour loss and its gradient, and log π, for some logged items under some sizes of the sample. */
function measured(labels: Int32Array, sizes: object, prepared = false): Float32Array[] {
  const behaviour = softmaxBehaviour(catalogue, A, sizes);
  const softmax = catalogueSoftmax({ catalogue, actionSize: A }, sizes);
  const found = tf().tidy(() => {
    const rows = tf().tensor1d(labels, "int32");
    const q = tf().tensor2d(queries, [B, A]);
    const batch = { itemRows: rows } as Batch;
    const { sample } = prepared ? behaviour.prepared!(batch) : batch;
    const loss = (x: Tensor2D): Scalar => behaviour.loss(x, x, rows, sample);
    const gradient = tf().grad((x) => loss(x as Tensor2D))(q);
    const logs = (x: Tensor2D): Tensor2D =>
      softmax.logProbabilities(x, rows, prepared ? softmax.prepared(batch).sample : undefined);
    const climbed = tf().grad((x) => logs(x as Tensor2D).mean() as Scalar)(q);
    return [loss(q), gradient, logs(q), climbed].map((tensor) => Float32Array.from(tensor.dataSync()));
  });
  behaviour.dispose();
  softmax.dispose();
  return found;
}

function near(a: Float32Array, b: Float32Array, most: number): void {
  for (const [i, value] of a.entries())
    assert.ok(Math.abs(value - b[i]) < most, `${i}: ${value} is not ${b[i]}`);
}

test("with every item drawn, the sampled softmax is the whole one, gradients too", () => {
  const labels = labelsOf(4);
  const whole = measured(labels, {});
  for (const [i, part] of measured(labels, { whole: 10, always: 20, drawn: N }).entries())
    near(part, whole[i], 1e-5);
});

test("prepared for a compiled step a sample says the same, and is as long whatever was logged", () => {
  const sizes = { whole: 10, always: 20, drawn: 80 };
  for (const labels of [labelsOf(4), new Int32Array(B).fill(7)]) {
    const plain = measured(labels, sizes);
    for (const [i, part] of measured(labels, sizes, true).entries()) near(part, plain[i], 1e-5);
    const { rows, correction } = itemSample(catalogue.itemBias, sizes)!.prepared({
      itemRows: tf().tensor1d(labels, "int32"),
    }).sample;
    assert.deepEqual([rows.shape, correction.shape], [[100 + B], [100 + B]]);
  }
});

test("what is added in a state counts at its items' places in the sample", () => {
  const added = {
    rows: Int32Array.of(0, 3, 3),
    items: Int32Array.of(7, 299, 8),
    values: Float32Array.of(1, 2, 3),
  };
  const itemRows = tf().tensor1d(new Int32Array(B).fill(7), "int32");
  const sampler = itemSample(catalogue.itemBias, { whole: 10, always: 0, drawn: 40 })!;
  const { rows, added: found } = sampler.prepared({ itemRows, added }).sample;
  const all = [...rows.dataSync()];
  const there = [0, 1, 2].filter((i) => all.slice(0, 41).includes(added.items[i]));
  assert.ok(there.length > 0 && there.length < 3);
  assert.deepEqual(
    found!.places!.arraySync(),
    there.map((i) => [added.rows[i], all.indexOf(added.items[i])]),
  );
  assert.deepEqual(
    [...found!.logits!.dataSync()],
    there.map((i) => added.values[i]),
  );
});

test("with a third of them drawn, the sum over the sample is on average the sum over all", () => {
  const sizes = { whole: 10, always: 20, drawn: 80 };
  const ratios: number[] = [];
  const losses = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const [whole, some] = [measured(labelsOf(seed), {}), measured(labelsOf(seed), sizes)];
    // log π = logit − log Z, and the logit is the same in both.
    for (const [i, log] of whole[2].entries()) ratios.push(Math.exp(log - some[2][i]));
    losses[0] += whole[0][0] / 60;
    losses[1] += some[0][0] / 60;
  }
  assert.ok(Math.abs(meanOf(ratios) - 1) < 0.05, `${meanOf(ratios)}`);
  // The mean of logs is below the log of the mean: so is the loss, by about half the variance of the ratios.
  assert.ok(losses[1] < losses[0] && losses[1] > losses[0] - 0.2, `${losses}`);
});

test("the same batch meets the same items again, another one others; the logged and the likeliest are there", () => {
  const sample = itemSample(catalogue.itemBias, { whole: 10, always: 5, drawn: 7 })!;
  const rowsOf = (seed: number): Int32Array =>
    tf().tidy(() => {
      const { rows, labels, correction } = sample.of({ itemRows: tf().tensor1d(labelsOf(seed), "int32") });
      const found = Int32Array.from(rows.dataSync());
      assert.deepEqual(
        [...labels.dataSync()].map((place) => found[place]),
        [...labelsOf(seed)],
      );
      assert.equal(found.length, new Set(found).size);
      assert.equal(correction.dataSync().filter((log) => log < 0).length, 7);
      return found;
    });
  assert.deepEqual(rowsOf(11), rowsOf(11));
  const others = rowsOf(12).slice(-7); // those that are drawn come last
  assert.ok(
    rowsOf(11)
      .slice(-7)
      .filter((row) => others.includes(row)).length < 4,
  );
  const best = [...catalogue.itemBias.keys()].sort((a, b) => catalogue.itemBias[b] - catalogue.itemBias[a]);
  for (const item of best.slice(0, 5)) assert.ok(rowsOf(11).includes(item));
  assert.equal(itemSample(catalogue.itemBias), undefined);
});

test("a large catalogue's targets look among the items with the largest served biases that can be had", () => {
  const servedBias = Float32Array.from({ length: N }, (_, row) => (row % 3 === 0 ? 9 : 0));
  const unavailable = new Set([0, 3]);
  const given = { ...catalogue, servedBias, unavailable };
  const [all, some] = [{}, { whole: 60 }].map((sizes) =>
    retrievedActions({ catalogue: given, actionSize: A }, sizes),
  );
  const seen = { rows: Int32Array.of(0, 0, 5, 5), items: Int32Array.of(6, 7, 9, 100) };
  const added = { rows: Int32Array.of(2, 2), items: Int32Array.of(12, 8), values: Float32Array.of(90, 99) };
  const rowsOf = (items: typeof all, situation: object): number[] =>
    tf().tidy(() => {
      const found = items.of(tf().tensor2d(queries, [B, A]), situation).arraySync();
      return found.map(
        (vector) => [...servedBias.keys()].find((row) => catalogue.itemVectors[row * A] === vector[0])!,
      );
    });
  const among = new Set(
    [...servedBias.keys()].filter((row) => row % 3 === 0 && !unavailable.has(row)).slice(0, 60),
  );
  const [whole, found] = [all, some].map((items) => rowsOf(items, { seen, added }));
  for (const row of found) assert.ok(among.has(row));
  assert.equal(found[2], 12); // item 8, with more added, is not looked at
  assert.equal(whole[2], 8);
  whole.forEach((row, i) => {
    if (among.has(row)) assert.equal(found[i], row);
  });
  for (const items of [all, some]) items.dispose();
});
