import assert from "node:assert/strict";
import { test } from "node:test";
import { exploring } from "./exploring";

const still = { act: () => Float32Array.of(0.9, -0.9, 0.6, 0.8) };
const noise = { next: () => Float32Array.of(0.5, 0.1, 0, -0.8) };

test("noise is added and brought back into the space; the policy's own actions stay", () => {
  const near = (a: Float32Array, b: number[]): void => {
    for (const [i, value] of b.entries()) assert.ok(Math.abs(a[i] - value) < 1e-6);
  };
  near(exploring(still, noise, { space: "box" }).act(new Float32Array(4)), [1, -0.8, 0.6, 0]);
  near(exploring(still, noise, { space: "free" }).act(new Float32Array(4)), [1.4, -0.8, 0.6, 0]);
  const unit = exploring(still, noise, { space: "unit", actionSize: 2 }).act(new Float32Array(4));
  near(unit, [1.4 / Math.hypot(1.4, 0.8), -0.8 / Math.hypot(1.4, 0.8), 1, 0]);
  near(still.act(), [0.9, -0.9, 0.6, 0.8]);
  const short = { next: () => new Float32Array(1) };
  assert.throws(() => exploring(still, short, { space: "box" }).act(new Float32Array(4)), /4 numbers, got 1/);
});
