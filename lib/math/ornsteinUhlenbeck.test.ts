import assert from "node:assert/strict";
import { test } from "node:test";
import { ornsteinUhlenbeck } from "./ornsteinUhlenbeck";
import { random } from "./random";

test("in the long run: mean 0, the variance and the memory that the formula says", () => {
  const noise = ornsteinUhlenbeck(2000, random(1), { pull: 0.3, deviation: 0.5 });
  for (let t = 0; t < 60; t++) noise.next();
  const now = noise.next().slice();
  noise.next();
  const later = noise.next();
  let [sum, squares, products] = [0, 0, 0];
  for (let i = 0; i < 2000; i++) {
    sum += now[i];
    squares += now[i] ** 2;
    products += now[i] * later[i];
  }
  const variance = 0.25 / (1 - 0.49);
  assert.ok(Math.abs(sum / 2000) < 0.05);
  assert.ok(Math.abs(squares / 2000 / variance - 1) < 0.08, `${squares / 2000} and ${variance}`);
  assert.ok(Math.abs(products / squares - 0.49) < 0.05, `${products / squares}`);
});

test("a shorter step pulls by as much less, and shakes by its root", () => {
  const [whole, quarter] = [1, 0.25].map((step) =>
    ornsteinUhlenbeck(4, random(5), { pull: 0.4, deviation: 2, step }),
  );
  const [first, small] = [whole.next().slice(), quarter.next().slice()];
  first.forEach((value, i) => {
    assert.ok(Math.abs(small[i] - value / 2) < 1e-6); // from 0 there is nothing to pull
  });
  const still = ornsteinUhlenbeck(1, random(5), { pull: 0.4, deviation: 1, step: 0.25 });
  const draws = random(5);
  const [one, other] = [draws.normal(), draws.normal()];
  still.next();
  assert.ok(Math.abs(still.next()[0] - (0.9 * 0.5 * one + 0.5 * other)) < 1e-6);
});

test("without shaking it decays; reset starts again; bad settings are refused", () => {
  const noise = ornsteinUhlenbeck(3, random(2), { pull: 0.5, deviation: 1 });
  const first = noise.next().slice();
  assert.ok(first.some((value) => value !== 0));
  noise.reset();
  const still = ornsteinUhlenbeck(1, random(3), { deviation: 0 });
  assert.equal(still.next()[0], 0);
  const again = ornsteinUhlenbeck(3, random(2), { pull: 0.5, deviation: 1 });
  assert.deepEqual(again.next(), first);
  assert.throws(() => ornsteinUhlenbeck(1, random(1), { pull: 3 }), /together below 2, got 3, 1/);
  assert.throws(() => ornsteinUhlenbeck(0, random(1)), /at least one number/);
});
