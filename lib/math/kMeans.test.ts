import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kMeans } from "./kMeans";
import { random } from "./random";

test("kMeans finds groups that stand apart, and says how far points lie from their centre", () => {
  const points = [0, 0, 0, 2, 10, 0, 10, 2, 0, 20, 0, 22];
  for (let seed = 1; seed <= 5; seed++) {
    const { centroids, assignments, spread } = kMeans(points, random(seed), { width: 2, k: 3 });
    assert.ok(Math.abs(spread - 1) < 1e-12);
    assert.equal(assignments[0], assignments[1]);
    assert.equal(assignments[2], assignments[3]);
    assert.equal(new Set(assignments).size, 3);
    assert.deepEqual([...centroids.slice(2 * assignments[4], 2 * assignments[4] + 2)], [0, 21]);
  }
});

test("kMeans makes no more clusters than there are distinct points, and each seed gives its own bytes", () => {
  const { centroids, spread } = kMeans([1, 1, 2, 2, 2], random(1), { width: 1, k: 4 });
  assert.deepEqual([...centroids].sort(), [1, 2]);
  assert.equal(spread, 0);
  const points = Float64Array.from({ length: 200 }, () => 0).map((_, i) => Math.sin(i * i));
  const of = (seed: number) => kMeans(points, random(seed), { width: 2, k: 5 });
  assert.deepEqual(of(3), of(3));
  assert.notDeepEqual(of(3), of(4));
  assert.throws(() => kMeans([1, 2, 3], random(1), { width: 2, k: 2 }), /requires points of 2 numbers/);
  assert.throws(() => kMeans([1], random(1), { width: 1, k: 0 }), /requires at least 1 cluster, got 0/);
});

test("at the end every point is at its nearest centre and every centre in the middle of its points", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 60 }),
      fc.nat(9),
      (line, seed) => {
        const { centroids, assignments } = kMeans(line, random(seed), { width: 1, k: 3, iterations: 200 });
        for (const [i, cluster] of assignments.entries()) {
          const own = Math.abs(line[i] - centroids[cluster]);
          for (const other of centroids) assert.ok(own <= Math.abs(line[i] - other) + 1e-9);
        }
        for (const [cluster, centre] of centroids.entries()) {
          const own = line.filter((_, i) => assignments[i] === cluster);
          if (own.length > 0)
            assert.ok(Math.abs(own.reduce((sum, x) => sum + x, 0) / own.length - centre) < 1e-9);
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
