import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { gridOver, kernelDensity } from "./density";
import { hubnessOf } from "./hubness";
import { distancesAmong, distancesToNearest, nearestOthers } from "./nearest";
import { reconstructionScores } from "./reconstruction";
import { cosinesOf, pairsOf } from "./similarity";
import { distanceFromReal, wassersteinDistance } from "./wasserstein";

const near = (a: number, b: number, within = 1e-6): void =>
  assert.ok(Math.abs(a - b) < within, `${a} and ${b}`);

test("cosines by hand, whatever the lengths; pairs are what lies beside the diagonal", () => {
  const cosines = cosinesOf(Float32Array.of(2, 0, 0, 3, 1, 1), 2);
  [1, 0, Math.SQRT1_2, 0, 1, Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2, 1].forEach((value, i) => {
    near(cosines[i], value);
  });
  assert.equal(pairsOf(cosines).length, 3);
  near(pairsOf(cosines)[0], 0);
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
  near(wassersteinDistance(a, b), a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / 50, 1e-9);
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
  near(shifted.share, 1 / 201);
  near(shifted.distance, 1, 0.1);
});

test("the null draws as many real numbers as were generated, and compares them with the rest", () => {
  // One of ten differs: two drawn are off by 1/2 with it and by 1/8 without, five are off by 1/5 either way.
  const real = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const chanceOf = (generated: number[]): number[] => {
    const { chance } = distanceFromReal(generated, real, { random: random(1) });
    assert.equal(chance.length, 200);
    return [...new Set(Array.from(chance, (each) => Math.round(1e6 * each) / 1e6))].sort();
  };
  assert.deepEqual(chanceOf([0, 0]), [0.125, 0.5]);
  assert.deepEqual(chanceOf([0, 0, 0, 0, 0]), [0.2]);
  assert.deepEqual(chanceOf([0, 0, 0, 0, 0, 0, 0]), [0.2]);
  const shareOf = (generated: number[]): number =>
    distanceFromReal(generated, real, { random: random(1), draws: 19 }).share;
  near(shareOf([0, 0]), 1); // .1 from the real ones, nearer than any draw
  near(shareOf([9, 9]), 1 / 20);
  assert.throws(() => distanceFromReal([], real, { random: random(1) }), /two samples/);
});

test("what is drawn from the real population is rejected at about the level; with a null of two halves, far above it", () => {
  const seeds = 300;
  let [rejected, byHalves] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const options = () => ({ random: random(seed).fork("null"), draws: 99 });
    const [real, like] = [gaussian(200, 1, random(seed).fork("real")), gaussian(20, 1, random(seed))];
    const { distance, share } = distanceFromReal(like, real, options());
    if (share <= 0.05) rejected++;
    const halves = distanceFromReal(real.subarray(100), real, options()).chance;
    if (1 + halves.filter((each) => each >= distance).length <= 0.05 * 100) byHalves++;
  }
  // 5% of 300 is 15, with a standard deviation of 3.8.
  assert.ok(rejected >= 6 && rejected <= 26, `${rejected} of ${seeds} were rejected`);
  assert.ok(byHalves > 60, `${byHalves} of ${seeds} were rejected by halves`);
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
  near(y[1900], y[2100], 1e-12);
  const bandwidth = 0.9 * Math.min(Math.SQRT2, 2 / 1.34) * 2 ** -0.2;
  near(y[2000], Math.exp(-0.5 / bandwidth ** 2) / (bandwidth * Math.sqrt(2 * Math.PI)), 1e-9);
  assert.throws(() => kernelDensity([3, 3], grid), /two different numbers/);
  const wide = gridOver([[0, 1], [3]], 5);
  near(wide[0], -0.3);
  near(wide[4], 3.3);
  assert.deepEqual([...gridOver([[0, 10]], 12, { from: 0 })], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  near(gridOver([[5, 10]], 3, { from: 0 })[0], 4.5);
});

test("distances: to the nearest item by hand; among items a twin counts, oneself does not", () => {
  const items = Float32Array.of(1, 0, 0, 1, 0, 2);
  const to = distancesToNearest(Float32Array.of(3, 0, 1, 1), items, 2);
  near(to[0], 0);
  near(to[1], 1 - Math.SQRT1_2);
  const among = distancesAmong(items, 2);
  near(among[0], 1);
  near(among[1], 0);
  near(among[2], 0);
});

test("the nearest others by Euclidean distance are those of brute force, oneself never among them", () => {
  assert.deepEqual([...nearestOthers(Float32Array.of(0, 1, 5), 1, { k: 1 })], [1, 0, 1]);
  for (const [width, spread] of [
    [2, 1],
    [9, 3],
  ] as const) {
    const points = Float32Array.from(gaussian(width * 60, spread, random(width)), (x) => x + 2);
    const away = (i: number, j: number): number => {
      let squares = 0;
      for (let a = 0; a < width; a++) squares += (points[i * width + a] - points[j * width + a]) ** 2;
      return squares;
    };
    const expected = Array.from({ length: 60 }, (_, i) =>
      Array.from({ length: 60 }, (_, j) => j)
        .filter((j) => j !== i)
        .sort((j, k) => away(i, j) - away(i, k))
        .slice(0, 5),
    );
    assert.deepEqual([...nearestOthers(points, width, { k: 5 })], expected.flat());
  }
  // Twins: each is the other's nearest. And more are asked for than there are.
  assert.deepEqual([...nearestOthers(Float32Array.of(1, 1, 1, 1, 7, 0), 2, { k: 1 })].slice(0, 2), [1, 0]);
  assert.deepEqual([...nearestOthers(Float32Array.of(4, 5), 1, { k: 2 })], [1, -1, 0, -1]);
});

test("reconstruction: what was held back was not learned", () => {
  // Noise has no surface: it is given back well only where it is known by heart.
  const noise = gaussian(16 * 6, 1, random(1));
  const options = { random: random(2), bottleneck: 6, steps: 400 };
  const { heldBack, groups } = reconstructionScores(noise, [noise], 6, options);
  const sum = (rows: number[]): number => rows.reduce((total, row) => total + groups[0][row], 0);
  const learned = Array.from({ length: 16 }, (_, row) => row).filter((row) => !heldBack.includes(row));
  assert.ok(sum([...heldBack]) > 5 * sum(learned), `${sum([...heldBack])} ${sum(learned)}`);
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
    reconstructionScores(real, [alike, noise, real], 6, { random: random(4), bottleneck: 2, steps: 400 });
  const scores = score();
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b) / values.length;
  const [null_, like, unlike] = [scores.real, ...scores.groups].map((each) => mean(each)) as [
    number,
    number,
    number,
  ];
  assert.ok(like < 2 * null_ && unlike > 10 * null_, `${null_} ${like} ${unlike}`);
  assert.equal(scores.real.length, 150);
  // Half of the rows was held back, each once, and they are the ones that `real` judges.
  assert.equal(new Set(scores.heldBack).size, 150);
  scores.heldBack.forEach((row, i) => {
    near(scores.groups[2][row], scores.real[i], 1e-6);
  });
  assert.deepEqual(score(), scores);
  assert.throws(() => reconstructionScores(real, [noise.subarray(1)], 6, { random: random(1) }), /rows of 6/);
});
