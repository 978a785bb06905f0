import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random } from "../../math/random";
import { gaussian } from "../../tensors/initialisers";
import { gridOver, kernelDensity } from "./density";
import { hubnessOf } from "./hubness";
import { distancesAmong, distancesToNearest } from "./nearest";
import { reconstructionScores } from "./reconstruction";
import { cosinesOf, pairsOf } from "./similarity";
import { distanceFromReal, wassersteinDistance } from "./wasserstein";

const near = (a: number, b: number, within = 1e-6): void =>
  assert.ok(Math.abs(a - b) < within, `${a} and ${b}`);

test("cosines by hand, whatever the lengths; pairs are what lies beside the diagonal", () => {
  const cosines = cosinesOf(Float32Array.of(2, 0, 0, 3, 1, 1), 2);
  [1, 0, Math.SQRT1_2, 0, 1, Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2, 1].forEach((value, i) => {
    near(cosines[i]!, value);
  });
  assert.equal(pairsOf(cosines).length, 3);
  near(pairsOf(cosines)[0]!, 0);
  assert.throws(() => pairsOf(new Float64Array(5)), /square matrix/);
});

test("hubness: even lists have none; one item in every list is a hub; by hand", () => {
  const even = hubnessOf([0, 1, 2, 3], 4);
  assert.deepEqual([even.skewness, even.neverFound], [0, 0]);
  // counts 3, 0, 0, 1: mean 1, deviations 2, −1, −1, 0; variance 6/4, third moment 6/4
  const hub = hubnessOf([0, 0, 0, 3, -1], 4);
  near(hub.skewness, 1.5 / 1.5 ** 1.5);
  assert.deepEqual([...hub.counts], [3, 0, 0, 1]);
  assert.equal(hub.topShare, 0.75);
  assert.equal(hub.neverFound, 0.5);
  assert.throws(() => hubnessOf([4], 4), /item rows below 4, got 4/);
});

test("Wasserstein by hand and by its laws: a shift costs its length, order plays no part", () => {
  near(wassersteinDistance([0, 1], [1, 2]), 1);
  near(wassersteinDistance([0, 0, 6], [2]), (2 + 2 + 4) / 3);
  near(wassersteinDistance([5], [5, 5]), 0);
  const numbers = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(numbers, numbers, fc.double({ min: -3, max: 3, noNaN: true }), (a, b, shift) => {
      near(wassersteinDistance(a, b), wassersteinDistance(b, [...a].reverse()), 1e-9);
      near(
        wassersteinDistance(
          a,
          a.map((value) => value + shift),
        ),
        Math.abs(shift),
        1e-9,
      );
    }),
  );
  // Equal sizes: the mean distance of the sorted samples.
  const [a, b] = [1, 2].map((seed) => [...gaussian(50, 1, random(seed))].sort((x, y) => x - y));
  near(wassersteinDistance(a!, b!), a!.reduce((sum, x, i) => sum + Math.abs(x - b![i]!), 0) / 50, 1e-9);
  assert.throws(() => wassersteinDistance([], [1]), /two samples/);
});

test("the null tells real from generated: like the real is inside it, shifted is not", () => {
  const real = gaussian(400, 1, random(1));
  const like = distanceFromReal(gaussian(200, 1, random(2)), real, { random: random(3) });
  assert.ok(like.share > 0.05, `${like.share}`);
  const shifted = distanceFromReal(
    gaussian(200, 1, random(2)).map((x) => x + 1),
    real,
    { random: random(3) },
  );
  assert.equal(shifted.share, 0);
  near(shifted.distance, 1, 0.1);
});

test("a density integrates to one, is symmetric for symmetric numbers, and matches Silverman by hand", () => {
  const values = [-1, 1];
  const grid = Float64Array.from({ length: 4001 }, (_, i) => -20 + i / 100);
  const { y } = kernelDensity(values, grid);
  near(
    y.reduce((sum, each) => sum + each / 100, 0),
    1,
    1e-6,
  );
  near(y[1900]!, y[2100]!, 1e-12);
  const bandwidth = 0.9 * Math.min(Math.SQRT2, 2 / 1.34) * 2 ** -0.2;
  near(y[2000]!, Math.exp(-0.5 / bandwidth ** 2) / (bandwidth * Math.sqrt(2 * Math.PI)), 1e-9);
  assert.throws(() => kernelDensity([3, 3], grid), /two different numbers/);
  const wide = gridOver([[0, 1], [3]], 5);
  near(wide[0]!, -0.3);
  near(wide[4]!, 3.3);
});

test("distances: to the nearest item by hand; among items a twin counts, oneself does not", () => {
  const items = Float32Array.of(1, 0, 0, 1, 0, 2);
  const to = distancesToNearest(Float32Array.of(3, 0, 1, 1), items, 2);
  near(to[0]!, 0);
  near(to[1]!, 1 - Math.SQRT1_2);
  const among = distancesAmong(items, 2);
  near(among[0]!, 1);
  near(among[1]!, 0);
  near(among[2]!, 0);
});

test("reconstruction: vectors of the same surface score like real ones, others worse; same seed, same scores", () => {
  // Real vectors lie on a circle within six dimensions.
  const circle = (count: number, seed: number): Float32Array => {
    const draw = random(seed);
    const rows = new Float32Array(count * 6);
    for (let i = 0; i < count; i++) {
      const angle = 2 * Math.PI * draw.next();
      rows.set([Math.cos(angle), Math.sin(angle), Math.cos(angle), 0, 0, 0], 6 * i);
    }
    return rows;
  };
  const [real, alike, noise] = [circle(300, 1), circle(100, 2), gaussian(600, 0.5, random(3))];
  const score = () =>
    reconstructionScores(real, [alike, noise], 6, { random: random(4), bottleneck: 2, steps: 400 });
  const scores = score();
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b) / values.length;
  const [null_, like, unlike] = [scores.real, ...scores.groups].map((each) => mean(each!)) as [
    number,
    number,
    number,
  ];
  assert.ok(like < 2 * null_ && unlike > 10 * null_, `${null_} ${like} ${unlike}`);
  assert.equal(scores.real.length, 150);
  assert.deepEqual(score(), scores);
  assert.throws(() => reconstructionScores(real, [noise.subarray(1)], 6, { random: random(1) }), /rows of 6/);
});
