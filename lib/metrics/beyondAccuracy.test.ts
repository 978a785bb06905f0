import assert from "node:assert/strict";
import { test } from "node:test";
import { giniOf } from "../math/gini";
import { random } from "../math/random";
import { cosine } from "../math/vectors";
import type { Lists } from "../retrieval/lists";
import { beyondAccuracy, overlapOf, strataOf } from "./beyondAccuracy";

const listsOf = (rows: readonly number[][]): Lists => ({
  size: rows.length,
  k: rows[0].length,
  items: Int32Array.from(rows.flat()),
  scores: new Float64Array(rows.flat().length),
});
const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

test("coverage, novelty and strata by hand", () => {
  // Shares with one added: (5 + 1) / 14, (3 + 1) / 14, (1 + 1) / 14, (1 + 1) / 14 ... of 10 + 4.
  const found = beyondAccuracy(
    listsOf([
      [0, 1],
      [0, 3],
      [0, -1],
    ]),
    2,
    { trainCounts: [5, 3, 1, 1] },
  );
  close(found.coverage, 3 / 4);
  close(found.novelty, -(3 * Math.log2(6 / 14) + Math.log2(4 / 14) + Math.log2(2 / 14)) / 5);
  assert.deepEqual(found.strata, { head: 3 / 5, middle: 1 / 5, tail: 1 / 5 });
  close(found.gini, giniOf([3, 1, 0, 1]));
  assert.ok(Number.isNaN(found.diversity));
});

test("only the first k places count", () => {
  const lists = listsOf([
    [0, 1],
    [0, 2],
  ]);
  close(beyondAccuracy(lists, 1, { trainCounts: [1, 1, 1] }).coverage, 1 / 3);
});

test("strata: what comes before an item decides, ties by row", () => {
  assert.deepEqual([...strataOf([50, 30, 10, 10])], [0, 1, 2, 2]);
  assert.deepEqual([...strataOf([1, 1, 1, 1, 1])], [0, 1, 1, 1, 2]);
  assert.deepEqual([...strataOf([0, 10])], [2, 0]);
});

test("diversity: right angles 1, copies 0, opposites 2, and the pairwise definition in general", () => {
  const vectors = new Float32Array([1, 0, 0, 2, 3, 0, -1, 0]);
  const of = (list: number[]): number =>
    beyondAccuracy(listsOf([list]), list.length, {
      trainCounts: [1, 1, 1, 1],
      itemVectors: { vectors, width: 2 },
    }).diversity;
  close(of([0, 1]), 1);
  close(of([0, 2]), 0);
  close(of([0, 3]), 2);
  const draw = random(4);
  const many = Float32Array.from({ length: 6 * 5 }, () => draw.normal());
  let [sum, pairs] = [0, 0];
  for (let a = 0; a < 6; a++)
    for (let b = 0; b < a; b++) {
      sum += 1 - cosine(many.subarray(a * 5, a * 5 + 5), many.subarray(b * 5, b * 5 + 5));
      pairs++;
    }
  const { diversity } = beyondAccuracy(listsOf([[0, 1, 2, 3, 4, 5]]), 6, {
    trainCounts: new Float64Array(6),
    itemVectors: { vectors: many, width: 5 },
  });
  close(diversity, sum / pairs);
});

test("refuses empty lists and vectors of another size", () => {
  assert.throws(
    () => beyondAccuracy(listsOf([[-1]]), 1, { trainCounts: [1] }),
    /at least one recommended item/,
  );
  const itemVectors = { vectors: new Float32Array(3), width: 2 };
  assert.throws(
    () => beyondAccuracy(listsOf([[0]]), 1, { trainCounts: [1], itemVectors }),
    /1 item vectors of 2/,
  );
});

test("overlap: 1 for one list for everybody, 0 for none in common, and the mean over pairs in general", () => {
  close(
    overlapOf(
      listsOf([
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
      2,
    ),
    1,
  );
  close(
    overlapOf(
      listsOf([
        [0, 1],
        [2, 3],
      ]),
      2,
    ),
    0,
  );
  const rows = [
    [0, 1, 2],
    [1, 2, 3],
    [2, 5, 6],
    [7, -1, -1],
  ];
  // Of the six pairs three share: {1, 2}, {2}, {2}.
  close(overlapOf(listsOf(rows), 3), (2 + 1 + 1) / 3 / 6);
  close(overlapOf(listsOf(rows), 1), 0);
  assert.throws(() => overlapOf(listsOf([[0]]), 1), /at least two lists, got 1/);
});
