import assert from "node:assert/strict";
import { test } from "node:test";
import { intervals } from "./bootstrap";
import { empiricalBernsteinInterval, hoeffdingInterval } from "./boundedIntervals";
import { deltaError, momentsOf } from "./deltaMethod";
import { random } from "./random";
import { type IntervalMethod, intervalMethods, statisticIntervals } from "./statisticIntervals";
import { meanStatistic, type SumStatistic } from "./sumStatistic";
import { sumUnits } from "./sumUnits";

const near = (got: number, wanted: number, within: number): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not within ${within} of ${wanted}`);
const draws = (count: number, each: () => number): Float64Array => Float64Array.from({ length: count }, each);
const ratio = (above: Float64Array, below: Float64Array): SumStatistic => ({
  terms: [above, below],
  of: ([a, b]) => a / b,
});

test("a mean's percentile interval is that of the bootstrap of means, draw by draw", () => {
  const stream = random(3);
  const values = draws(40, () => stream.normal());
  const [mine] = statisticIntervals([meanStatistic(values)], random(7));
  const [theirs] = intervals([values], random(7));
  near(mine.value, theirs.mean, 1e-12);
  for (const end of ["lower", "upper", "standardError"] as const) near(mine[end], theirs[end], 1e-12);
});

test("the first-order error of a mean is s / √n; of a ratio the textbook's, and what a bootstrap shows", () => {
  const stream = random(5);
  const below = draws(4000, () => 1 + stream.next());
  const above = below.map((value) => 2 * value + stream.normal());
  const both = [meanStatistic(above), ratio(above, below)];
  const units = sumUnits(both);
  const [mean, ratios] = both.map((each, s) => deltaError(each, momentsOf(units, units.columns[s])));
  const n = above.length;
  const centre = above.reduce((sum, value) => sum + value, 0) / n;
  const spread = (values: Float64Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / (n - 1));
  near(mean, spread(above.map((value) => value - centre)) / Math.sqrt(n), 1e-9);
  const [a, b] = [above, below].map((column) => column.reduce((sum, value) => sum + value, 0) / n);
  const residuals = above.map((value, i) => (value - (a / b) * below[i]) / b);
  near(ratios, spread(residuals) / Math.sqrt(n), 1e-9);
  const [, drawn] = statisticIntervals(both, random(1));
  near(drawn.standardError / ratios, 1, 0.08);
});

test("rows of one unit stay together: doubling every row within its unit changes nothing", () => {
  const stream = random(9);
  const values = draws(60, () => stream.normal());
  const owners = Int32Array.from(values, (_, i) => i % 60);
  const twice = Float64Array.from([...values, ...values]);
  const owned = Int32Array.from([...owners, ...owners]);
  for (const method of intervalMethods) {
    const [once] = statisticIntervals([meanStatistic(values)], random(2), { method });
    const [again] = statisticIntervals([meanStatistic(twice)], random(2), { method, units: owned });
    for (const key of ["value", "lower", "upper", "standardError"] as const)
      near(again[key], once[key], 1e-7);
  }
  // As if they were independent, the interval would be narrower by √2.
  const [rows] = statisticIntervals([meanStatistic(twice)], random(2));
  const [units] = statisticIntervals([meanStatistic(twice)], random(2), { units: owned });
  near(units.standardError / rows.standardError, Math.SQRT2, 0.12);
});

test("groups by lot give the error of single rows; units keep their order and gaps do not count", () => {
  const stream = random(4);
  const values = draws(50_000, () => stream.normal() ** 2);
  const [apart] = statisticIntervals([meanStatistic(values)], random(2), { method: "t" });
  near(apart.standardError, Math.SQRT2 / Math.sqrt(50_000), 2e-4);
  assert.equal(sumUnits([meanStatistic(values)]).size, 20_000);
  const grouped = sumUnits([meanStatistic(Float64Array.of(1, 2, 4))], { units: Int32Array.of(7, 3, 7) });
  assert.deepEqual([...grouped.sums], [1, 2, 2, 5]);
  const shared = Float64Array.of(1, 2);
  assert.equal(sumUnits([meanStatistic(shared), ratio(shared, shared)]).width, 2);
});

test("each method covers a mean and a ratio of skewed numbers about as often as it says", () => {
  const rounds = 300;
  const covered: Record<string, number> = {};
  for (let seed = 0; seed < rounds; seed++) {
    const stream = random(1000 + seed);
    const below = draws(60, () => -Math.log(1 - stream.next()));
    const above = below.map((value) => value - Math.log(1 - stream.next()));
    for (const method of intervalMethods) {
      const found = statisticIntervals([meanStatistic(above), ratio(above, below)], random(seed), {
        method,
        resamples: 200,
      });
      found.forEach(({ lower, upper }, s) => {
        const key = `${method} ${s}`;
        covered[key] = (covered[key] ?? 0) + (lower <= 2 && 2 <= upper ? 1 : 0);
      });
    }
  }
  for (const [key, count] of Object.entries(covered))
    assert.ok(count / rounds > 0.88 && count / rounds < 0.99, `${key} covers ${count} of ${rounds}`);
});

test("a file may hold its rows in any order: grouped units cover as often sorted and dealt out as they were drawn", () => {
  const [logs, rows, most] = [200, 1200, 60];
  const covered: Record<string, number> = {};
  for (let seed = 0; seed < logs; seed++) {
    const stream = random(7000 + seed);
    const weights = draws(rows, () => -Math.log(1 - stream.next()));
    const rewards = draws(rows, () => (stream.next() < 0.3 ? 1 + stream.next() : 0)); // mean .45
    const drawn = Int32Array.from({ length: rows }, (_, i) => i);
    const sorted = drawn.slice().sort((a, b) => rewards[a] - rewards[b]);
    // As cards are dealt: each stretch of neighbours holds rewards from all over.
    const dealt = drawn.map((i) => sorted[(i % (rows / most)) * most + Math.floor((i * most) / rows)]);
    for (const [order, places] of Object.entries({ drawn, sorted, dealt })) {
      const below = Float64Array.from(places, (i) => weights[i]);
      const above = Float64Array.from(places, (i) => weights[i] * rewards[i]);
      for (const method of intervalMethods) {
        const options = { method, most, resamples: 150 };
        const { lower, upper } = statisticIntervals([ratio(above, below)], random(seed), options)[0];
        const key = `${method}, ${order}`;
        covered[key] = (covered[key] ?? 0) + (lower <= 0.45 && 0.45 <= upper ? 1 : 0);
      }
    }
  }
  assert.equal(Object.keys(covered).length, 12);
  for (const [key, count] of Object.entries(covered))
    assert.ok(count / logs > 0.88 && count / logs < 0.99, `${key}: ${count} of ${logs}`);
});

test("groups of whole units are drawn by lot too, and are the same for every statistic of the rows", () => {
  const values = draws(
    400,
    (() => {
      let i = 0;
      return () => Math.floor(i++ / 2);
    })(),
  );
  const units = Int32Array.from(values);
  const { size, sums } = sumUnits([meanStatistic(values)], { units, most: 20 });
  assert.equal(size, 20);
  const means: number[] = [];
  for (let group = 0; group < size; group++) {
    assert.equal(sums[2 * group], 20, "ten units of two rows each");
    means.push(sums[2 * group + 1] / 20);
  }
  // Neighbours would have means 4.5, 14.5, ... 194.5, a deviation of 59; ten by lot have one of 58 / √10.
  const deviation = Math.sqrt(means.reduce((sum, mean) => sum + (mean - 99.5) ** 2, 0) / 19);
  near(deviation, 18, 6);
  assert.deepEqual(sumUnits([meanStatistic(values)], { units, most: 20 }).sums, sums);
});

test("BCa leans where the numbers are skewed; a studentised interval leans further; t is even", () => {
  const stream = random(12);
  const values = draws(40, () => Math.exp(1.5 * stream.normal()));
  const lean = (method: IntervalMethod): number => {
    const { value, lower, upper } = statisticIntervals([meanStatistic(values)], random(3), {
      method,
      resamples: 4000,
    })[0];
    return (upper - value) / (value - lower);
  };
  near(lean("t"), 1, 1e-6);
  assert.ok(lean("percentile") > 1.05, `percentile ${lean("percentile")}`);
  assert.ok(lean("bca") > lean("percentile") + 0.1, `bca ${lean("bca")}`);
  assert.ok(lean("studentized") > lean("bca"), `studentized ${lean("studentized")}`);
});

test("a ratio with nothing below it in a resample leaves that resample out; in all of them it says NaN", () => {
  const [some] = statisticIntervals([ratio(Float64Array.of(1, 0), Float64Array.of(1, 0))], random(1));
  assert.deepEqual([some.value, some.lower, some.upper], [1, 1, 1]);
  const [none] = statisticIntervals([ratio(new Float64Array(3), new Float64Array(3))], random(1));
  assert.ok(Number.isNaN(none.lower) && Number.isNaN(none.value));
});

test("rare rewards: studentised intervals do not forget the resamples that had one reward or none", () => {
  let held = 0;
  let above = 0;
  for (let seed = 0; seed < 200; seed++) {
    const stream = random(500 + seed);
    const values = draws(100, () => (stream.next() < 0.03 ? 1 : 0));
    if (values.every((value) => value === 0)) continue;
    const { lower, upper } = statisticIntervals([meanStatistic(values)], random(seed), {
      method: "studentized",
      resamples: 200,
    })[0];
    held += lower <= 0.03 && 0.03 <= upper ? 1 : 0;
    above += upper < 0.03 ? 1 : 0;
  }
  assert.ok(held > 176 && above < 10, `${held} held, ${above} times the truth was above`);
});

test("one unit says nothing of the spread", () => {
  for (const method of intervalMethods) {
    const [one] = statisticIntervals([meanStatistic(Float64Array.of(1, 3))], random(1), {
      method,
      units: Int32Array.of(4, 4),
    });
    assert.equal(one.value, 2);
    assert.ok(Number.isNaN(one.lower) && Number.isNaN(one.upper) && Number.isNaN(one.standardError));
  }
});

test("bounds that hold for every sample: the published formulas, by hand", () => {
  const values = Float64Array.of(0, 1, 1, 0);
  const hoeffding = hoeffdingInterval(values, { lower: 0, upper: 1 });
  near(hoeffding.upper, 0.5 + Math.sqrt(Math.log(40) / 8), 1e-12);
  near(hoeffding.lower, 0.5 - Math.sqrt(Math.log(40) / 8), 1e-12);
  const bernstein = empiricalBernsteinInterval(values, { lower: 0, upper: 2 });
  const log = Math.log(80);
  near(bernstein.upper, 0.5 + Math.sqrt((2 * (1 / 3) * log) / 4) + (14 * log) / 9, 1e-12);
  assert.throws(() => hoeffdingInterval(values, { lower: 0, upper: 0.5 }), /values in \[0, 0.5\], got 1/);
});

test("bad numbers and options are refused", () => {
  const good = meanStatistic(Float64Array.of(1, 2));
  assert.throws(() => statisticIntervals([good], random(1), { level: 1 }), /level in \(0, 1\)/);
  assert.throws(() => statisticIntervals([good], random(1), { resamples: 1 }), /at least 2 resamples/);
  assert.throws(
    () => statisticIntervals([meanStatistic(new Float64Array(0))], random(1)),
    /at least one row/,
  );
  assert.throws(
    () => statisticIntervals([meanStatistic(Float64Array.of(Number.NaN))], random(1)),
    /finite numbers, got NaN/,
  );
  assert.throws(
    () => statisticIntervals([good, meanStatistic(Float64Array.of(1))], random(1)),
    /2 rows in each column, got 1/,
  );
});
