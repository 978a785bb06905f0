import assert from "node:assert/strict";
import { test } from "node:test";
import { tableText } from "./showTable";

test("text to the left, numbers to the right", () => {
  const text = tableText({
    columns: ["title", "rating"],
    values: [
      ["Emma", 4.5],
      ["Dune & co", 12],
    ],
  });
  assert.equal(text, "title      rating\nEmma        4.500\nDune & co      12");
});
