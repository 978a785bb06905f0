import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { exactIndex } from "./exactIndex";
import { queriesWithOne, withBias } from "./geometry";
import { innerProduct } from "./itemIndex";

test("nearest by inner product is most probable under the softmax with bias and temperature", () => {
  const [size, width, temperature, n] = [200, 8, 0.3, 20] as const;
  const draw = random(1);
  const vectors = Float32Array.from({ length: size * width }, () => draw.normal());
  const bias = Float32Array.from({ length: size }, () => 3 * draw.normal());
  const queries = Float32Array.from({ length: n * width }, () => draw.normal());
  const index = exactIndex(withBias(vectors, bias, temperature), width + 1);
  const found = index.search(queriesWithOne(queries, width), size);
  const plain = exactIndex(vectors, width).search(queries, size);
  for (let query = 0; query < n; query++) {
    const logits = Array.from(
      { length: size },
      (_, row) => innerProduct(vectors, row, queries, query, width) / temperature + bias[row],
    );
    const largest = Math.max(...logits);
    const weights = logits.map((logit) => Math.exp(logit - largest));
    const total = weights.reduce((sum, weight) => sum + weight);
    const byProbability = logits
      .map((_, row) => row)
      .sort((a, b) => weights[b] / total - weights[a] / total || a - b);
    const rows = [...found.items.subarray(query * size, (query + 1) * size)];
    assert.deepEqual(rows.slice(0, 50), byProbability.slice(0, 50));
    // and score / T is the logit itself, to single precision of the bias coordinate
    for (let place = 0; place < size; place++)
      assert.ok(Math.abs(found.scores[query * size + place] / temperature - logits[rows[place]]) < 1e-5);
  }
  assert.notDeepEqual(found.items, plain.items); // the bias matters here
});

test("withBias and queriesWithOne refuse what does not fit", () => {
  assert.deepEqual([...withBias(Float32Array.of(1, 0), Float32Array.of(4), 0.5)], [1, 0, 2]);
  assert.deepEqual([...queriesWithOne(Float32Array.of(3, 4), 1)], [3, 1, 4, 1]);
  assert.throws(() => withBias(Float32Array.of(1), Float32Array.of(1), 0), /positive temperature, got 0/);
  assert.throws(() => withBias(Float32Array.of(1, 2, 3), Float32Array.of(1, 1), 1), /one bias an item/);
  assert.throws(() => queriesWithOne(Float32Array.of(1, 2, 3), 2), /rows of 2 numbers, got 3/);
});
