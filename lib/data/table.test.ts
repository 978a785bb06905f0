import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "./table";

test("columns become rows, sorted and cut by danfojs", () => {
  const books = table({ title: ["Emma", "Dune", "Ulysses"], rating: Float32Array.of(5, 4, 3) });
  assert.deepEqual([...books.shape], [3, 2]);
  assert.deepEqual(books.columns, ["title", "rating"]);
  assert.deepEqual(books.sortValues("rating").head(2).values, [
    ["Ulysses", 3],
    ["Dune", 4],
  ]);
  assert.equal(books.column("rating").mean(), 4);
});

test("columns of unequal length are refused", () => {
  assert.throws(() => table({ a: [1], b: [1, 2] }), /one length, got lengths \[1, 2\]/);
  assert.throws(() => table({}), /one length, got lengths \[\]/);
});
