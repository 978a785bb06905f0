import assert from "node:assert/strict";
import { test } from "node:test";
import { chanceOfSameGroup, neighboursOf, sameGroupShares } from "./neighbours";

// Item 2 points where item 0 does but is long; item 1 is close in direction to item 0; item 3 is opposite.
const vectors = Float32Array.of(1, 0, 0.9, 0.1, 0, 9, -1, 0);

test("by cosine the direction counts, by inner product the length as well; never the item itself", () => {
  assert.deepEqual([...neighboursOf(vectors, 2, [0, 1], 2).items], [1, 2, 0, 2]);
  assert.deepEqual([...neighboursOf(vectors, 2, [1], 1, { by: "inner product" }).items], [2]);
  assert.deepEqual([...vectors.slice(4, 6)], [0, 9]); // the given vectors are not scaled
});

test("shares of the same group, and what chance gives", () => {
  const groups = ["a", "a", "b", ""];
  const lists = neighboursOf(vectors, 2, [0, 2, 3], 3);
  assert.deepEqual([...sameGroupShares(lists, [0, 2, 3], groups)], [1 / 3, 0, 0]);
  assert.equal(chanceOfSameGroup([0, 1, 2], ["a", "a", "b"], [0, 1, 2]), 1 / 3);
});
