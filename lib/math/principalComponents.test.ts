import assert from "node:assert/strict";
import { test } from "node:test";
import { principalComponents } from "./principalComponents";
import { random } from "./random";

const near = (actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i]! - value) < tolerance, `${actual[i]} at ${i}`);
};

test("two points on a line: one direction holds everything", () => {
  const found = principalComponents(Float32Array.of(0, 0, 3, 4), 2, { count: 2, draw: random(1) });
  near(found.directions.subarray(0, 2), [0.6, 0.8]);
  near(found.mean, [1.5, 2]);
  near(found.shares, [1, 0]);
  near(
    found.coordinates.filter((_, i) => i % 2 === 0),
    [-2.5, 2.5],
  );
});

test("a stretched cloud: known axes, shares 9:4:1, coordinates uncorrelated", () => {
  // Corners of a box with half edges 3, 2 and 1, turned by 90° so that its long edge lies along the third axis.
  const corners: number[] = [];
  for (const a of [-3, 3]) for (const b of [-2, 2]) for (const c of [-1, 1]) corners.push(b + 5, c, a);
  const found = principalComponents(Float32Array.from(corners), 3, { count: 3, draw: random(2) });
  near(found.directions, [0, 0, 1, 1, 0, 0, 0, 1, 0], 1e-6);
  near(found.shares, [9 / 14, 4 / 14, 1 / 14]);
  let product = 0;
  for (let row = 0; row < 8; row++) product += found.coordinates[row * 3]! * found.coordinates[row * 3 + 1]!;
  assert.ok(Math.abs(product) < 1e-4);
});

test("the same seed gives the same bytes; wrong sizes are refused", () => {
  const cloud = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
  const once = principalComponents(cloud, 6, { draw: random(3) });
  assert.deepEqual(principalComponents(cloud, 6, { draw: random(3) }), once);
  assert.throws(() => principalComponents(cloud, 7, { draw: random(3) }), /rows of 7, got 60/);
  assert.throws(() => principalComponents(cloud, 6, { count: 7, draw: random(3) }), /count in 1 .. 6, got 7/);
});
