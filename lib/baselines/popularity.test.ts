import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf, historiesOfLists, takeHistories } from "../data/histories";
import { allRows, smallLog } from "../data/smallLog.fixture";
import { random } from "../math/random";
import { mostPopular } from "./mostPopular";
import { plusRecentPopularity } from "./plusPopularity";
import { randomBaseline } from "./randomBaseline";
import { recentPopularity, requestMoments } from "./recentPopularity";

const log = smallLog(
  [
    [0, 0, 5],
    [1, 0, 2],
    [2, 1, 5],
    [0, 1, 4],
    [1, 2, 4],
    [2, 3, 1],
  ],
  { users: 3, items: 4 },
);
const rows = allRows(log);
const histories = historiesOf(log, rows);
const first = (lists: { items: Int32Array; k: number }): number[] =>
  Array.from({ length: lists.items.length / lists.k }, (_, h) => lists.items[h * lists.k]);

test("most popular counts rows of at least the weight, and leaves out what was seen", () => {
  const counted = mostPopular(log, rows, { positiveAt: 4 });
  assert.deepEqual([...counted.scores(takeHistories(histories, [0]))], [1, 2, 1, 0]);
  // User 0 has 0 and 1, user 1 has 0 and 2, user 2 has 1 and 3: ties go to the smaller item row.
  assert.deepEqual(first(counted.recommend(histories, 1)), [2, 1, 0]);
  assert.deepEqual([...mostPopular(log, rows).scores(takeHistories(histories, [0]))], [2, 2, 1, 1]);
});

test("lists are shorter than k where nothing is left", () => {
  assert.deepEqual([...mostPopular(log, rows).recommend(takeHistories(histories, [0]), 3).items], [2, 3, -1]);
});

test("the recent window counts rows before it picks positives, and overall counts break ties", () => {
  const recent = recentPopularity(log, rows, { window: 3, positiveAt: 4 });
  const scores = recent.scores(takeHistories(histories, [0]));
  [1e-4, 1 + 2e-4, 1 + 1e-4, 0].forEach((value, item) => {
    assert.ok(Math.abs(scores[item] - value) < 1e-12);
  });
});

test("with times the window is in days, and ends with each history where asked", () => {
  const timed = smallLog(
    [
      [0, 0, 5],
      [1, 1, 5],
      [0, 2, 5],
      [1, 2, 5],
    ],
    { users: 2, items: 3, order: "timestamp" },
  );
  const all = allRows(timed);
  const both = historiesOf(timed, all);
  const scores = (ends: "fitted rows" | "history"): number[] =>
    [...recentPopularity(timed, all, { window: 2, ends }).scores(both)].map(Math.floor);
  assert.deepEqual(scores("fitted rows"), [0, 0, 2, 0, 0, 2]);
  // User 0 ends with day 2 (days 1 and 2 count), user 1 with day 3.
  assert.deepEqual(scores("history"), [0, 1, 1, 0, 0, 2]);
  // Asked on day 2, user 0 sees days 0 and 1; user 1, of whom no request is known, keeps the history's end.
  const moments = requestMoments(timed, Int32Array.of(2));
  assert.deepEqual([...moments], [2 * 86400, Number.NaN]);
  const asked = recentPopularity(timed, all, { window: 2, ends: "history", moments }).scores(both);
  assert.deepEqual([...asked].map(Math.floor), [1, 1, 0, 0, 0, 2]);
});

test("random lists hang on seed and user, not on company, and reach the whole catalogue evenly", () => {
  const items = 20;
  const empty = Array.from({ length: 4000 }, () => []);
  const nobody = historiesOfLists(empty, { users: [...empty.keys()] });
  const lists = randomBaseline(items, random(1)).recommend(nobody, 1);
  const alone = randomBaseline(items, random(1)).recommend(takeHistories(nobody, [77]), 1);
  assert.equal(alone.items[0], lists.items[77]);
  assert.notDeepEqual(randomBaseline(items, random(2)).recommend(nobody, 1).items, lists.items);
  const counts = new Float64Array(items);
  for (const item of lists.items) counts[item]++;
  for (const count of counts) assert.ok(Math.abs(count - 200) < 5 * Math.sqrt(200 * 0.95), `${count}`);
});

test("popularity is added to likes", () => {
  const likes = { name: "likes", items: 3, scores: () => Float64Array.of(2, 3, -1) };
  const shown = { name: "shown", items: 3, scores: () => Float64Array.of(8, 3, 100) };
  const one = takeHistories(histories, [0]);
  assert.deepEqual([...plusRecentPopularity(likes, shown, { weight: 2 }).scores(one)], [2.16, 3.06, 1]);
  assert.throws(() => plusRecentPopularity(likes, { ...shown, items: 2 }), /one catalogue, got 3 and 2/);
});

test("refuses windows and scores that mean nothing", () => {
  assert.throws(() => recentPopularity(log, rows, { window: 0 }), /window above 0, got 0/);
  const broken = { name: "broken", items: 4, scores: () => new Float64Array(4).fill(Number.NaN) };
  assert.throws(
    () => plusRecentPopularity(broken, mostPopular(log, rows)).recommend(takeHistories(histories, [0]), 1),
    /requires scores that are numbers, got NaN/,
  );
});
