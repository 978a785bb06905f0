import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareIds, idRows } from "./ids";

test("whole numbers by value, before all others; the rest by code unit", () => {
  const ids = ["b", "10", "B", "9", "007", "0", "12345678901234567890", "-1", "1.5", "é", ""];
  assert.deepEqual([...ids].sort(compareIds), [
    "0",
    "9",
    "10",
    "12345678901234567890",
    "",
    "-1",
    "007",
    "1.5",
    "B",
    "b",
    "é",
  ]);
});

test("the order is total", () => {
  const id = fc.oneof(fc.nat().map(String), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(id, id, id, (a, b, c) => {
      assert.equal(Math.sign(compareIds(a, b)) + Math.sign(compareIds(b, a)), 0);
      assert.equal(compareIds(a, b) === 0, a === b);
      if (compareIds(a, b) <= 0 && compareIds(b, c) <= 0) assert.ok(compareIds(a, c) <= 0);
    }),
  );
});

test("rows of ids", () => {
  const rows = idRows(["x", "10", "9"]);
  assert.deepEqual(rows.ids, ["9", "10", "x"]);
  assert.deepEqual(["x", "9", "nobody", "toString"].map(rows.rowOf), [2, 0, -1, -1]);
  assert.throws(() => idRows(["a", "a"]), /requires distinct ids/);
});
