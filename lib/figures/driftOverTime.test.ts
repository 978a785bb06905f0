import assert from "node:assert/strict";
import { test } from "node:test";
import { drift, driftOverTime } from "./driftOverTime";

// Four parts of four rows. New items by part: -, {2}, {3}, none.
const items = [0, 0, 1, 1, /**/ 0, 0, 2, 2, /**/ 3, 3, 3, 2, /**/ 3, 3, 2, 0];

test("shares of new items and of replaced popular items, counted by hand", () => {
  const { newItems, turnover } = drift(items, 4, { parts: 4, top: 2 });
  assert.deepEqual(Array.from(newItems), [Number.NaN, 0.5, 0.75, 0]);
  // most popular two: {0,1}, {0,2}, {3,2}, {3,0} (2 and 0 tie in the last: the smaller row wins)
  assert.deepEqual(Array.from(turnover), [Number.NaN, 0.5, 0.5, 0.5]);
});

test("the caption carries the numbers", () => {
  const figure = driftOverTime({ items, catalogSize: 4, parts: 4, top: 2, dataset: "invented" });
  assert.match(figure.caption, /50% of the 2 most popular .* in the last, 0\.0% of the ratings/);
});
