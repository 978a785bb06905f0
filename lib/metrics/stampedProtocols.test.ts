import assert from "node:assert/strict";
import { test } from "node:test";
import { mostPopular } from "../baselines/mostPopular";
import { leaveOneOutSplit, temporalSplit } from "../data/split";
import { syntheticDataset } from "../data/synthetic";
import { taskOf } from "../data/task";
import { random } from "../math/random";
import { emptyLists } from "../retrieval/bestOf";
import type { Recommender } from "../retrieval/recommender";
import { amongCandidates, sampledCandidates } from "./amongCandidates";
import { rankingMetrics } from "./metrics";
import { ratedReplay } from "./ratedReplay";

const { interactions } = syntheticDataset({ config: { users: 60, items: 200, genres: 4, rows: [20, 40] } });
const items = interactions.itemIds.length;
const split = leaveOneOutSplit(interactions);
const task = taskOf(interactions, split, "test");

/** Ranks by a score of (user row, item row). */
const by = (score: (user: number, item: number) => number): Recommender => ({
  name: "by hand",
  recommend(histories, k) {
    const lists = emptyLists(histories.size, k);
    for (let h = 0; h < histories.size; h++) {
      const had = new Set(histories.items.subarray(histories.offsets[h], histories.offsets[h + 1]));
      const order = Array.from({ length: items }, (_, item) => item)
        .filter((item) => !had.has(item))
        .sort((a, b) => score(histories.users[h], b) - score(histories.users[h], a))
        .slice(0, k);
      lists.items.set(order, h * k);
    }
    return lists;
  },
});

test("99 negatives: each user gets the true item and 99 never touched, the same for the same seed", () => {
  const candidates = sampledCandidates(interactions, task, { random: random(1) });
  const again = sampledCandidates(interactions, task, { random: random(1) });
  assert.deepEqual(again, candidates);
  assert.notDeepEqual(sampledCandidates(interactions, task, { random: random(2) }), candidates);
  const touched = new Set<string>();
  for (let row = 0; row < interactions.size; row++)
    touched.add(`${interactions.users[row]} ${interactions.items[row]}`);
  task.histories.users.forEach((user, h) => {
    const own = candidates.get(user)!;
    assert.equal(own.size, 100);
    const met = [...own].filter((item) => touched.has(`${user} ${item}`));
    assert.deepEqual(met, [task.relevantItems[task.relevantOffsets[h]]]);
  });
  const many = { random: random(1), negatives: items };
  assert.throws(() => sampledCandidates(interactions, task, many), /items that each user never touched/);
});

test("among candidates: chance hits one in ten, and a recommender keeps its own order", () => {
  const candidates = sampledCandidates(interactions, task, { random: random(1) });
  // A hash as score: as good as random, the same each time.
  const chance = by(
    (user, item) =>
      Math.sin(user * 7919 + item * 104729) * 1e4 - Math.floor(Math.sin(user * 7919 + item * 104729) * 1e4),
  );
  const lists = amongCandidates(chance, candidates, items).recommend(task.histories, 10);
  const hit = rankingMetrics(lists, task, [10]).at[10].hitRate;
  assert.ok(Math.abs(hit - 0.1) < 0.12, `${hit}`);
  const full = chance.recommend(task.histories, items);
  for (let h = 0; h < task.histories.size; h++) {
    const own = candidates.get(task.histories.users[h])!;
    const kept = [...full.items.subarray(h * items, (h + 1) * items)].filter((item) => own.has(item));
    assert.deepEqual([...lists.items.subarray(10 * h, 10 * h + 10)], kept.slice(0, 10));
  }
  const truth = new Map(Array.from(task.histories.users, (user, h) => [user, task.relevantItems[h]]));
  const oracle = amongCandidates(
    by((user, item) => (truth.get(user) === item ? 1 : 0)),
    candidates,
    items,
  );
  assert.equal(rankingMetrics(oracle.recommend(task.histories, 10), task, [10]).at[10].ndcg, 1);
});

test("re-ranking what was rated: the best order scores 1, the worst by hand, and likes join the history", () => {
  const cut = temporalSplit(interactions);
  const rating = new Map<string, number>();
  for (const row of cut.test)
    rating.set(`${interactions.users[row]} ${interactions.items[row]}`, interactions.weights[row]);
  const steps = 3;
  const best = ratedReplay(
    by((u, i) => rating.get(`${u} ${i}`) ?? 0),
    interactions,
    cut,
    { steps },
  );
  assert.ok(best.users.length > 3);
  best.users.forEach((user, i) => {
    const own = [...rating].filter(([key]) => key.startsWith(`${user} `)).map(([, value]) => value);
    const liked = own.filter((value) => value >= 4).length;
    assert.ok(Math.abs(best.precision[i] - Math.min(steps, liked) / steps) < 0.34); // some had been had before
    assert.ok(best.ndcg[i] === 0 || best.ndcg[i] === 1);
  });
  const worst = ratedReplay(
    by((u, i) => -(rating.get(`${u} ${i}`) ?? 9)),
    interactions,
    cut,
    { steps },
  );
  assert.ok(worst.precision.every((value, i) => value <= best.precision[i]));
  // A recommender that counts what it is told: the history grows by exactly the likes.
  const lengths: number[][] = [];
  const listener = by((u, i) => rating.get(`${u} ${i}`) ?? 0);
  const heard = {
    ...listener,
    recommend: (histories: Parameters<Recommender["recommend"]>[0], k: number) => {
      lengths.push([...histories.offsets.subarray(1)].map((end, h) => end - histories.offsets[h]));
      return listener.recommend(histories, k);
    },
  };
  const told = ratedReplay(heard, interactions, cut, { steps });
  const grown = lengths.at(-1)!.map((length, h) => length - lengths[0][h]);
  // After the last step nothing more is asked, so at most steps − 1 likes have been seen.
  told.precision.forEach((value, i) => {
    assert.equal(grown[i], Math.min(steps - 1, Math.round(value * steps)));
  });
  assert.throws(
    () => ratedReplay(mostPopular(interactions, cut.train), interactions, cut, { steps: 999 }),
    /999 rated test items/,
  );
});
