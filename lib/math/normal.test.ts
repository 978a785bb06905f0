import assert from "node:assert/strict";
import { test } from "node:test";
import { normalDistribution, normalQuantile } from "./normal";

const near = (got: number, wanted: number, within: number): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not within ${within} of ${wanted}`);

test("the normal distribution and its quantiles have their tabled values, and undo each other", () => {
  // Abramowitz and Stegun 1964, table 26.1
  for (const [x, p] of [
    [0, 0.5],
    [1, 0.841344746068543],
    [1.96, 0.97500210485178],
    [3, 0.99865010196837],
    [5, 0.999999713348428],
  ] as const) {
    near(normalDistribution(x), p, 1e-14);
    near(normalDistribution(-x), 1 - p, 1e-14);
  }
  for (const p of [1e-6, 0.001, 0.025, 0.2, 0.5, 0.9, 0.975, 0.9999])
    near(normalDistribution(normalQuantile(p)), p, 1e-13);
  near(normalQuantile(0.975), 1.959963984540054, 1e-12);
  assert.equal(normalDistribution(9), 1);
  assert.throws(() => normalQuantile(1), /in \(0, 1\), got 1/);
});
