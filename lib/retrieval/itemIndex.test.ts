import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Histories } from "../data/histories";
import { random } from "../math/random";
import { batchIndex } from "./batchIndex";
import { exactIndex } from "./exactIndex";
import { faissIndex } from "./faissIndex";
import { guardedFaiss } from "./guardedFaiss";
import type { ItemIndex } from "./itemIndex";
import type { Lists } from "./lists";
import { recallOf } from "./recall";

const histories = (lists: readonly (readonly number[])[]): Histories => {
  const items = Int32Array.from(lists.flat());
  const offsets = new Int32Array(lists.length + 1);
  for (const [h, list] of lists.entries()) offsets[h + 1] = offsets[h] + list.length;
  return {
    size: lists.length,
    users: new Int32Array(lists.length).fill(-1),
    offsets,
    items,
    weights: new Float32Array(items.length).fill(1),
    rows: new Int32Array(items.length).fill(-1),
  };
};

const noise = (size: number, seed: number): Float32Array => {
  const draw = random(seed);
  return Float32Array.from({ length: size }, () => draw.normal());
};

const assertEqual = (found: Lists, expected: Lists): void => {
  assert.deepEqual(found.items, expected.items);
  assert.deepEqual(found.scores, expected.scores);
};

test("exactIndex gives known answers, ties to the smaller row, and leaves out what it must", () => {
  const index = exactIndex(Float32Array.of(1, 0, 0, 1, 1, 0, -1, 0), 2);
  const found = index.search(Float32Array.of(2, 1), 4);
  assert.deepEqual([...found.items], [0, 2, 1, 3]);
  assert.deepEqual([...found.scores], [2, 2, 1, -2]);
  const masked = index.search(Float32Array.of(2, 1), 3, {
    seen: histories([[0]]),
    unavailable: new Set([1]),
  });
  assert.deepEqual([...masked.items], [2, 3, -1]);
  assert.equal(masked.scores[2], Number.NEGATIVE_INFINITY);
});

test("batchIndex and flat faissIndex equal the oracle to the bit: duplicates, k beyond N, all excluded", () => {
  const cases = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 60 }),
    distinct: fc.integer({ min: 1, max: 60 }),
    n: fc.integer({ min: 0, max: 8 }),
    k: fc.integer({ min: 1, max: 70 }),
    grain: fc.constantFrom(0, 2, 1e6),
    share: fc.constantFrom(0, 0.3, 1),
    seed: fc.integer({ min: 0, max: 1e6 }),
  });
  fc.assert(
    fc.property(cases, ({ width, size, distinct, n, k, grain, share, seed }) => {
      const draw = random(seed);
      // Rows repeat (exact ties), lie on a coarse grid (ties by arithmetic) or differ by one part in a million.
      const base = noise(distinct * width, seed + 1);
      const vectors = new Float32Array(size * width);
      for (let row = 0; row < size; row++) {
        const from = draw.integer(distinct) * width;
        for (let a = 0; a < width; a++) {
          const value = base[from + a];
          vectors[row * width + a] =
            grain === 2 ? Math.round(value * 2) / 2 : grain === 1e6 ? value * (1 + draw.next() / 1e6) : value;
        }
      }
      const queries = noise(n * width, seed + 2);
      const rows = Array.from({ length: size }, (_, row) => row);
      const options = {
        seen: histories(Array.from({ length: n }, () => rows.filter(() => draw.next() < share))),
        unavailable: new Set(rows.filter(() => draw.next() < share / 3)),
      };
      const expected = exactIndex(vectors, width).search(queries, k, options);
      const batch = batchIndex(vectors, width);
      assertEqual(batch.search(queries, k, options), expected);
      batch.dispose();
      const faiss = faissIndex(vectors, width, { margin: 0 });
      assertEqual(faiss.search(queries, k, options), expected);
      for (const index of [batch, faiss])
        for (let place = 0; place < expected.items.length; place++)
          if (expected.items[place] >= 0)
            assert.equal(
              index.scoreOf(queries, Math.floor(place / k), expected.items[place]),
              expected.scores[place],
            );
    }),
    { numRuns: 150, seed: 7 },
  );
});

test("batchIndex's blocks equal the oracle to the bit, wherever the best and the excluded lie", () => {
  const cases = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1_100, max: 1_900 }),
    // 1: blocks of equal scores, so that all items have to be looked at; 1,900: hardly a tie.
    distinct: fc.constantFrom(1, 3, 40, 1_900),
    sorted: fc.boolean(),
    n: fc.integer({ min: 1, max: 8 }),
    k: fc.integer({ min: 1, max: 15 }),
    excluded: fc.constantFrom(0, 5, 12),
    seed: fc.integer({ min: 0, max: 1e6 }),
  });
  fc.assert(
    fc.property(cases, ({ width, size, distinct, sorted, n, k, excluded, seed }) => {
      const draw = random(seed);
      const base = noise(distinct * width, seed + 1);
      const vectors = new Float32Array(size * width);
      for (let row = 0; row < size; row++) {
        // Sorted: the copies of one vector stand together, so that whole blocks are alike.
        const from = (sorted ? Math.floor((row * distinct) / size) : draw.integer(distinct)) * width;
        vectors.set(base.subarray(from, from + width), row * width);
      }
      const queries = noise(n * width, seed + 2);
      const plain = exactIndex(vectors, width).search(queries, k + excluded);
      // The best are excluded, whom an answer would name first; and the last item, whose copies fill its block.
      const best = (query: number) =>
        [...plain.items.subarray(query * plain.k, query * plain.k + excluded)].concat(size - 1);
      const options = {
        seen: histories(Array.from({ length: n }, (_, query) => (query % 2 === 0 ? best(query) : []))),
        unavailable: new Set(excluded > 0 ? [plain.items[0], size - 2] : []),
      };
      const batch = batchIndex(vectors, width);
      assertEqual(batch.search(queries, k, options), exactIndex(vectors, width).search(queries, k, options));
      batch.dispose();
    }),
    { numRuns: 120, seed: 11 },
  );
});

test("the margin grows until rounding cannot hide a better item: 2,000 items within one part in ten million", () => {
  const width = 64;
  const base = noise(width, 3);
  const draw = random(4);
  const vectors = Float32Array.from(
    { length: 2000 * width },
    (_, i) => base[i % width] * (1 + draw.next() * 2e-7),
  );
  const queries = noise(8 * width, 5);
  const expected = exactIndex(vectors, width).search(queries, 10);
  assertEqual(faissIndex(vectors, width, { margin: 0 }).search(queries, 10), expected);
  const batch = batchIndex(vectors, width);
  assertEqual(batch.search(queries, 10), expected);
  batch.dispose();
  // Without growing, the first 16 that FAISS returns would not have held the answer: the case is a real one.
  const raw = guardedFaiss(width, "flat");
  raw.add(vectors);
  const first = raw.search(queries.subarray(0, width), 16).labels;
  assert.ok([...expected.items.subarray(0, 10)].some((row) => !first.includes(row)));
});

test("hnsw scores exactly what it finds and reports its recall", () => {
  const vectors = noise(3000 * 16, 1);
  const queries = noise(50 * 16, 2);
  const exact = exactIndex(vectors, 16).search(queries, 10);
  const found = faissIndex(vectors, 16, { kind: "hnsw", margin: 64 }).search(queries, 10);
  assert.ok(recallOf(found, exact) > 0.9, `recall ${recallOf(found, exact)}`);
  assert.equal(recallOf(exact, exact), 1);
  for (let place = 0; place < found.items.length; place++)
    for (let other = 0; other < 10; other++) {
      const at = Math.floor(place / 10) * 10 + other;
      if (exact.items[at] === found.items[place]) assert.equal(exact.scores[at], found.scores[place]);
    }
});

test("every call FAISS would die of is refused as an ordinary error", () => {
  const flat = guardedFaiss(4, "flat");
  const hnsw = guardedFaiss(4, "hnsw");
  const ivf = guardedFaiss(4, "ivf");
  assert.throws(() => guardedFaiss(0, "flat"), /width/);
  assert.throws(() => guardedFaiss(4, "other" as "flat"), /kind flat or hnsw, got "other"/);
  assert.throws(() => flat.add(new Float32Array(6)), /rows of 4 numbers, got 6/);
  assert.throws(() => flat.add(new Float32Array(0)), /at least 1 rows/);
  assert.throws(() => flat.add(Float32Array.of(1, 2, Number.NaN, 4)), /finite/);
  assert.throws(() => flat.search(new Float32Array(4), 1), /k in 1 \.\. 0, got 1/);
  flat.add(new Float32Array(8));
  assert.throws(() => flat.search(new Float32Array(4), 3), /k in 1 \.\. 2, got 3/);
  assert.throws(() => flat.search(new Float32Array(4), 0), /k in/);
  assert.throws(() => flat.search(new Float32Array(5), 1), /rows of 4/);
  assert.throws(() => ivf.add(noise(400, 1)), /trained index/);
  assert.throws(() => ivf.search(noise(4, 1), 1), /trained index/);
  assert.throws(() => ivf.train(noise(8, 1)), /at least 4 rows/);
  hnsw.add(noise(40, 1));
  assert.throws(() => hnsw.remove([0]), /flat index, got hnsw/);
  assert.throws(() => flat.remove([5]), /below 2, got 5/);
  assert.equal(flat.remove([0]), 1);
});

test("arguments that do not fit are named", () => {
  const index = faissIndex(noise(12, 1), 4);
  for (const each of [index, exactIndex(noise(12, 1), 4)] as ItemIndex[]) {
    assert.throws(() => each.search(new Float32Array(5), 1), /queries of 4 numbers each, got 5/);
    assert.throws(() => each.search(new Float32Array(4), 0), /k to be a whole number of at least 1, got 0/);
    assert.throws(
      () => each.search(Float32Array.of(1, 2, 3, Number.NaN), 1),
      /finite queries, got NaN in row 0/,
    );
    assert.throws(() => each.search(new Float32Array(4), 1, { seen: histories([[], []]) }), /got 2 for 1/);
  }
  assert.throws(() => exactIndex(new Float32Array(5), 4), /multiple of 4/);
  assert.throws(() => exactIndex(new Float32Array(0), 4), /got 0/);
  assert.throws(() => faissIndex(Float32Array.of(Number.NaN), 1), /finite item vectors/);
});
