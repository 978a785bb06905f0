import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random, shuffle } from "./random";

function draws(seed: number, count: number): number[] {
  const draw = random(seed);
  return Array.from({ length: count }, () => draw.next());
}

test("the same seed gives the same stream, neighbouring and distant seeds others", () => {
  assert.deepEqual(draws(7, 20), draws(7, 20));
  const firsts = [...Array(2000).keys(), -1, -7, 2 ** 32, 2 ** 40].map((seed) => draws(seed, 1)[0]);
  assert.equal(new Set(firsts).size, firsts.length);
  assert.throws(() => random(0.5), /whole-number seed, got 0.5/);
});

test("next is uniform on [0, 1): mean, variance, ten equal cells", () => {
  const values = draws(1, 50_000);
  assert.ok(values.every((value) => value >= 0 && value < 1));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean - 0.5) < 4 * Math.sqrt(1 / 12 / values.length));
  assert.ok(Math.abs(variance - 1 / 12) < 0.001);
  const cells = new Float64Array(10);
  for (const value of values) cells[Math.floor(10 * value)]++;
  const square = cells.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
  assert.ok(square < 27.9, `χ² with 9 degrees of freedom, one in a thousand lies above 27.9: ${square}`);
});

test("normal draws have mean 0, variance 1, kurtosis 3", () => {
  const draw = random(2);
  const values = Array.from({ length: 50_000 }, () => draw.normal());
  const moment = (power: number): number =>
    values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  assert.ok(Math.abs(moment(1)) < 0.02);
  assert.ok(Math.abs(moment(2) - 1) < 0.03);
  assert.ok(Math.abs(moment(4) - 3) < 0.2);
});

test("whole numbers lie below their limit and are even; limits are checked", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, limit) => {
      const value = random(seed).integer(limit);
      return Number.isInteger(value) && value >= 0 && value < limit;
    }),
  );
  const draw = random(3);
  const counts = new Float64Array(3);
  for (let i = 0; i < 30_000; i++) counts[draw.integer(3)]++;
  assert.ok(counts.every((count) => Math.abs(count - 10_000) < 4 * Math.sqrt((30_000 * 2) / 9)));
  for (const limit of [0, -1, Number.NaN, 2 ** 33])
    assert.throws(() => draw.integer(limit), /limit in \[1, 2\^32\]/);
});

test("a fork has its own stream by name, does not advance its parent, and is not its parent's", () => {
  const parent = random(4);
  const child = parent.fork("windows");
  const childDraws = Array.from({ length: 5 }, () => child.next());
  const again = random(4).fork("windows");
  assert.deepEqual(
    childDraws,
    Array.from({ length: 5 }, () => again.next()),
  );
  assert.equal(parent.next(), random(4).next());
  const other = random(4).fork("dropout");
  assert.notEqual(childDraws[0], other.next());
  assert.notEqual(childDraws[0], random(4).next());
  assert.notEqual(childDraws[0], random(5).fork("windows").next());
});

test("shuffling keeps every value and reaches every order evenly", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
      const sorted = (list: number[]): number[] => [...list].sort((a, b) => a - b);
      assert.deepEqual(sorted(shuffle([...values], random(seed))), sorted(values));
    }),
  );
  const draw = random(6);
  const orders = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = shuffle([0, 1, 2], draw).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 6);
  for (const count of orders.values()) assert.ok(Math.abs(count - 2000) < 180);
});
