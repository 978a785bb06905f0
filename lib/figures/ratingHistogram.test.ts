import assert from "node:assert/strict";
import { test } from "node:test";
import { ratingHistogram } from "./ratingHistogram";

test("shares of the values that occur, in order", () => {
  const figure = ratingHistogram({ ratings: Float32Array.from([5, 4, 4, 1]), dataset: "invented" });
  const [bars] = figure.data as { x: number[]; y: number[] }[];
  assert.deepEqual(
    [bars.x, bars.y],
    [
      [1, 4, 5],
      [25, 50, 25],
    ],
  );
  assert.equal(figure.caption, "Ratings by value: 4 is the commonest, with 50.0% of all.");
});
