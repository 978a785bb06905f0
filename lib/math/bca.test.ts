import assert from "node:assert/strict";
import { test } from "node:test";
import { normalDistribution, normalQuantile } from "./normal";
import { quantile } from "./quantile";
import { random } from "./random";
import { statisticIntervals } from "./statisticIntervals";
import { meanStatistic } from "./sumStatistic";

const near = (got: number, wanted: number, within: number): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not within ${within} of ${wanted}`);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

test("BCa's ends by hand: Φ(b + (b + z) / (1 − a (b + z))) of the same resamples", () => {
  const values = [0, 0, 1, 1, 2, 3, 5, 9, 14, 30];
  const n = values.length;
  const resamples = 400;
  const draw = random(3);
  const replicates = Float64Array.from({ length: resamples }, () =>
    mean(Array.from({ length: n }, () => values[draw.integer(n)])),
  ).sort();
  const all = mean(values);
  const below = replicates.reduce((sum, each) => sum + (each < all ? 1 : each === all ? 0.5 : 0), 0);
  const bias = normalQuantile(below / resamples);
  assert.ok(bias > 0.05); // most means of so skewed numbers lie below their own
  const without = values.map((value) => (n * all - value) / (n - 1));
  const misses = without.map((each) => mean(without) - each);
  const powers = (power: number): number => misses.reduce((sum, each) => sum + each ** power, 0);
  const acceleration = powers(3) / (6 * powers(2) ** 1.5);
  assert.ok(acceleration > 0.05);
  const end = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return quantile(replicates, normalDistribution(bias + z / (1 - acceleration * z)));
  };
  const statistic = meanStatistic(Float64Array.from(values));
  const [found] = statisticIntervals([statistic], random(3), { method: "bca", resamples });
  near(found.lower, end(0.025), 1e-9);
  near(found.upper, end(0.975), 1e-9);
});

test("a t interval of few units is as wide as Student's t says, not as a normal would have it", () => {
  const statistic = meanStatistic(Float64Array.of(1, 2, 3, 4, 5));
  const [found] = statisticIntervals([statistic], random(1), { method: "t" });
  near(found.standardError, Math.sqrt(2.5 / 5), 1e-6);
  near((found.upper - found.value) / found.standardError, 2.776, 0.02);
  near((found.value - found.lower) / found.standardError, 2.776, 0.02);
});
