import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { sampleRankCorrelation } from "simple-statistics";
import { meanRanks, rankCorrelation } from "./rankCorrelation";

const of = (...values: number[]) => Float64Array.from(values);

test("known answers, with ties and without", () => {
  // Ranks 1..5 against 2 1 4 3 5: 1 − 6·4 / (5·24).
  assert.ok(Math.abs(rankCorrelation(of(1, 2, 3, 4, 5), of(20, 10, 40, 30, 50)) - 0.8) < 1e-15);
  assert.deepEqual([...meanRanks(of(5, 7, 5, 1))], [2.5, 4, 2.5, 1]);
  // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: 4.5 / √(4.5 · 5).
  assert.ok(Math.abs(rankCorrelation(of(1, 2, 2, 3), of(1, 3, 2, 4)) - 4.5 / Math.sqrt(22.5)) < 1e-15);
  assert.ok(Number.isNaN(rankCorrelation(of(1, 1), of(1, 2))));
});

test("a growing function of one side changes nothing, turning it round changes the sign", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 })), {
    minLength: 2,
    maxLength: 12,
  });
  fc.assert(
    fc.property(pairs, (values) => {
      const [a, b] = [of(...values.map(([x]) => x)), of(...values.map(([, y]) => y))];
      const found = rankCorrelation(a, b);
      if (Number.isNaN(found)) return;
      assert.ok(found >= -1 - 1e-12 && found <= 1 + 1e-12);
      assert.ok(Math.abs(found - sampleRankCorrelation([...a], [...b])) < 1e-12);
      assert.ok(Math.abs(rankCorrelation(a.map(Math.exp), b) - found) < 1e-12);
      assert.ok(
        Math.abs(
          rankCorrelation(
            a,
            b.map((value) => -value),
          ) + found,
        ) < 1e-12,
      );
      assert.ok(Math.abs(rankCorrelation(a, a) - 1) < 1e-12);
    }),
  );
});

test("what cannot be ranked is refused", () => {
  assert.throws(() => rankCorrelation(of(1), of(1, 2)), /both sides, got 1 and 2/);
  for (const values of [of(Number.NaN), of(1, Number.NaN, 2, 3), of(3, 2, 1, Number.NaN)])
    assert.throws(() => meanRanks(values), /numbers, got NaN/);
});
