import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../../tensors/tf";
import { repeatRows } from "../networks";
import { repeatSituation, situationOfRows } from "../situation";

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
  const seen = { rows: Int32Array.of(0, 1, 1), items: Int32Array.of(7, 8, 9) };
  const added = { rows: Int32Array.of(1), items: Int32Array.of(5), values: Float32Array.of(0.5) };
  const twice = repeatSituation({ seen, added }, 2);
  assert.deepEqual(twice.added, {
    rows: Int32Array.of(2, 3),
    items: Int32Array.of(5, 5),
    values: Float32Array.of(0.5, 0.5),
  });
  assert.deepEqual(repeatSituation({}, 2), { seen: undefined, added: undefined });
  const { rows: of, items } = twice.seen!;
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

test("of some rows only their own entries are left, counted from the first of them", () => {
  const seen = { rows: Int32Array.of(0, 3, 2, 1), items: Int32Array.of(7, 8, 9, 6) };
  const added = { rows: Int32Array.of(2, 0), items: Int32Array.of(5, 4), values: Float32Array.of(0.5, 2) };
  assert.deepEqual(situationOfRows({ seen, added }, 2, 2), {
    seen: { rows: Int32Array.of(1, 0), items: Int32Array.of(8, 9) },
    added: { rows: Int32Array.of(0), items: Int32Array.of(5), values: Float32Array.of(0.5) },
  });
});
