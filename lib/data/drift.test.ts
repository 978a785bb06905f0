import assert from "node:assert/strict";
import { test } from "node:test";
import { driftOf, itemsOfTheMoment, mostCounted } from "./drift";
import type { Interactions } from "./interactions";

const log = (items: readonly number[], itemCount: number): Interactions => ({
  size: items.length,
  users: new Int32Array(items.length),
  items: Int32Array.from(items),
  weights: new Float32Array(items.length).fill(4),
  times: Float64Array.from(items, (_, row) => row),
  userIds: ["a"],
  itemIds: Array.from({ length: itemCount }, (_, i) => String(i)),
  order: "row order",
  weightKind: "rating",
  extra: {},
});

test("two slices counted by hand", () => {
  // First half: item 0 three times, 1 twice, 2 once. Second half: 3 three times, 1 twice, 2 once.
  const drift = driftOf(log([0, 0, 0, 1, 1, 2, 3, 3, 1, 3, 1, 2], 4), { slices: 2, top: 2 });
  assert.deepEqual([...drift.counts], [3, 2, 1, 0, 0, 2, 1, 3]);
  assert.deepEqual([...drift.sizes], [6, 6]);
  assert.deepEqual([...drift.topItems], [0, 1, 3, 1]);
  assert.deepEqual([...drift.overlap], [1, 0.5, 0.5, 1]);
  assert.deepEqual([...itemsOfTheMoment(drift)], [0, 3]);
});

test("shares of new items and of replaced popular items, counted by hand", () => {
  // Four parts of four rows. New items by part: -, {2}, {3}, none.
  const rows = [0, 0, 1, 1, /**/ 0, 0, 2, 2, /**/ 3, 3, 3, 2, /**/ 3, 3, 2, 0];
  const { newItems, overlap } = driftOf(log(rows, 4), { slices: 4, top: 2 });
  assert.deepEqual([...newItems], [Number.NaN, 0.5, 0.75, 0]);
  // most popular two: {0,1}, {0,2}, {3,2}, {3,0} (2 and 0 tie in the last: the smaller row wins)
  assert.deepEqual(
    [1, 2, 3].map((part) => 1 - overlap[part * 4 + part - 1]),
    [0.5, 0.5, 0.5],
  );
});

test("a log that never changes has overlap 1 everywhere", () => {
  const steady = driftOf(log([0, 0, 0, 1, 1, 2, 0, 0, 0, 1, 1, 2], 3), { slices: 2, top: 3 });
  assert.deepEqual([...steady.overlap], [1, 1, 1, 1]);
});

test("ties go to the smaller row, absent items are left out, bad settings are refused", () => {
  assert.deepEqual([...mostCounted([0, 7, 7, 9], 2)], [3, 1]);
  assert.deepEqual([...mostCounted([0, 1, 0], 5)], [1]);
  assert.deepEqual([...driftOf(log([0, 0], 3), { slices: 2, top: 2 }).topItems], [0, -1, 0, -1]);
  assert.throws(() => driftOf(log([0], 1), { slices: 2 }), /between 1 and 1 slices, got 2/);
  assert.throws(() => driftOf(log([0], 1), { slices: 1, top: 0 }), /top items from 1, got 0/);
});
