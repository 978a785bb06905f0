import assert from "node:assert/strict";
import { test } from "node:test";
import { dirichlet, gamma } from "./dirichlet";
import { meanOf } from "./mean";
import { random } from "./random";

for (const shape of [0.3, 1, 4.5])
  test(`gamma of shape ${shape} has its mean and variance`, () => {
    const draw = random(1);
    const values = Float64Array.from({ length: 40_000 }, () => gamma(shape, draw));
    const mean = meanOf(values);
    const variance = meanOf(values.map((value) => (value - mean) ** 2));
    assert.ok(Math.abs(mean - shape) < 4 * Math.sqrt(shape / 40_000), `${mean}`);
    // variance of the sample variance: (μ₄ − σ⁴) / n with μ₄ = 3 shape² + 6 shape
    const error = Math.sqrt((2 * shape ** 2 + 6 * shape) / 40_000);
    assert.ok(Math.abs(variance - shape) < 4 * error, `${variance}`);
  });

test("Dirichlet shares sum to 1; their variance is that of the distribution", () => {
  const draw = random(2);
  const [size, concentration] = [5, 0.5];
  const first: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const shares = dirichlet(size, concentration, draw);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
    first.push(shares[0]);
  }
  const mean = meanOf(first);
  const variance = meanOf(first.map((share) => (share - mean) ** 2));
  const expected = ((1 / size) * (1 - 1 / size)) / (size * concentration + 1);
  assert.ok(Math.abs(mean - 1 / size) < 0.01);
  assert.ok(Math.abs(variance / expected - 1) < 0.06, `${variance}, ${expected}`);
});

test("a concentration so small that every draw vanishes still gives shares", () => {
  const shares = dirichlet(4, 1e-5, random(3));
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
});
