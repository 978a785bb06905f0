import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile } from "./quantile";

test("quantiles lie on the line through the sorted numbers, from the first to the last", () => {
  const sorted = Float64Array.of(1, 2, 4, 8, 16);
  const found = [0, 0.25, 0.5, 0.625, 0.75, 0.9, 1].map((probability) => quantile(sorted, probability));
  for (const [i, wanted] of [1, 2, 4, 6, 8, 12.8, 16].entries())
    assert.ok(Math.abs(found[i] - wanted) < 1e-12, `${found[i]} and ${wanted}`);
  assert.equal(quantile(Float64Array.of(7), 0.3), 7);
});
