import assert from "node:assert/strict";
import { test } from "node:test";
import { popularityCurve } from "./popularityCurve";

test("ten items, one with half of all ratings", () => {
  const counts = [1, 1, 1, 9, 1, 1, 1, 1, 1, 1];
  const { data, caption } = popularityCurve({ counts, dataset: "invented" });
  assert.match(caption, /most-rated tenth of the items carries 50%/);
  const [byRank, lorenz] = data as { x: number[]; y: number[] }[];
  assert.deepEqual([byRank.x[0], byRank.y[0], byRank.y[1]], [1, 9, 1]);
  assert.equal(lorenz.y[0], 0);
  assert.equal(lorenz.y[lorenz.y.length - 1], 100);
  assert.equal(lorenz.y[lorenz.x.indexOf(10)], 50);
});

test("items nobody rated have no place on a logarithmic axis", () => {
  const [byRank] = popularityCurve({ counts: [5, 0, 0], dataset: "invented" }).data as { y: number[] }[];
  assert.deepEqual(byRank.y, [5]);
});
