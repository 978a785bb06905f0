import assert from "node:assert/strict";
import { test } from "node:test";
import type { Interactions } from "../data/interactions";
import { popularityBias } from "./popularityBias";

const log: Interactions = {
  size: 6,
  users: new Int32Array(6),
  items: Int32Array.of(0, 0, 1, 2, 1, 1),
  weights: Float32Array.of(5, 5, 5, 5, 2, 5),
  times: Float64Array.of(1, 2, 3, 4, 5, 6),
  userIds: ["u"],
  itemIds: ["a", "b", "c", "d"],
  order: "timestamp",
  weightKind: "rating",
  extra: {},
};
const rows = Int32Array.of(0, 1, 2, 3, 4); // the last row of the log is not fitted

test("biases are log shares of the window, by hand", () => {
  const bias = popularityBias(log, rows, { window: 4, minimumWeight: 4, strength: 0.5 });
  // Rows 1 .. 4, of which row 4 is rated too low: counts 1, 1, 1, 0, each plus 1, of 7 in all.
  const [some, none] = [0.5 * Math.log((2 * 4) / 7), 0.5 * Math.log(4 / 7)];
  for (const [item, expected] of [some, some, some, none].entries())
    assert.ok(Math.abs(bias[item] - expected) < 1e-6);
  const liked = popularityBias(log, rows, { window: 4, minimumWeight: 5, strength: 0.5 });
  assert.deepEqual(liked, bias); // what weighs as much as asked for counts
  const all = popularityBias(log, rows);
  assert.ok(all[0] === all[1] && all[1] > all[2] && all[2] > all[3]);
  assert.ok(popularityBias(log, rows, { strength: 0 }).every((value) => value === 0));
});

test("settings are checked", () => {
  assert.throws(() => popularityBias(log, rows, { window: 0 }), /window of at least 1, got 0/);
  assert.throws(() => popularityBias(log, rows, { strength: -1 }), /strength from 0, got -1/);
  assert.throws(() => popularityBias(log, rows, { smoothing: 0 }), /smoothing above 0, got 0/);
  assert.throws(() => popularityBias(log, new Int32Array(0)), /at least one row/);
});
