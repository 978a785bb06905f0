import assert from "node:assert/strict";
import { test } from "node:test";
import { binomialRange } from "./binomialRange";

test("luck: the middle 95% of the binomial distribution", () => {
  assert.deepEqual(binomialRange(1, 0.5), [0, 1]);
  // 10 tosses: P(X ≤ 1) = 11/1024 = .0107, P(X ≤ 2) = 56/1024 = .0547
  assert.deepEqual(binomialRange(10, 0.5), [2, 8]);
  // P(X ≤ 183) = .0238 and P(X ≤ 184) = .0444 for 200 trials at .95, P(X ≤ 195) = .9737 and P(X ≤ 196) = .9910
  assert.deepEqual(binomialRange(200), [184, 196]);
  const [low, high] = binomialRange(100_000);
  assert.ok(Math.abs((low + high) / 2 - 95_000) < 5 && Math.abs(high - low - 270) < 4);
});
