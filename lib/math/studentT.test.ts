import assert from "node:assert/strict";
import { test } from "node:test";
import { tDistribution, tQuantile } from "./studentT";

const near = (got: number, wanted: number, within: number): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not within ${within} of ${wanted}`);

test("quantiles of t have their tabled values", () => {
  for (const [degrees, wanted] of [
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [1000, 1.9623],
  ] as const)
    near(tQuantile(0.975, degrees), wanted, 1e-3);
  near(tQuantile(0.025, 10), -2.2281, 1e-3);
  // Few degrees, where a series would not do: those of three and of five seeds.
  near(tQuantile(0.975, 1), 12.706204736432095, 1e-9);
  near(tQuantile(0.975, 2), 4.302652729911275, 1e-9);
  near(tQuantile(0.975, 4), 2.7764451051977987, 1e-9);
  near(tQuantile(0.995, 2), 9.92484320091807, 1e-8);
  assert.equal(tQuantile(0.5, 3), 0);
});

test("the distribution of t: closed forms for one and two degrees, and its quantiles undo it", () => {
  for (const t of [-3, -0.4, 0, 1, 12.7]) {
    near(tDistribution(t, 1), 0.5 + Math.atan(t) / Math.PI, 1e-12);
    near(tDistribution(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)), 1e-12);
  }
  for (const degrees of [1, 2.5, 9, 199, 1999, 2001, 40_000])
    for (const p of [1e-5, 0.001, 0.025, 0.3, 0.5, 0.84, 0.999])
      near(tDistribution(tQuantile(p, degrees), degrees) / p, 1, 1e-6);
  // Both ways of reckoning meet.
  near(tDistribution(-2, 99_999.9), tDistribution(-2, 100_000.1), 1e-9);
  assert.deepEqual([tDistribution(Number.POSITIVE_INFINITY, 3), tDistribution(0, 7)], [1, 0.5]);
});

test("no degrees of freedom, no answer", () => {
  assert.throws(() => tDistribution(1, 0), /above 0, got 0/);
  assert.throws(() => tQuantile(0.9, 0), /above 0, got 0/);
});
