import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { random } from "../math/random";
import {
  coReading,
  coReadingDefaults,
  informationOf,
  leadingFactors,
  type PairMatrix,
  pairCounts,
} from "./coReading";

const histories = (lists: readonly (readonly number[])[]): Histories => {
  const items = Int32Array.from(lists.flat());
  const offsets = new Int32Array(lists.length + 1);
  for (const [h, list] of lists.entries()) offsets[h + 1] = offsets[h] + list.length;
  const filler = new Int32Array(items.length).fill(-1);
  return {
    size: lists.length,
    users: filler,
    offsets,
    items,
    weights: new Float32Array(items.length),
    rows: filler,
  };
};

const valueAt = (matrix: PairMatrix, row: number, column: number): number => {
  for (let e = matrix.offsets[row]; e < matrix.offsets[row + 1]; e++)
    if (matrix.columns[e] === column) return matrix.values[e];
  return 0;
};

test("neighbours count by distance, within the window, within one history, symmetrically", () => {
  const counts = pairCounts(
    histories([
      [0, 1, 2, 0],
      [3, 1],
    ]),
    4,
    {
      ...coReadingDefaults,
      decay: 0.5,
      window: 2,
      minimumCount: 0,
    },
  );
  assert.equal(valueAt(counts, 0, 1), 1 + 0.5);
  assert.equal(valueAt(counts, 1, 0), 1.5);
  assert.equal(valueAt(counts, 0, 2), 0.5 + 1);
  assert.equal(valueAt(counts, 0, 3), 0);
  assert.equal(valueAt(counts, 0, 0), 0);
  assert.equal(valueAt(counts, 3, 1), 1);
  // PPMI by hand with σ = 1: totals 3, 3.5, 2.5, 1 of 10 in all... pair (3, 1): log(1·10 / (1·3.5)).
  const information = informationOf(counts, { smoothing: 1 });
  const totals = [1.5 + 1.5, 1.5 + 1 + 1, 1.5 + 1, 1];
  const all = totals.reduce((a, b) => a + b);
  assert.ok(Math.abs(valueAt(information, 3, 1) - Math.log(all / (1 * totals[1]))) < 1e-12);
});

test("what meets more rarely than by chance has no information, not a negative one", () => {
  const counts: PairMatrix = {
    size: 3,
    offsets: Int32Array.of(0, 2, 4, 6),
    columns: Int32Array.of(1, 2, 0, 2, 0, 1),
    values: Float64Array.of(10, 10, 10, 1, 10, 1),
  };
  const information = informationOf(counts, { smoothing: 1 });
  assert.ok(Math.abs(valueAt(information, 0, 1) - Math.log((10 * 42) / (20 * 11))) < 1e-12);
  assert.equal(valueAt(information, 1, 2), 0); // log(1 · 42 / (11 · 11)) is below 0
});

test("the factors are the leading eigenvectors: M v = λ v", () => {
  const size = 30;
  const draw = random(1);
  const dense = new Float64Array(size * size);
  // Six strong known directions and a little noise.
  for (let r = 0; r < 6; r++) {
    const v = Array.from({ length: size }, () => draw.normal());
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) dense[i * size + j] += (6 - r) * v[i] * v[j];
  }
  const matrix: PairMatrix = {
    size,
    offsets: Int32Array.from({ length: size + 1 }, (_, row) => row * size),
    columns: Int32Array.from({ length: size * size }, (_, e) => e % size),
    values: dense,
  };
  const { vectors, values } = leadingFactors(matrix, random(2), { factors: 6, iterations: 10 });
  for (let a = 0; a < 6; a++) {
    if (a > 0) assert.ok(values[a - 1] >= values[a]);
    for (let i = 0; i < size; i++) {
      let image = 0;
      for (let j = 0; j < size; j++) image += dense[i * size + j] * vectors[j * 6 + a];
      assert.ok(Math.abs(image - values[a] * vectors[i * 6 + a]) < 1e-6 * values[0]);
    }
  }
});

test("books of one series end up together, and rows have length one", () => {
  const draw = random(3);
  const lists = Array.from({ length: 300 }, (_, h) =>
    Array.from({ length: 8 }, () => (h % 3) * 10 + draw.integer(10)),
  );
  const vectors = coReading(histories(lists), 31, random(4), { factors: 5 });
  const cosine = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < 5; i++) sum += vectors[a * 5 + i] * vectors[b * 5 + i];
    return sum;
  };
  for (let a = 0; a < 30; a++) {
    assert.ok(Math.abs(cosine(a, a) - 1) < 1e-6);
    for (let b = 0; b < 30; b++)
      if (Math.floor(a / 10) !== Math.floor(b / 10))
        assert.ok(cosine(a, b) < cosine(a, Math.floor(a / 10) * 10 + ((a + 1) % 10)));
  }
  assert.equal(cosine(30, 30), 0); // never read
  assert.deepEqual(coReading(histories(lists), 31, random(4), { factors: 5 }), vectors);
  assert.throws(() => coReading(histories(lists), 31, random(4), { decay: 0 }), /decay in \(0, 1\], got 0/);
  assert.throws(() => coReading(histories(lists), 31, random(4), { gamma: 1 } as object), /got "gamma"/);
});
