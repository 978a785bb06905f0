import assert from "node:assert/strict";
import { test } from "node:test";
import { exactIndex } from "./exactIndex";
import { slates } from "./slate";

// Items 0 and 1 are twins, item 2 scores a little less and differs, item 3 scores least.
const vectors = Float32Array.of(1, 0, 1, 0, 0.6, 0.8, -1, 0);
const index = exactIndex(vectors, 2);
const query = Float32Array.of(1, 0.1);

test("without diversity a slate is the k best, with it the twin makes room", () => {
  assert.deepEqual([...slates(index, query, 2, vectors).items], [0, 1]);
  const slate = slates(index, query, 3, vectors, { diversity: 0.5, candidates: 4 });
  // By hand: scores 1, 1, .68, -1 scale to 1, 1, .84, 0. Place 2: item 1 .5 - .5 = 0; item 2 .42 - .3 = .12;
  // item 3 0 + .5 = .5. Place 3: item 1 still 0; item 2 .42 - .3 = .12.
  assert.deepEqual([...slate.items], [0, 3, 2]);
  const mild = slates(index, query, 2, vectors, { diversity: 0.2, candidates: 3 });
  // Scaled over three candidates: 1, 1, 0. Item 1: .8 - .2 = .6; item 2: 0 - .12.
  assert.deepEqual([...mild.items], [0, 1]);
});

test("slates refuses bad settings and leaves places empty when candidates run out", () => {
  assert.throws(() => slates(index, query, 2, vectors, { diversity: 2 }), /diversity in \[0, 1\], got 2/);
  assert.throws(() => slates(index, query, 2, vectors, { candidates: 1 }), /at least 2 candidates, got 1/);
  const slate = slates(index, query, 6, vectors, { diversity: 0.5, unavailable: new Set([3]) });
  assert.deepEqual([...slate.items.subarray(3)], [-1, -1, -1]);
});
