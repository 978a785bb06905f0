import assert from "node:assert/strict";
import { test } from "node:test";
import { radam, rectification } from "./radam";
import { type Scalar, tf } from "./tf";

test("rectification by hand: none while the average is short, 1 in the end", () => {
  // β₂ = .999: ρ∞ = 1999; ρ₄ = 1999 − 8·.999⁴/(1 − .999⁴) = 4 − a little, ρ₅ = 5 − a little
  for (let step = 1; step <= 4; step++) assert.equal(rectification(step, 0.999), undefined);
  assert.ok(
    Math.abs(rectification(5, 0.999)! - Math.sqrt((0.996 * 2.996 * 1999) / (1995 * 1997 * 4.996))) < 1e-4,
  );
  const length = (t: number): number => 1999 - (2 * t * 0.999 ** t) / (1 - 0.999 ** t);
  const r = (t: number): number =>
    Math.sqrt(((length(t) - 4) * (length(t) - 2) * 1999) / (1995 * 1997 * length(t)));
  assert.ok(Math.abs(rectification(100, 0.999)! - r(100)) < 1e-9);
  assert.ok(r(100) < 0.3 && Math.abs(rectification(1e5, 0.999)! - 1) < 1e-9);
});

test("twenty steps on a parabola, number by number in double precision", () => {
  const w = tf().variable(tf().scalar(3));
  const optimizer = radam([w], { learningRate: 0.1 });
  let [x, m, v] = [3, 0, 0];
  for (let t = 1; t <= 20; t++) {
    const gradient = 2 * x;
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient ** 2;
    const mean = m / (1 - 0.9 ** t);
    const r = rectification(t, 0.999);
    x -= r === undefined ? 0.1 * mean : (0.1 * r * mean) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    tf().tidy(() => optimizer.apply([w.mul(2)]));
    assert.ok(Math.abs((w as unknown as Scalar).dataSync()[0] - x) < 2e-5, `step ${t}`);
  }
  assert.ok(Math.abs(x) < 1);
});

test("a restored optimiser goes on alike; bad settings are refused; nothing is left behind", () => {
  const empty = tf().memory().numTensors;
  const run = (interrupted: boolean): number => {
    const w = tf().tidy(() => tf().variable(tf().tensor1d([1, -2])));
    let optimizer = radam([w], { learningRate: 0.05 });
    for (let t = 0; t < 12; t++) {
      if (interrupted && t === 7) {
        const state = optimizer.state();
        optimizer.dispose();
        optimizer = radam([w], { learningRate: 0.05 });
        optimizer.restore(state);
      }
      tf().tidy(() => optimizer.apply([w.square()]));
    }
    const value = w.dataSync()[1];
    optimizer.dispose();
    w.dispose();
    return value;
  };
  assert.equal(run(true), run(false));
  assert.equal(tf().memory().numTensors, empty);
  const w = tf().variable(tf().scalar(1));
  assert.throws(() => radam([w], { learningRate: -1 }), /radam requires a learningRate above 0, got -1/);
  assert.throws(() => radam([w], { learningRate: 1, squareDecay: 1 }), /squareDecay in \[0, 1\), got 1/);
  assert.throws(() => radam([], { learningRate: 1 }), /list of variables/);
  w.dispose();
});
