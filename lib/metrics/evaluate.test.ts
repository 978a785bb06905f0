import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../data/task";
import { random } from "../math/random";
import { emptyLists } from "../retrieval/bestOf";
import type { Recommender } from "../retrieval/recommender";
import { changedLists } from "./changedLists";
import { type Evaluation, evaluateRecommender, itemCounts } from "./evaluate";
import { rankingMetrics } from "./metrics";
import { overSeeds } from "./overSeeds";

const items = 12;

/** 30 users; user u had item u % 4 and finds item 4 + u % 8 relevant. */
const task: Task = {
  stage: "test",
  histories: {
    size: 30,
    users: Int32Array.from({ length: 30 }, (_, u) => 100 + u),
    offsets: Int32Array.from({ length: 31 }, (_, u) => u),
    items: Int32Array.from({ length: 30 }, (_, u) => u % 4),
    weights: new Float32Array(30).fill(5),
    rows: new Int32Array(30).fill(-1),
  },
  relevantOffsets: Int32Array.from({ length: 31 }, (_, u) => u),
  relevantItems: Int32Array.from({ length: 30 }, (_, u) => 4 + (u % 8)),
  relevantGains: new Float64Array(30).fill(1),
};

/** Fills lists by a rule over the user row. */
const listing = (name: string, rule: (user: number, place: number) => number): Recommender => ({
  name,
  recommend(histories, k) {
    const lists = emptyLists(histories.size, k);
    for (let h = 0; h < histories.size; h++)
      for (let place = 0; place < k; place++)
        lists.items[h * k + place] = rule(histories.users[h] - 100, place);
    return lists;
  },
});
const knows = listing("knows", (user, place) => 4 + ((user + place) % 8));
const knowsHalf = listing("knows half", (user, place) => 4 + ((user + place + (user % 2)) % 8));
const same = listing("same for all", (_, place) => 4 + place);
const options = () => ({ ks: [1, 3], random: random(1), trainCounts: new Float64Array(items).fill(1) });
const evaluate = (recommender: Recommender): Evaluation => evaluateRecommender(recommender, task, options());

test("lists are no longer than the catalogue, and longer ones would find no more", () => {
  const asked: number[] = [];
  const whole: Recommender = {
    name: "all there is",
    recommend(histories, k) {
      asked.push(k);
      const lists = emptyLists(histories.size, k);
      for (let h = 0; h < histories.size; h++)
        for (let place = 0; place < 8; place++) lists.items[h * k + place] = 4 + place;
      return lists;
    },
  };
  const { at } = evaluateRecommender(whole, task, { ...options(), ks: [8, 2_000_000_000] });
  assert.deepEqual([...new Set(asked)], [items]);
  const [own, far] = [at[8], at[2_000_000_000]];
  assert.deepEqual(
    [far.recall, far.ndcg, far.mrr, far.coverage],
    [own.recall, own.ndcg, own.mrr, own.coverage],
  );
  assert.ok(Math.abs(far.precision - 1 / 2_000_000_000) < 1e-18);
});

test("known answers: a recommender that knows, one that knows half, one list for all", () => {
  assert.deepEqual([evaluate(knows).at[1].ndcg, evaluate(knows).at[1].coverage], [1, 8 / 12]);
  // Users 0 .. 29: the 15 with an even row are served right at place 1, the others never within one round.
  assert.equal(evaluate(knowsHalf).at[1].hitRate, 0.5);
  assert.equal(evaluate(same).at[3].coverage, 3 / 12);
  assert.equal(evaluate(same).at[1].hitRate, 4 / 30);
});

test("chunks change nothing, and the means are those of rankingMetrics", () => {
  const whole = evaluate(knowsHalf);
  const chunked = evaluateRecommender(knowsHalf, task, { ...options(), usersAtOnce: 7 });
  assert.deepEqual({ ...chunked, seconds: 0 }, { ...whole, seconds: 0 });
  const { at } = rankingMetrics(knowsHalf.recommend(task.histories, 3), task, [1, 3]);
  for (const k of [1, 3]) assert.equal(whole.at[k].map, at[k].map);
  assert.equal(whole.intervals[3].recall.mean, at[3].recall);
});

test("lists that break the rules are refused with the recommender's name", () => {
  const refused = (rule: (user: number, place: number) => number, message: RegExp): void =>
    assert.throws(() => evaluate(listing("bad", rule)), message);
  refused((user) => user % 4, /"bad" to leave out what the user had seen, got item row 0 for user row 100/);
  refused(() => 5, /"bad" to list an item once, got item row 5 for user row 100 twice/);
  refused((_, place) => (place === 0 ? -1 : 5), /fill lists from the top/);
  refused((_, place) => 12 + place, /stay below item row 12, got 12/);
  const short: Recommender = { name: "short", recommend: (histories) => emptyLists(histories.size, 1) };
  assert.throws(() => evaluate(short), /return 30 lists of 3, got 30 of 1/);
  assert.throws(
    () => evaluateRecommender(knows, task, { ...options(), catalog: { size: 5 } }),
    /requires 5 train counts, got 12/,
  );
});

test("lists that hold the same items in another order are not changed", () => {
  assert.equal(changedLists(evaluate(knows).lists, evaluate(knowsHalf).lists, 1), 0.5);
  const a = knows.recommend(task.histories, 3);
  const turned = { ...a, items: a.items.slice() };
  for (let h = 0; h < a.size; h++)
    turned.items.set([a.items[3 * h + 2], a.items[3 * h], a.items[3 * h + 1]], 3 * h);
  assert.equal(changedLists(a, turned, 3), 0);
  assert.equal(changedLists(a, turned, 2), 1);
});

test("seeds: the mean over runs, and a difference that is sure only when the seeds agree", () => {
  const rates = [0.2, 0.4, 0.5, 0.6, 0.8];
  const runs = rates.map((rate, seed) => {
    const luck = random(seed);
    const right = Array.from({ length: 30 }, () => luck.next() < rate);
    return evaluate(listing("model", (user, place) => 4 + ((user + place + (right[user] ? 0 : 1)) % 8)));
  });
  const found = overSeeds(runs, random(1), { reference: [evaluate(same)], metric: "hitRate", k: 1 });
  const mean = found.bySeed.reduce((sum, value) => sum + value, 0) / 5;
  assert.ok(Math.abs(found.value.mean - mean) < 1e-12);
  assert.ok(Math.abs(found.difference!.mean - (mean - 4 / 30)) < 1e-12);
  assert.ok(found.value.standardError > 0.06); // five seeds that spread by .2 alone give about .1
  assert.throws(() => overSeeds(runs.slice(0, 1), random(1), { k: 1 }), /at least 2 seeds, got 1/);
});

test("item counts count the given rows", () => {
  assert.deepEqual([...itemCounts(Int32Array.of(2, 0, 2), Int32Array.of(0, 2), 3)], [0, 0, 2]);
});
