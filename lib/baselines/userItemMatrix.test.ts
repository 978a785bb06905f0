import assert from "node:assert/strict";
import { test } from "node:test";
import { allRows, smallLog } from "../data/smallLog.fixture";
import { userItemMatrix } from "./userItemMatrix";

test("who had what: an item counts once for its user, however often they had it", () => {
  const log = smallLog(
    [
      [2, 3, 5],
      [0, 1, 5],
      [2, 1, 5],
      [2, 3, 1],
      [0, 1, 4],
      [2, 3, 5],
    ],
    { users: 3, items: 4 },
  );
  const { users, userOffsets, userItems, itemOffsets, itemUsers } = userItemMatrix(log, allRows(log));
  assert.equal(users, 2); // user 1 had nothing and has no row
  assert.deepEqual([...userOffsets, ...userItems], [0, 1, 3, 1, 1, 3]);
  assert.deepEqual([...itemOffsets, ...itemUsers], [0, 0, 2, 2, 3, 0, 1, 1]);
});
