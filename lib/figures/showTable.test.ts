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

test("row names are shown, row numbers are not", () => {
  const [columns, values] = [["rating"], [[2], [4.5]]];
  assert.equal(
    tableText({ columns, values, index: ["count", "mean"] }),
    "       rating\ncount       2\nmean    4.500",
  );
  assert.equal(tableText({ columns, values, index: [1, 0] }), tableText({ columns, values }));
});
