import assert from "node:assert/strict";
import { test } from "node:test";
import { itemTexts } from "./itemText";

test("title, authors and what else is said, in one order; what is missing is left out", () => {
  const text = {
    isbn: ["1", "2", "3"],
    description: ["A ring is found.", "", ""],
    genres: ["classics,fantasy", "", "Drama"],
    authors: ["J.R.R. Tolkien", "", ""],
    category: ["book", "", ""],
    tags: ["dragons", "", ""],
  };
  assert.deepEqual(itemTexts({ titles: ["The Hobbit", "17", "Kolya"], text }), [
    "The Hobbit by J.R.R. Tolkien. book. classics, fantasy. dragons. A ring is found.",
    "17",
    "Kolya. Drama",
  ]);
  assert.deepEqual(itemTexts({ titles: ["17"], text: {} }), ["17"]);
});

test("of many genres the six rarest are told, rarest first, but none that hardly any item has", () => {
  // Genre g is carried by items 0 .. 2 + g, "own" by item 0 alone: fewer than one in 500.
  const genres = Array.from({ length: 1000 }, (_, item) =>
    ["own", ..."hgfedcba"]
      .filter((genre) => (genre === "own" ? item === 0 : item < 2 + genre.charCodeAt(0) - 96))
      .join(", "),
  );
  const texts = itemTexts({ titles: genres.map(() => "x"), text: { genres } });
  assert.equal(texts[0], "x. a, b, c, d, e, f");
  assert.equal(texts[5], "x. d, e, f, g, h");
  assert.equal(texts[999], "x");
});
