import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Lists } from "../retrieval/lists";
import { metricNames, type Relevance, rankingMetrics } from "./metrics";

const listsOf = (rows: readonly number[][], k: number): Lists => ({
  size: rows.length,
  k,
  items: Int32Array.from(rows.flatMap((row) => [...row, ...Array(k - row.length).fill(-1)])),
  scores: new Float64Array(rows.length * k),
});
const relevanceOf = (users: readonly (readonly [item: number, gain: number][])[]): Relevance => ({
  relevantOffsets: Int32Array.from([0, ...users], (_, u) => users.slice(0, u).flat().length),
  relevantItems: Int32Array.from(users.flatMap((user) => user.map(([item]) => item))),
  relevantGains: Float64Array.from(users.flatMap((user) => user.map(([, gain]) => gain))),
});

test("one user by hand", () => {
  // Places: 7 (no), 3 (gain 2), 9 (gain 1), 1 (no); 5 is relevant (gain 3) and missed.
  const { at } = rankingMetrics(
    listsOf([[7, 3, 9, 1]], 4),
    relevanceOf([
      [
        [3, 2],
        [5, 3],
        [9, 1],
      ],
    ]),
    [1, 4],
  );
  const dcg = 2 / Math.log2(3) + 1 / 2;
  assert.deepEqual(at[1], { precision: 0, recall: 0, hitRate: 0, ndcg: 0, dcg: 0, map: 0, mrr: 0 });
  assert.equal(at[4].precision, 0.5);
  assert.equal(at[4].recall, 2 / 3);
  assert.equal(at[4].dcg, dcg);
  assert.equal(at[4].ndcg, dcg / (3 + 2 / Math.log2(3) + 1 / 2));
  assert.equal(at[4].map, (1 / 2 + 2 / 3) / 3);
  assert.equal(at[4].mrr, 0.5);
});

test("no list, nothing relevant and gains of zero all count as zero users, and stay in the mean", () => {
  const { at, users } = rankingMetrics(
    listsOf([[1], [], [1], [1]], 1),
    relevanceOf([[[1, 1]], [[1, 1]], [], [[1, 0]]]),
    [1],
  );
  assert.equal(users, 4);
  for (const name of metricNames) assert.equal(at[1][name], 0.25);
});

test("every metric but DCG lies in [0, 1], the ideal list reaches 1, and binary DCG only grows with K", () => {
  const cases = fc.record({
    list: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 6, maxLength: 10 }),
    relevant: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 }),
  });
  fc.assert(
    fc.property(cases, ({ list, relevant }) => {
      const relevance = relevanceOf([relevant.map((item): [number, number] => [item, 1])]);
      const { at } = rankingMetrics(listsOf([list], list.length), relevance, [1, 3, 6]);
      for (const k of [1, 3, 6])
        for (const name of metricNames)
          if (name !== "dcg") assert.ok(at[k][name] >= 0 && at[k][name] <= 1 + 1e-12);
      assert.ok(at[1].dcg <= at[3].dcg && at[3].dcg <= at[6].dcg);
      const others = [...Array(30).keys()].filter((item) => !relevant.includes(item));
      const ideal = rankingMetrics(listsOf([[...relevant, ...others].slice(0, 6)], 6), relevance, [6]).at[6];
      assert.ok(Math.abs(ideal.ndcg - 1) < 1e-12 && ideal.mrr === 1);
    }),
  );
});

test("refuses lists that do not fit the task", () => {
  const relevance = relevanceOf([[[1, 1]]]);
  assert.throws(() => rankingMetrics(listsOf([[1], [2]], 1), relevance, [1]), /each of 1 users, got 2/);
  assert.throws(() => rankingMetrics(listsOf([[1]], 1), relevance, [5]), /at least 5 places, got 1/);
  assert.throws(() => rankingMetrics(listsOf([[1, 1]], 2), relevance, [2]), /item row 1 twice/);
  assert.throws(() => rankingMetrics(listsOf([[1]], 1), relevance, [0]), /at least 1, got \[0\]/);
});
