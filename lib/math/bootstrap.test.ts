import assert from "node:assert/strict";
import { test } from "node:test";
import { interval, intervalOverSeeds, intervals, pairedInterval, pairedIntervalOverSeeds } from "./bootstrap";
import { random } from "./random";

const normal = (seed: number, size: number): Float64Array => {
  const draw = random(seed);
  return Float64Array.from({ length: size }, () => draw.normal());
};

test("a constant sample has an interval without width", () => {
  const { mean, lower, upper, standardError } = interval({ values: new Float64Array([2, 2, 2]) }, random(1));
  assert.deepEqual([mean, lower, upper, standardError], [2, 2, 2, 0]);
});

test("the standard error is that of the mean, and the interval 1.96 of it to either side", () => {
  const values = normal(3, 2000);
  const mean = values.reduce((sum, x) => sum + x, 0) / 2000;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 1999);
  const found = interval({ values }, random(1), { resamples: 4000 });
  assert.equal(found.mean, mean);
  assert.ok(Math.abs(found.standardError / (deviation / Math.sqrt(2000)) - 1) < 0.05);
  assert.ok(Math.abs((found.upper - found.lower) / (2 * 1.96 * found.standardError) - 1) < 0.05);
});

test("ninety-five percent intervals cover the true mean about that often", () => {
  let covered = 0;
  for (let run = 0; run < 300; run++) {
    const { lower, upper } = interval({ values: normal(1000 + run, 60) }, random(run), { resamples: 300 });
    if (lower <= 0 && 0 <= upper) covered++;
  }
  assert.ok(covered >= 270 && covered <= 297, `${covered} of 300`);
});

test("two values: every resample mean is one of three, with probabilities 1/4, 1/2, 1/4", () => {
  const found = interval({ values: new Float64Array([0, 1]) }, random(5), { resamples: 20000, level: 0.4 });
  assert.deepEqual([found.lower, found.upper], [0.5, 0.5]);
  assert.ok(Math.abs(found.standardError - Math.sqrt(1 / 8)) < 0.01);
});

test("columns share resamples: the same column twice gives the same interval, and one alone as well", () => {
  const values = normal(7, 50);
  const [first, second] = intervals([values, values], random(2));
  assert.deepEqual(first, second);
  assert.deepEqual(first, interval({ values }, random(2)));
});

test("a paired difference is far narrower than the two intervals when users vary and systems agree", () => {
  const a = normal(1, 400);
  const b = a.map((value, i) => value - 0.01 - 0.001 * (i % 2));
  const paired = pairedInterval(a, b, random(1));
  assert.ok(Math.abs(paired.mean - 0.0105) < 1e-12);
  assert.ok(paired.lower > 0.0103 && paired.upper < 0.0107);
  assert.ok(interval({ values: a }, random(1)).standardError > 0.04);
});

test("seeds that disagree widen the interval over seeds", () => {
  const users = normal(2, 500);
  const same = intervalOverSeeds([users, users, users, users, users], random(1));
  const apart = intervalOverSeeds(
    [-2, -1, 0, 1, 2].map((shift) => users.map((value) => value + shift)),
    random(1),
  );
  assert.ok(Math.abs(same.mean - apart.mean) < 1e-12);
  // Five seeds with variance 2.5: error sqrt(2.5 / 5). (Drawing the five again would say sqrt(2 / 5).)
  assert.ok(Math.abs(apart.standardError - Math.sqrt(0.5)) < 0.01, `${apart.standardError}`);
  assert.ok(same.standardError < 0.06);
});

test("a baseline without seeds is paired with every seed of a model", () => {
  const users = normal(2, 100);
  const runs = [users.map((x) => x + 1), users.map((x) => x + 3)];
  assert.ok(Math.abs(pairedIntervalOverSeeds(runs, [users], random(1)).mean - 2) < 1e-12);
});

test("refuses what it cannot judge", () => {
  assert.throws(() => interval({ values: new Float64Array(0) }, random(1)), /at least one value/);
  assert.throws(
    () => interval({ values: new Float64Array([Number.NaN]) }, random(1)),
    /finite values, got NaN/,
  );
  assert.throws(() => pairedInterval(new Float64Array(2), new Float64Array(3), random(1)), /got 2 and 3/);
  assert.throws(
    () => interval({ values: new Float64Array(2) }, random(1), { level: 1 }),
    /level in \(0, 1\)/,
  );
  assert.throws(() => intervalOverSeeds([new Float64Array(2)], random(1)), /at least 2 seeds, got 1/);
});
