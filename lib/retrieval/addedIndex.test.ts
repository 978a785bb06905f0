import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import { addedIndex, queriesWithAdded } from "./addedIndex";
import type { AddedLogits } from "./addedLogits";
import { batchIndex } from "./batchIndex";
import { exactIndex } from "./exactIndex";
import { faissIndex } from "./faissIndex";
import { innerProduct } from "./itemIndex";
import { rerankedIndex } from "./rerankedIndex";

test("what a query adds moves an item up, and only for that query", () => {
  const vectors = Float32Array.of(3, 2, 1, 0);
  const index = addedIndex(exactIndex(vectors, 1), vectors, 2);
  const added: AddedLogits = {
    width: 2,
    items: Int32Array.of(3, 2, -1, -1),
    values: Float32Array.of(8, 1, 0, 0),
  };
  // Logits of 8 and 1 at T = ½ are scores of 4 and ½.
  const queries = queriesWithAdded(Float32Array.of(1, 1), 1, { added, temperature: 0.5 });
  const lists = index.search(queries, 4);
  assert.deepEqual([...lists.items], [3, 0, 1, 2, 0, 1, 2, 3]);
  assert.deepEqual([...lists.scores], [4, 3, 2, 1.5, 3, 2, 1, 0]);
});

test("the answer equals scoring every item, whatever is added, seen or unavailable and whichever index searches", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const draw = random(seed);
      const [size, width, n, most] = [2 + draw.integer(40), 1 + draw.integer(4), 1 + draw.integer(3), 3];
      const numbers = (count: number) => Float32Array.from({ length: count }, () => draw.integer(9) - 4);
      const vectors = numbers(size * width);
      const plain = numbers(n * width);
      const items = new Int32Array(n * most);
      for (let query = 0; query < n; query++) {
        const rows = new Set<number>();
        for (let c = 0; c < most; c++) {
          const row = draw.integer(size);
          items[query * most + c] = rows.has(row) ? -1 : row;
          rows.add(row);
        }
      }
      const added = { width: most, items, values: numbers(n * most) };
      const seen = Array.from({ length: n }, () => [draw.integer(size), draw.integer(size)]);
      const unavailable = new Set([draw.integer(size)]);
      const k = 1 + draw.integer(size);
      const queries = queriesWithAdded(plain, width, { added, temperature: 0.5 });
      const score = (query: number, row: number): number => {
        const c = items.subarray(query * most, (query + 1) * most).indexOf(row);
        return (
          innerProduct(vectors, row, plain, query, width) + (c < 0 ? 0 : 0.5 * added.values[query * most + c])
        );
      };
      const wanted = seen.flatMap((barred, query) =>
        Array.from({ length: size }, (_, row) => row)
          .filter((row) => !barred.includes(row) && !unavailable.has(row))
          .sort((a, b) => score(query, b) - score(query, a) || a - b)
          .concat(new Array<number>(k).fill(-1))
          .slice(0, k),
      );
      const options = { seen: historiesOfLists(seen), unavailable };
      for (const make of [exactIndex, batchIndex, faissIndex]) {
        const index = addedIndex(make(vectors, width), vectors, most);
        const found = index.search(queries, k, options);
        assert.deepEqual([...found.items], wanted, make.name);
        for (let place = 0; place < found.items.length; place++)
          if (found.items[place] >= 0)
            assert.equal(found.scores[place], score(Math.floor(place / k), found.items[place]));
        for (let query = 0; query < n; query++)
          for (let row = 0; row < size; row++)
            assert.equal(index.scoreOf(queries, query, row), score(query, row), `${make.name}: one item`);
      }
    }),
    { numRuns: 60 },
  );
});

test("candidates ranked again count what is added in the second stage's scores too", () => {
  const first = Float32Array.of(1, 2, 3, 4);
  const second = Float32Array.of(1, 1, 1, 1);
  const index = rerankedIndex(exactIndex(first, 1), second, { width: 1, candidates: 3, added: 1 });
  const query = (row: number, value: number) => Float32Array.of(1, 1, row, value);
  assert.deepEqual([...index.search(query(2, 5), 2).items], [2, 1]);
  assert.equal(index.search(query(2, 5), 2).scores[0], 6);
  assert.deepEqual([...index.search(query(-1, 5), 2).items], [1, 2]);
  // An item that is no candidate stays out, and nothing is left over for the next query.
  assert.deepEqual([...index.search(query(0, 9), 2).items], [1, 2]);
  const two = Float32Array.of(...query(3, 5), ...query(-1, 5));
  assert.deepEqual([...index.search(two, 2).items], [3, 1, 1, 2]);
  assert.deepEqual([index.scoreOf(two, 0, 3), index.scoreOf(two, 1, 3), index.scoreOf(two, 0, 1)], [6, 1, 1]);
  const both = {
    width: 1,
    candidates: 4,
    added: 1,
    combined: (found: number, own: number) => 10 * found + own,
  };
  const sum = rerankedIndex(exactIndex(first, 1), second, both);
  const { items, scores } = sum.search(two, 4);
  items.forEach((row, place) => {
    assert.equal(sum.scoreOf(two, Math.floor(place / 4), row), scores[place]);
  });
});

test("what does not fit is refused", () => {
  const vectors = Float32Array.of(1, 2);
  assert.throws(() => addedIndex(exactIndex(vectors, 1), Float32Array.of(1), 1), /items of its index/);
  assert.throws(() => addedIndex(exactIndex(vectors, 1), vectors, 0), /at least 1 added item/);
  const added = { width: 1, items: Int32Array.of(0), values: Float32Array.of(1) };
  assert.throws(
    () => queriesWithAdded(Float32Array.of(1, 2), 1, { added, temperature: 1 }),
    /requires 2 × 1 additions, got 1/,
  );
});
