// Whichever FAISS is in place: the same answers, and each used where it should be.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import { batchIndex } from "./batchIndex";
import { exactIndex } from "./exactIndex";
import { faissIndex } from "./faissIndex";
import { faissInUse, type LoadedFaiss } from "./guardedFaiss";

/** faiss-node's own, whatever else is in place; in one process with the other. */
const generic = (): LoadedFaiss => ({ module: require("faiss-node"), name: "faiss-node's own", fast: false });

/** Stands in for a compiled FAISS: single-precision scores of every item, over typed arrays. Counts its searches. */
function fakeFast() {
  const calls = { searches: 0 };
  const fromFactory = (width: number) => {
    let vectors: Float32Array = new Float32Array(0);
    return {
      ntotal: () => vectors.length / width,
      isTrained: () => true,
      train: () => {},
      removeIds: () => 0,
      add(added: Float32Array) {
        assert.ok(added instanceof Float32Array);
        vectors = added;
      },
      search(queries: Float32Array, k: number, distances: Float32Array, labels: Int32Array) {
        calls.searches++;
        for (let query = 0; query < queries.length / width; query++) {
          const score = (row: number): number => {
            let sum = 0;
            for (let a = width - 1; a >= 0; a--)
              sum = Math.fround(sum + Math.fround(vectors[row * width + a] * queries[query * width + a]));
            return sum;
          };
          // Among equals FAISS gives any order: here the larger row first.
          const ranked = Array.from({ length: vectors.length / width }, (_, row) => row).sort(
            (x, y) => score(y) - score(x) || y - x,
          );
          for (let place = 0; place < k; place++) {
            labels[query * k + place] = ranked[place];
            distances[query * k + place] = score(ranked[place]);
          }
        }
      },
    };
  };
  const module = { TypedIndex: { fromFactory } } as unknown as LoadedFaiss["module"];
  return { calls, use: (): LoadedFaiss => ({ module, name: "fake", fast: true }) };
}

test("the generic FAISS, the one in use and one over typed arrays equal the oracle to the bit", () => {
  const modules = { generic, inUse: faissInUse, fake: fakeFast().use };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const draw = random(seed);
      const [size, width, n] = [1 + draw.integer(120), 1 + draw.integer(20), 1 + draw.integer(24)];
      const coarse = draw.next() < 0.5;
      const numbers = (count: number) =>
        Float32Array.from({ length: count }, () => (coarse ? draw.integer(5) - 2 : draw.normal()));
      const vectors = numbers(size * width);
      const queries = numbers(n * width);
      const seen = Array.from({ length: n }, () =>
        Array.from({ length: draw.integer(9) }, () => draw.integer(size)),
      );
      const options = { seen: historiesOfLists(seen), unavailable: new Set([draw.integer(size)]) };
      const k = 1 + draw.integer(size + 2);
      const expected = exactIndex(vectors, width).search(queries, k, options);
      for (const [name, use] of Object.entries(modules)) {
        const found = faissIndex(vectors, width, { use }).search(queries, k, options);
        assert.deepEqual(found, expected, name);
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});

test("batchIndex asks a fast FAISS for single queries, and for nothing else; the answer is the same", () => {
  const draw = random(8);
  const vectors = Float32Array.from({ length: 300 * 6 }, () => draw.integer(7) - 3);
  const queries = Float32Array.from({ length: 3 * 6 }, () => draw.normal());
  const one = queries.subarray(0, 6);
  const options = { seen: historiesOfLists([[3, 4, 5]]), unavailable: new Set([7]) };
  const expected = exactIndex(vectors, 6).search(one, 9, options);
  const { calls, use } = fakeFast();
  const fast = batchIndex(vectors, 6, { use });
  assert.deepEqual(fast.search(one, 9, options), expected);
  assert.ok(calls.searches >= 1);
  const before = calls.searches;
  assert.deepEqual(fast.search(queries, 9), exactIndex(vectors, 6).search(queries, 9));
  assert.equal(calls.searches, before);
  fast.dispose();
  assert.throws(() => fast.search(one, 9));

  const none = (): LoadedFaiss => {
    throw new Error("no FAISS here");
  };
  const slow = (): LoadedFaiss => ({ ...use(), fast: false });
  for (const other of [none, slow]) {
    const index = batchIndex(vectors, 6, { use: other });
    assert.deepEqual(index.search(one, 9, options), expected);
    index.dispose();
  }
  assert.equal(calls.searches, before);
});
