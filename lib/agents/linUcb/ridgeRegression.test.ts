import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Matrix, solve } from "ml-matrix";
import { random } from "../../math/random";

import { ridgeRegression } from "./ridgeRegression";

const near = (a: number, b: number, tolerance = 1e-8): void =>
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

/** A x = b by another way than the one under test. */
const solved = (matrix: number[][], b: number[]): number[] =>
  solve(new Matrix(matrix), Matrix.columnVector(b)).to1DArray();

test("one number by hand: θ = Σ r x / (λ + Σ x²), width = |x| / √(λ + Σ x²)", () => {
  const model = ridgeRegression(1, { ridge: 2 });
  near(model.width([3]), 3 / Math.sqrt(2));
  model.observe([1], 4);
  model.observe([3], -2);
  near(model.coefficients()[0], (4 - 6) / (2 + 1 + 9));
  near(model.width([3]), 3 / Math.sqrt(12));
});

test("two numbers by hand: what was never seen stays as wide as at the start", () => {
  const model = ridgeRegression(2, { ridge: 1 });
  for (let i = 0; i < 8; i++) model.observe([1, 0], 1);
  near(model.width([1, 0]), 1 / 3);
  near(model.width([0, 1]), 1);
  near(model.width([3, 4]), Math.sqrt(9 / 9 + 16));
});

test("one by one, at once, and by elimination: the same coefficients and widths", () => {
  const numbers = fc.integer({ min: -4, max: 4 });
  const row = fc.record({ x: fc.tuple(numbers, numbers, numbers), reward: numbers });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(0.1, 1, 10),
      (rows, ridge) => {
        const [single, whole] = [ridgeRegression(3, { ridge }), ridgeRegression(3, { ridge })];
        const gram = new Float64Array(9);
        const moments = new Float64Array(3);
        for (const { x, reward } of rows) {
          single.observe(x, reward);
          for (let i = 0; i < 3; i++) {
            moments[i] += reward * x[i];
            for (let j = 0; j < 3; j++) gram[3 * i + j] += x[i] * x[j];
          }
        }
        whole.absorb(gram, moments);
        const precision = [0, 1, 2].map((i) => [0, 1, 2].map((j) => gram[3 * i + j] + (i === j ? ridge : 0)));
        const theta = solved(precision, [...moments]);
        const asked = [1, -2, 0.5];
        const width = Math.sqrt(solved(precision, asked).reduce((sum, v, i) => sum + v * asked[i], 0));
        for (const model of [single, whole]) {
          for (const [i, value] of model.coefficients().entries()) near(value, theta[i]);
          near(model.width(asked), width);
        }
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test("after what was summed at once, further observations go on as if it had come one by one", () => {
  const draw = random(4);
  const [single, mixed] = [ridgeRegression(2, { ridge: 1 }), ridgeRegression(2, { ridge: 1 })];
  const gram = new Float64Array(4);
  const moments = new Float64Array(2);
  for (let row = 0; row < 40; row++) {
    const [x, reward] = [[draw.normal(), draw.normal()], draw.normal()];
    single.observe(x, reward);
    if (row >= 20) {
      if (row === 20) mixed.absorb(gram, moments);
      mixed.observe(x, reward);
    } else
      for (let i = 0; i < 2; i++) {
        moments[i] += reward * x[i];
        for (let j = 0; j < 2; j++) gram[2 * i + j] += x[i] * x[j];
      }
  }
  for (const [i, value] of mixed.coefficients().entries()) near(value, single.coefficients()[i]);
  for (const [i, value] of mixed.inverse.entries()) near(value, single.inverse[i]);
});

test("what is summed at once goes on from what came one by one before", () => {
  const [single, mixed] = [ridgeRegression(2, { ridge: 1 }), ridgeRegression(2, { ridge: 1 })];
  for (const model of [single, mixed]) model.observe([2, 1], 3);
  single.observe([1, -1], 5);
  mixed.absorb(Float64Array.of(1, -1, -1, 1), Float64Array.of(5, -5));
  // A = I + [2 1]ᵀ[2 1] + [1 −1]ᵀ[1 −1] = [[6, 1], [1, 3]], b = 3 · [2 1] + 5 · [1 −1] = [11, −2]: θ = [35, −23] / 17.
  for (const model of [single, mixed]) {
    near(model.coefficients()[0], 35 / 17);
    near(model.coefficients()[1], -23 / 17);
  }
});

/** Regret of some rounds among 20 fixed arms of 5 numbers, after the first half and after all. */
function regretOf(alpha: number | "random", seed: number, rounds = 2000): [half: number, whole: number] {
  const draw = random(seed);
  const unit = (): number[] => {
    const v = Array.from({ length: 5 }, () => draw.normal());
    return v.map((value) => value / Math.hypot(...v));
  };
  const [truth, arms] = [unit(), Array.from({ length: 20 }, unit)];
  const worth = arms.map((arm) => arm.reduce((sum, value, i) => sum + value * truth[i], 0));
  const [model, noise, any] = [ridgeRegression(5, { ridge: 1 }), draw.fork("noise"), draw.fork("any")];
  let [regret, half] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const theta = model.coefficients();
    let [taken, best] = [any.integer(20), Number.NEGATIVE_INFINITY];
    if (alpha !== "random")
      for (const [a, arm] of arms.entries()) {
        const score = arm.reduce((sum, value, i) => sum + value * theta[i], 0) + alpha * model.width(arm);
        if (score > best) [taken, best] = [a, score];
      }
    model.observe(arms[taken], worth[taken] + 0.5 * noise.normal());
    regret += Math.max(...worth) - worth[taken];
    if (round === rounds / 2 - 1) half = regret;
  }
  return [half, regret];
}

test("in a linear bandit the upper bound's regret flattens, and lies below greed's and chance's", () => {
  const total = { upper: 0, greedy: 0, chance: 0, firstHalf: 0, secondHalf: 0 };
  for (let seed = 1; seed <= 8; seed++) {
    const [half, whole] = regretOf(1, seed);
    total.upper += whole / 8;
    total.firstHalf += half / 8;
    total.secondHalf += (whole - half) / 8;
    total.greedy += regretOf(0, seed)[1] / 8;
    total.chance += regretOf("random", seed)[1] / 8;
  }
  const said = JSON.stringify(total);
  assert.ok(total.secondHalf < 0.5 * total.firstHalf, said);
  assert.ok(total.upper < 0.6 * total.greedy, said);
  assert.ok(total.upper < 0.05 * total.chance, said);
});
