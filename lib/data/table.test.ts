import assert from "node:assert/strict";
import { test } from "node:test";
import { danfo, table } from "./table";

test("a table of text and typed arrays", () => {
  const books = table({ title: ["Emma", "Dune"], rating: Float32Array.of(5, 4) });
  assert.deepEqual(books.columns, ["title", "rating"]);
  assert.deepEqual(books.sortValues("rating").values, [
    ["Dune", 4],
    ["Emma", 5],
  ]);
});

test("what notebooks do with tables: group, join, count values, query, describe", () => {
  const log = table({ item: Int32Array.of(1, 0, 1, 1), rating: Float32Array.of(5, 2, 4, 3) });
  const titles = table({ item: [0, 1, 2], title: ["Emma", "Dune", "Ulysses"] });
  const grouped = log.groupby(["item"]).agg({ rating: ["count", "mean"] });
  assert.deepEqual(grouped.columns, ["item", "rating_count", "rating_mean"]);
  const joined = danfo().merge({ left: grouped, right: titles, on: ["item"], how: "inner" });
  const sorted = joined.sortValues("rating_count", { ascending: false });
  assert.deepEqual(sorted.loc({ columns: ["title", "rating_count", "rating_mean"] }).values, [
    ["Dune", 3, 4],
    ["Emma", 1, 2],
  ]);
  const counted = log.column("item").valueCounts();
  assert.deepEqual(
    [counted.index.map(Number), counted.values],
    [
      [0, 1],
      [1, 3],
    ],
  );
  assert.equal(log.query(log.column("rating").ge(4)).shape[0], 2);
  assert.equal(log.column("item").nUnique(), 2);
  const described = log.loc({ columns: ["rating"] }).describe();
  assert.deepEqual(described.index, ["count", "mean", "std", "min", "median", "max", "variance"]);
  assert.deepEqual((described.values as number[][]).slice(0, 2), [[4], [3.5]]);
});

test("tables refuse what has no shape", () => {
  assert.throws(() => table({}), /table requires a column with at least one row, got none/);
  assert.throws(() => table({ a: [1], b: ["x", "y"] }), /columns of one length, got 1 and 2 \("b"\)/);
});
