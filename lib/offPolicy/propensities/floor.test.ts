import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import type { RoundDistributions } from "./choiceColumns";
import { fittedFloor, withFloor } from "./floor";

const fixed = (size: number, shares: readonly number[]): RoundDistributions => ({
  ...{ size, actionCount: shares.length },
  write: (_, into) => into.set(shares),
});
const drawn = (size: number, shares: readonly number[], seed: number): Int32Array => {
  const draw = random(seed);
  return Int32Array.from({ length: size }, () => {
    let left = draw.next();
    return Math.max(
      0,
      shares.findIndex((share) => {
        left -= share;
        return left < 0;
      }),
    );
  });
};

test("a floor goes to what is possible alone, and probabilities still sum to 1", () => {
  const into = new Float64Array(3);
  withFloor(fixed(1, [0.9, 0.1, 0]), 0.5).write(0, into);
  for (const [a, wanted] of [0.7, 0.3, 0].entries()) assert.ok(Math.abs(into[a] - wanted) < 1e-15);
  assert.throws(() => withFloor(fixed(1, [1]), 1.5), /share in \[0, 1\], got 1.5/);
});

test("the fitted floor is the share that was mixed in; none where the model is right, all where it knows nothing", () => {
  const shares = [0.9, 0.05, 0.03, 0.02];
  for (const mixed of [0, 0.3, 1]) {
    const true_ = shares.map((share) => (1 - mixed) * share + mixed / 4);
    const found = fittedFloor(fixed(20_000, shares), drawn(20_000, true_, 3));
    assert.ok(Math.abs(found - mixed) < 0.02, `${found} ${mixed}`);
  }
  assert.throws(() => fittedFloor(fixed(1, [1, 0]), Int32Array.of(1)), /above 0, got 0 in round 1/);
});
