import assert from "node:assert/strict";
import { test } from "node:test";
import { everyNthUser } from "./goodbooks";
import { smallLog } from "./smallLog.fixture";

test("of every second user all rows stay, with their own weights, times and further numbers", () => {
  const log = smallLog([
    [1, 3, 5],
    [0, 1, 4],
    [2, 2, 3],
    [1, 0, 2],
    [2, 1, 1],
  ]);
  const half = everyNthUser({ ...log, extra: { clicks: Float32Array.of(10, 20, 30, 40, 50) } }, 2);
  assert.equal(half.size, 3);
  assert.deepEqual([...half.users], [0, 1, 1]);
  assert.deepEqual([...half.items], [1, 2, 1]);
  assert.deepEqual([...half.weights], [4, 3, 1]);
  assert.deepEqual(
    [...half.times],
    [1, 2, 4].map((row) => log.times[row]),
  );
  assert.deepEqual([...half.extra.clicks], [20, 30, 50]);
  assert.deepEqual(half.userIds, [log.userIds[0], log.userIds[2]]);
  assert.deepEqual(half.itemIds, log.itemIds);
  assert.throws(() => everyNthUser(log, 0), /at least 1, got 0/);
});
