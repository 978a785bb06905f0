import assert from "node:assert/strict";
import { test } from "node:test";
import { itemClock } from "./itemClock";

function featuresOf(clock: ReturnType<typeof itemClock>, item: number): number[] {
  const target = new Float64Array(6);
  clock.write(item, target, 1);
  assert.deepEqual([target[0], target[5]], [0, 0]);
  return [...target.slice(1, 5)];
}

const near = (values: readonly number[], wanted: readonly number[]): void => {
  for (const [i, value] of values.entries())
    assert.ok(Math.abs(value - wanted[i]) < 1e-12, `${values}, not ${wanted}`);
};

test("an item's features as by hand, before, while and after it is had", () => {
  const clock = itemClock(3);
  clock.forgetAfter(2);
  near(featuresOf(clock, 0), [0, 0, 0, Math.log1p(1)]);
  clock.tick(0, 4);
  clock.tick(1, -1);
  clock.tick(0, 2); // decayed count at this moment: e^(−2/2) + 1
  assert.equal(clock.now(), 3);
  const mean = 5 / 3;
  near(featuresOf(clock, 0), [
    Math.log1p(2),
    (6 + 5 * mean) / 7,
    Math.log1p((Math.exp(-1) + 1) * Math.exp(-1 / 2)),
    Math.log1p(1),
  ]);
  near(featuresOf(clock, 1), [Math.log1p(1), (-1 + 5 * mean) / 6, Math.log1p(Math.exp(-1)), Math.log1p(2)]);
  near(featuresOf(clock, 2), [0, mean, 0, Math.log1p(4)]);
  const copy = itemClock(3);
  copy.restore(clock.columns());
  clock.tick(2, 1);
  copy.tick(2, 1);
  for (const item of [0, 1, 2]) assert.deepEqual(featuresOf(copy, item), featuresOf(clock, item));
});
