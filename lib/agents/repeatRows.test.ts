import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tensors/tf";
import { repeatRows, repeatSeen } from "./repeatRows";

test("rows and what was had are repeated together", () => {
  const rows = repeatRows(
    tf().tensor2d([
      [1, 2],
      [3, 4],
    ]),
    3,
  );
  assert.deepEqual(rows.arraySync(), [
    [1, 2],
    [1, 2],
    [1, 2],
    [3, 4],
    [3, 4],
    [3, 4],
  ]);
  const { rows: of, items } = repeatSeen({ rows: Int32Array.of(0, 1, 1), items: Int32Array.of(7, 8, 9) }, 2);
  assert.deepEqual(
    [...of].map((row, i) => [row, items[i]]),
    [
      [0, 7],
      [1, 7],
      [2, 8],
      [3, 8],
      [2, 9],
      [3, 9],
    ],
  );
});
