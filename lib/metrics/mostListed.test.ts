import assert from "node:assert/strict";
import { test } from "node:test";
import { mostListed } from "./mostListed";

test("most listed: by how many lists hold an item, the lower row first, empty places left out", () => {
  const lists = { size: 3, items: Int32Array.of(7, 3, 9, 7, 7, -1) };
  assert.deepEqual(mostListed(lists, 2), [
    { item: 7, share: 1 },
    { item: 3, share: 1 / 3 },
  ]);
  assert.deepEqual(mostListed({ size: 1, items: Int32Array.of(-1) }, 5), []);
});
