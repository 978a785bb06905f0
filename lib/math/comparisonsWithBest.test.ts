import assert from "node:assert/strict";
import { test } from "node:test";
import { comparisonsWithBest, comparisonsWithControl } from "./comparisonsWithBest";
import { jointResamples, valuesOn } from "./jointResamples";
import { random } from "./random";
import { tQuantile } from "./studentT";
import { meanStatistic, type SumStatistic } from "./sumStatistic";
import { sumUnits } from "./sumUnits";

const near = (got: number, wanted: number, within: number): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);
const columns = (count: number, size: number, seed: number, shift = (_: number) => 0): Float64Array[] => {
  const draw = random(seed);
  const shared = Float64Array.from({ length: size }, () => 3 * draw.normal());
  return Array.from({ length: count }, (_, c) => shared.map((value) => value + shift(c) + draw.normal()));
};
const jointOf = (statistics: readonly SumStatistic[], seed = 1, resamples = 1000) =>
  jointResamples(statistics, sumUnits(statistics), random(seed), { resamples });

test("all statistics are taken from the same units: a shift of one is a shift in every resample", () => {
  const [a] = columns(1, 60, 1);
  const ratio: SumStatistic = { terms: [a, new Float64Array(60).fill(2)], of: ([x, y]) => x / y };
  const { values, replicates } = jointOf([meanStatistic(a), meanStatistic(a.map((x) => x + 5)), ratio]);
  near(values[1] - values[0], 5, 1e-12);
  assert.equal(replicates[0].length, 1000);
  for (let r = 0; r < 1000; r++) {
    near(replicates[1][r] - replicates[0][r], 5, 1e-9);
    near(replicates[2][r], replicates[0][r] / 2, 1e-12);
  }
});

test("resamples on which a statistic is no number are left out of all", () => {
  const seldom = Float64Array.from({ length: 20 }, (_, i) => (i === 0 ? 1 : 0));
  const ratio: SumStatistic = { terms: [seldom, seldom], of: ([x, y]) => x / y };
  const { replicates } = jointOf([meanStatistic(seldom), ratio]);
  // The unit is in 1 − (19/20)^20 = 64% of the resamples.
  near(replicates[0].length, 642, 60);
  assert.ok(replicates[0].every((value) => value > 0));
});

test("values on some units, and the error of a difference: of means that of the paired differences", () => {
  const [a, b] = columns(2, 80, 4);
  const statistics = [meanStatistic(a), meanStatistic(b)];
  const half = Int32Array.from({ length: 40 }, (_, i) => 2 * i);
  const { values, errorOf } = valuesOn(statistics, sumUnits(statistics), half);
  const differences = Array.from(half, (i) => a[i] - b[i]);
  const mean = differences.reduce((sum, x) => sum + x, 0) / 40;
  const variance = differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39;
  near(values[0] - values[1], mean, 1e-12);
  near(errorOf(0, 1), Math.sqrt(variance / 40), 1e-6);
});

test("two values: Hsu's comparison is a one-sided test of their paired difference", () => {
  const [a, b] = columns(2, 400, 2);
  const error = (x: Float64Array): number => {
    const { errorOf } = valuesOn(
      [meanStatistic(x), meanStatistic(b)],
      sumUnits([meanStatistic(x), meanStatistic(b)]),
      Int32Array.from({ length: 400 }, (_, i) => i),
    );
    return errorOf(0, 1);
  };
  const critical = tQuantile(0.95, 399);
  const apart = (errors: number) => {
    const off = a.reduce((sum, x, i) => sum + x - b[i], 0) / 400;
    const moved = a.map((x) => x - off + errors * error(a));
    return comparisonsWithBest(jointOf([meanStatistic(moved), meanStatistic(b)], 3, 4000));
  };
  assert.deepEqual(
    apart(critical + 0.15).map(({ mayBeBest }) => mayBeBest),
    [true, false],
  );
  assert.deepEqual(
    apart(critical - 0.15).map(({ mayBeBest }) => mayBeBest),
    [true, true],
  );
  const [first, second] = apart(1);
  near(first.upper / error(a), 1 + critical, 0.12);
  near(first.lower / error(a), 1 - critical, 0.12);
  near(second.lower / error(a), -1 - critical, 0.12);
  near(second.upper / error(a), critical - 1, 0.12);
  // Φ(1) of the resamples have it first.
  near(first.first, 0.841, 0.03);
  near(first.first + second.first, 1, 1e-9);
  const [best, other] = apart(6);
  // One alone: it is above the other by at least something, and the other is no better than it.
  assert.deepEqual([best.lower, other.upper, other.mayBeBest], [0, 0, false]);
});

test("equal columns share their place and stay together; one alone is the best", () => {
  const [a, b] = columns(2, 100, 5, (c) => -2 * c);
  const found = comparisonsWithBest(jointOf([a, a, b].map(meanStatistic)));
  assert.deepEqual(
    found.map(({ mayBeBest, first }) => [mayBeBest, Math.round(100 * first)]),
    [
      [true, 50],
      [true, 50],
      [false, 0],
    ],
  );
  assert.deepEqual(comparisonsWithBest(jointOf([meanStatistic(a)])), [
    { lower: 0, upper: 0, mayBeBest: true, first: 1 },
  ]);
});

test("the truly best stays among those that may be in at least 95 of 100 samples, and the far ones do not", () => {
  const size = 60;
  let [held, far] = [0, 0];
  for (let run = 0; run < 300; run++) {
    // Five within luck of each other, the second best by a hair; one far below.
    const shift = (c: number): number => [0, 0.02, 0, 0, 0, -1.5][c];
    const found = comparisonsWithBest(
      jointOf(columns(6, size, 100 + run, shift).map(meanStatistic), run, 300),
    );
    if (found[1].mayBeBest) held++;
    if (found[5].mayBeBest) far++;
  }
  assert.ok(held >= 285, `${held} of 300`);
  assert.equal(far, 0);
});

test("with a control all intervals hold at once in some 95 of 100 samples, which pointwise ones do not", () => {
  let [together, single] = [0, 0];
  for (let run = 0; run < 300; run++) {
    const joint = jointOf(columns(7, 60, 700 + run).map(meanStatistic), run, 300);
    const rows = comparisonsWithControl(joint, 6);
    assert.deepEqual(rows[6], { difference: 0, lower: 0, upper: 0 });
    if (rows.every(({ lower, upper }) => lower <= 0 && upper >= 0)) together++;
    const width = (row: { lower: number; upper: number }): number => row.upper - row.lower;
    const [one] = comparisonsWithControl(
      {
        ...joint,
        values: joint.values.filter((_, i) => i === 0 || i === 6),
        replicates: [joint.replicates[0], joint.replicates[6]],
      },
      1,
    );
    if (width(one) < width(rows[0])) single++;
    near(one.difference, rows[0].difference, 1e-12);
  }
  assert.ok(together >= 274 && together <= 297, `${together} of 300`);
  assert.ok(single >= 295);
});
