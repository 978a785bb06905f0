import assert from "node:assert/strict";
import { test } from "node:test";
import { itemBelief, pairScore } from "./tabularRanking";

const pairs = {
  states: Int32Array.of(0, 0, 1),
  actions: Int32Array.of(0, 1, 0),
  values: Float64Array.of(1, 0, 2),
  counts: Int32Array.of(1, 2, 3),
  visits: Int32Array.of(1, 2, 3),
};

test("beliefs and scores as by hand", () => {
  // Rows: 1 once, 0 twice, 2 three times: mean 7/6, mean square 13/6, so σ = √(13/6 − 49/36) = .8975.
  const options = { shrinkage: 2, pessimism: 0.5 };
  const { values, unit } = itemBelief(pairs, 3, options);
  const sigma = Math.sqrt(13 / 6 - 49 / 36);
  assert.ok(Math.abs(unit - 0.5 * sigma) < 1e-8);
  const wanted = [(7 + 7 / 3) / 6 - unit / Math.sqrt(5), 7 / 3 / 4 - unit / Math.sqrt(3), 7 / 6 - unit];
  for (const [item, value] of wanted.entries()) assert.ok(Math.abs(values[item] - value) < 1e-12);
  const score = pairScore({ values, unit }, { action: 0, value: 2, count: 3 }, options);
  assert.ok(Math.abs(score - ((6 + 2 * values[0]) / 5 - unit / 2)) < 1e-12);
  const never = pairScore({ values, unit }, { action: 0, value: 0, count: 0 }, options);
  assert.ok(Math.abs(never - (values[0] - unit)) < 1e-12);
});

test("where all values are equal, what was done most often comes first, and without pessimism too", () => {
  const equal = { ...pairs, values: Float64Array.of(4, 4, 4), counts: Int32Array.of(5, 1, 3) };
  for (const pessimism of [0, 2]) {
    const options = { shrinkage: 1, pessimism };
    const belief = itemBelief(equal, 3, options);
    const [often, once, never] = [
      { action: 0, value: 4, count: 5 },
      { action: 1, value: 4, count: 1 },
      { action: 2, value: 0, count: 0 },
    ].map((pair) => pairScore(belief, pair, options));
    assert.ok(often > once && once > never);
    assert.ok(often > 3.99);
  }
});

test("an empty table believes nothing and scores everything alike", () => {
  const none = {
    states: new Int32Array(0),
    actions: new Int32Array(0),
    values: new Float64Array(0),
    counts: new Int32Array(0),
    visits: new Int32Array(0),
  };
  const { values } = itemBelief(none, 4, { shrinkage: 0, pessimism: 1 });
  assert.equal(new Set(values).size, 1);
  assert.ok(Number.isFinite(values[0]));
});
