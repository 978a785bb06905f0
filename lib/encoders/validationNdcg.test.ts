import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOfLists } from "../data/histories";
import type { Task } from "../data/task";
import { random } from "../math/random";
import { rankingMetrics } from "../metrics/metrics";
import { ndcgOf, validationNdcg } from "./validationNdcg";

const taskOf = (relevant: readonly (readonly number[])[]): Task => ({
  stage: "validation",
  histories: historiesOfLists(
    relevant.map((_, user) => [user]),
    { weights: 3 },
  ),
  relevantOffsets: Int32Array.from([0, ...relevant.map((_, u) => relevant.slice(0, u + 1).flat().length)]),
  relevantItems: Int32Array.from(relevant.flat()),
  relevantGains: new Float64Array(relevant.flat().length).fill(1),
});
const listsOf = (rows: readonly (readonly number[])[]) => ({
  size: rows.length,
  k: rows[0].length,
  items: Int32Array.from(rows.flat()),
  scores: new Float64Array(rows.flat().length),
});
const near = (got: number, wanted: number): void =>
  assert.ok(Math.abs(got - wanted) < 1e-12, `${got}, ${wanted}`);
const at = (place: number): number => 1 / Math.log2(place + 1);

test("each user is judged by its own list and its own relevant items", () => {
  // First: 7 in place 2. Second: 1 in place 1 and 2 in place 3, of three. Third: nothing. Fourth: all there is, first.
  const task = taskOf([[7], [1, 2, 9], [5], [3]]);
  const lists = listsOf([
    [4, 7, 6],
    [1, 8, 2],
    [1, 2, 3],
    [3, -1, -1],
  ]);
  const second = (at(1) + at(3)) / (at(1) + at(2) + at(3));
  near(ndcgOf(lists, task), (at(2) + second + 0 + 1) / 4);
  near(ndcgOf(listsOf([[4, 7, 6]]), taskOf([[7]])), 0.6309297535714575);
});

test("the ideal is as long as the list, and lists of ten are asked for, one a user", () => {
  // Four relevant items and two places: an ideal of two.
  near(ndcgOf(listsOf([[9, 1]]), taskOf([[1, 2, 3, 4]])), at(2) / (at(1) + at(2)));
  const task = taskOf([[0], [1]]);
  const asked: (readonly [number, number])[] = [];
  const recommender = {
    name: "asked",
    recommend(histories: { readonly size: number }, k: number) {
      asked.push([histories.size, k]);
      return listsOf([
        [0, 1],
        [0, 1],
      ]);
    },
  };
  near(validationNdcg(recommender, task), (1 + at(2)) / 2);
  assert.deepEqual(asked, [[2, 10]]);
});

test("it is the NDCG of the reports on any lists", () => {
  const draw = random(4);
  const relevant = Array.from({ length: 30 }, () => [
    ...new Set(Array.from({ length: 1 + draw.integer(12) }, () => draw.integer(15))),
  ]);
  const lists = listsOf(
    relevant.map(() => {
      const items = Array.from({ length: 15 }, (_, item) => ({ item, key: draw.next() }));
      return items.sort((a, b) => a.key - b.key).flatMap(({ item }, i) => (i < 10 ? [item] : []));
    }),
  );
  const task = taskOf(relevant);
  near(ndcgOf(lists, task), rankingMetrics(lists, task, [10]).at[10].ndcg);
});
