import assert from "node:assert/strict";
import { test } from "node:test";
import { itemTexts } from "./itemText";

test("title, authors and what else is said, in one order; what is missing is left out", () => {
  const text = {
    isbn: ["1", "2", "3"],
    description: ["A ring is found.", "", ""],
    genres: ["fantasy, classics", "", "Drama"],
    authors: ["J.R.R. Tolkien", "", ""],
    category: ["book", "", ""],
    tags: ["dragons", "", ""],
  };
  assert.deepEqual(itemTexts({ titles: ["The Hobbit", "17", "Kolya"], text }), [
    "The Hobbit by J.R.R. Tolkien. book. fantasy, classics. dragons. A ring is found.",
    "17",
    "Kolya. Drama",
  ]);
  assert.deepEqual(itemTexts({ titles: ["17"], text: {} }), ["17"]);
});
