import assert from "node:assert/strict";
import { test } from "node:test";
import { smallLog } from "../../data/smallLog.fixture";
import type { Split } from "../../data/split";
import { ratedRounds } from "./ratedRounds";

test("a user's round is the first item rated after the cut that had not been had before it", () => {
  const log = smallLog([
    [0, 1, 5],
    [1, 2, 4],
    [2, 0, 3],
    [0, 3, 2],
    [0, 3, 1],
    [0, 1, 4],
    [0, 4, 5],
    [1, 2, 1],
    [3, 0, 5],
    [2, 4, 2],
    [2, 1, 3],
  ]);
  const split: Split = {
    protocol: "temporal",
    train: Int32Array.of(0, 1, 2),
    validation: Int32Array.of(3),
    test: Int32Array.of(4, 5, 6, 7, 8, 9, 10),
  };
  // After the test cut: 0 had 1 and 3, so 4 is first; 1 only has again what they had; 3 was not there before.
  const { histories, items, weights } = ratedRounds(log, split, "test");
  assert.deepEqual([...histories.users], [0, 2]);
  assert.deepEqual([...histories.items], [1, 3, 0]);
  assert.deepEqual([...items], [4, 4]);
  assert.deepEqual([...weights], [5, 2]);

  const earlier = ratedRounds(log, split, "validation");
  assert.deepEqual([...earlier.histories.users, ...earlier.histories.items], [0, 1]);
  assert.deepEqual([...earlier.items, ...earlier.weights], [3, 2]);
  assert.throws(() => ratedRounds(log, { ...split, test: Int32Array.of(7) }, "test"), /in test, got none/);
});
