import assert from "node:assert/strict";
import { test } from "node:test";
import { smallLog } from "../data/smallLog.fixture";
import { requestMoments } from "./recentPopularity";

test("a user asks at the first of their rows that are judged, and the others never", () => {
  const rows = [
    [0, 0, 5],
    [1, 1, 5],
    [2, 0, 5],
    [1, 0, 5],
    [0, 1, 5],
    [1, 1, 5],
  ] as const;
  const judged = Int32Array.of(3, 4, 5);
  assert.deepEqual([...requestMoments(smallLog(rows, { users: 3, items: 2 }), judged)], [4, 3, Number.NaN]);
  const timed = smallLog(rows, { users: 3, items: 2, order: "timestamp" });
  assert.deepEqual([...requestMoments(timed, judged)], [4 * 86_400, 3 * 86_400, Number.NaN]);
});
