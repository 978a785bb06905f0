import assert from "node:assert/strict";
import { test } from "node:test";
import { minimise } from "./lbfgs";

test("a quadratic of unequal curvatures: its known minimum", () => {
  const [curvatures, centre] = [
    [1, 10, 1000],
    [3, -2, 0.5],
  ];
  const found = minimise((at, gradient) => {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      gradient[i] = curvatures[i] * (at[i] - centre[i]);
      value += 0.5 * curvatures[i] * (at[i] - centre[i]) ** 2;
    }
    return value;
  }, new Float64Array(3));
  assert.ok(found.converged && found.iterations < 30, JSON.stringify(found));
  for (let i = 0; i < 3; i++) assert.ok(Math.abs(found.at[i] - centre[i]) < 1e-6);
});

test("Rosenbrock's valley is followed to (1, 1), in far fewer steps than downhill alone takes", () => {
  const valley = ([x, y]: Float64Array, gradient: Float64Array): number => {
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };
  const start = Float64Array.of(-1.2, 1);
  const found = minimise(valley, start);
  assert.ok(found.converged && found.iterations < 80, `${found.iterations}`);
  assert.ok(Math.abs(found.at[0] - 1) < 1e-6 && Math.abs(found.at[1] - 1) < 1e-6);
  assert.deepEqual([...start], [-1.2, 1]);
});

test("says when it stopped short, and refuses a start that has no value", () => {
  const parabola = ([x]: Float64Array, gradient: Float64Array): number => {
    gradient[0] = 4 * x ** 3;
    return x ** 4;
  };
  assert.equal(minimise(parabola, Float64Array.of(5), { maxIterations: 2 }).converged, false);
  assert.throws(() => minimise(() => Number.NaN, Float64Array.of(1)), /finite at the start, got NaN/);
});
