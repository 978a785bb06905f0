import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf } from "../data/histories";
import { allRows, smallLog } from "../data/smallLog.fixture";
import { itemKnn } from "./itemKnn";

test("each item keeps its own nearest, and is scored by those of them that the user had", () => {
  // Three readers of item 0; two of them had 1 as well, the third 2.
  const log = smallLog(
    [
      [0, 0, 5],
      [0, 1, 5],
      [1, 0, 5],
      [1, 1, 5],
      [2, 0, 5],
      [2, 2, 5],
    ],
    { users: 3, items: 3 },
  );
  const asked = historiesOf(log, Int32Array.of(0));
  const scores = itemKnn(log, allRows(log), { neighbours: 1, shrinkage: 0 }).scores(asked);
  // 0 is the nearest of both others, though its own nearest is 1 alone.
  for (const [item, wanted] of [0, 2 / Math.sqrt(6), 1 / Math.sqrt(3)].entries())
    assert.ok(Math.abs(scores[item] - wanted) < 1e-6, `${scores[item]} and ${wanted}`);
});
