import assert from "node:assert/strict";
import { test } from "node:test";
import { beyondAccuracy } from "./beyondAccuracy";

const lists = (rows: readonly (readonly number[])[]) => ({
  size: rows.length,
  k: rows[0].length,
  items: Int32Array.from(rows.flat()),
  scores: new Float64Array(rows.flat().length),
});

test("coverage and Gini are over the whole catalogue, items that nobody had in train among it", () => {
  const shown = lists([
    [0, 4],
    [0, 1],
  ]);
  const { coverage, gini, novelty, strata } = beyondAccuracy(shown, 2, {
    trainCounts: [4, 2, 2, 0, 0, 0, 0, 0],
  });
  assert.equal(coverage, 3 / 8, "three of eight items are shown; three items were in train");
  // Counts 0, 0, 0, 0, 0, 1, 1, 2 of eight: Σ (2i − 9) x = 3 · 1 + 5 · 1 + 7 · 2 = 22, over 8 · 4.
  assert.ok(Math.abs(gini - 22 / 32) < 1e-12);
  // Shares with one added to each of eight: 5, 1, 5 and 3 of 16.
  const bits = [5, 1, 5, 3].map((count) => -Math.log2(count / 16));
  assert.ok(Math.abs(novelty - bits.reduce((a, b) => a + b) / 4) < 1e-12);
  assert.deepEqual(strata, { head: 2 / 4, middle: 1 / 4, tail: 1 / 4 });
});

test("a list that shows only what train never held covers that much all the same", () => {
  assert.equal(beyondAccuracy(lists([[2, 3]]), 2, { trainCounts: [1, 1, 0, 0] }).coverage, 2 / 4);
});
