import assert from "node:assert/strict";
import { test } from "node:test";
import { syntheticDataset } from "./synthetic";
import { interactionTable, itemTable, table } from "./table";

test("tables of columns, items and interactions", () => {
  const books = table({ title: ["Emma", "Dune"], rating: Float32Array.of(5, 4) });
  assert.deepEqual(books.columns, ["title", "rating"]);
  assert.deepEqual(books.sortValues("rating").values, [
    ["Dune", 4],
    ["Emma", 5],
  ]);

  const dataset = syntheticDataset({ seed: 1 });
  const items = itemTable(dataset, [2, 0], { columns: ["genres", "quality"] });
  assert.deepEqual(items.columns, ["item_id", "title", "genres", "quality"]);
  assert.deepEqual((items.values as unknown[][])[1]!.slice(0, 3), [
    "1",
    "Series 1, part 1 (genre 1)",
    "genre 1",
  ]);
  const rows = interactionTable(dataset, [0]);
  const { interactions: log } = dataset;
  assert.deepEqual(rows.columns, ["user_id", "title", "rating", "time"]);
  assert.deepEqual((rows.values as unknown[][])[0], [
    log.userIds[log.users[0]!],
    dataset.catalog.titles[log.items[0]!],
    log.weights[0],
    new Date(log.times[0]! * 1000).toISOString().slice(0, 19),
  ]);
});

test("tables refuse what has no shape", () => {
  assert.throws(() => table({}), /table requires a column with at least one row, got none/);
  assert.throws(() => table({ a: [1], b: ["x", "y"] }), /columns of one length, got 1 and 2 \("b"\)/);
  assert.throws(
    () => itemTable(syntheticDataset(), [0], { columns: ["price"] }),
    /among genres, quality, got "price"/,
  );
});
