import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lists } from "./lists";
import { recallOf } from "./recall";

const lists = (k: number, items: number[]): Lists => ({
  ...{ size: items.length / k, k, items: Int32Array.from(items) },
  scores: new Float64Array(items.length),
});

test("recall of an index is over what there was to find: empty places are not missed", () => {
  const exact = lists(3, [4, 2, 9, 1, -1, -1]);
  assert.equal(recallOf(lists(3, [9, 4, 7, 1, -1, -1]), exact), 3 / 4);
  assert.equal(recallOf(exact, exact), 1);
  assert.equal(recallOf(lists(3, [5, 6, 7, 8, -1, -1]), exact), 0);
  assert.equal(recallOf(lists(1, [-1]), lists(1, [-1])), 1);
  assert.throws(() => recallOf(lists(1, [1]), exact), /one shape, got 1×1 and 2×3/);
});
