import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { catalogOfIds } from "../data/catalog";
import { furtherColumns } from "../data/furtherColumns";
import { historiesOf, historiesOfLists } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { plantFuture } from "../data/plantedFuture.fixture";
import { temporalSplit } from "../data/split";
import { taskOf } from "../data/task";
import { textColumn } from "../data/textColumns";
import { random, shuffle } from "../math/random";
import { featureReader, featureWidth, fitFeatures, rankOf } from "./features";
import { nextItemData, trainNextItem } from "./nextItem";
import type { NextItemConfig } from "./nextItemConfig";
import { loadNextItem, saveNextItem } from "./nextItemFile";
import { nextItemRecommender } from "./nextItemRecommender";
import { validationNdcg } from "./validationNdcg";

const kinds = 12;
const small: Partial<NextItemConfig> = {
  ...{ width: 16, units: 24, batchSize: 32, window: 10, learningRate: 0.02, dropout: 0.1 },
  ...{ epochs: 12, patience: 12, averageRate: 0.05, start: "random", seed: 1 },
};

interface Row {
  readonly user: number;
  readonly item: number;
  readonly time: number;
}

function logOf(made: Row[], users: number, items: number): Interactions {
  const rows = [...made].sort((a, b) => a.time - b.time);
  return {
    size: rows.length,
    users: Int32Array.from(rows, (row) => row.user),
    items: Int32Array.from(rows, (row) => row.item),
    weights: new Float32Array(rows.length).fill(1),
    times: Float64Array.from(rows, (row) => row.time),
    userIds: Array.from({ length: users }, (_, user) => String(user)),
    itemIds: Array.from({ length: items }, (_, item) => String(item)),
    order: "timestamp",
    weightKind: "weight",
    extra: {},
  };
}

/** Everybody comes once a day; the hour of one visit decides among 12 kinds of 3 items what is taken at the next. */
function logOfHours(users = 200, rounds = 10): Interactions {
  const draw = random(1);
  const rows: Row[] = [];
  for (let user = 0; user < users; user++) {
    let hour = draw.integer(24);
    const seen = new Set<number>();
    for (let round = 0; round < rounds; round++) {
      let item = 3 * Math.floor(hour / 2) + draw.integer(3);
      while (seen.has(item)) item = draw.integer(3 * kinds);
      seen.add(item);
      hour = draw.integer(24);
      rows.push({ user, item, time: 86_400 * (100 + round) + 3600 * hour + draw.integer(3600) });
    }
  }
  return logOf(rows, users, 3 * kinds);
}

/** Everybody takes three items at random and, a hundred days later, one of three that the user's group decides. */
function logOfGroups(users = 700): { readonly log: Interactions; readonly groups: readonly string[] } {
  const draw = random(2);
  const rows: Row[] = [];
  const groups = Array.from({ length: users }, () => draw.integer(kinds));
  groups.forEach((group, user) => {
    const pool = [0, 1, 2].map((place) => 3 * kinds + 10 * place + draw.integer(10));
    pool.forEach((item, place) => {
      rows.push({ user, item, time: 86_400 * (user + 0.1 * place) });
    });
    rows.push({ user, item: 3 * group + draw.integer(3), time: 86_400 * (user + 150.5) });
  });
  return { log: logOf(rows, users, 3 * kinds + 30), groups: groups.map((group) => `group ${group}`) };
}

function withGroups(log: Interactions, groups: readonly string[]): Interactions {
  return { ...log, userColumns: { text: { group: groups }, numbers: {} } };
}

/** NDCG@10 on the test users of a model that learns from train rows. */
async function testNdcg(log: Interactions, features: NextItemConfig["features"]): Promise<number> {
  const split = temporalSplit(log);
  const chosen = typeof features === "string" ? features : [...features];
  const model = await trainNextItem(nextItemData(log, split), { ...small, features: chosen });
  const recommender = nextItemRecommender(model);
  const ndcg = validationNdcg(recommender, taskOf(log, split, "test"));
  recommender.dispose();
  model.dispose();
  return ndcg;
}

test("where the hour of a visit decides the next item, states that know it rank far better", async () => {
  const log = logOfHours();
  const without = await testNdcg(log, "none");
  const hours = await testNdcg(log, ["hour"]);
  console.log({ without, hours });
  assert.ok(hours > 3 * without, `${hours} with the hour, ${without} without`);
});

test("where a user's group decides, states that know it rank far better, and a shuffled group gives nothing", async () => {
  const { log, groups } = logOfGroups();
  const without = await testNdcg(log, "none");
  const known = await testNdcg(withGroups(log, groups), ["user.group"]);
  const order = shuffle(
    Int32Array.from(groups, (_, user) => user),
    random(3),
  );
  const others = Array.from(order, (user) => groups[user]);
  const shuffled = await testNdcg(withGroups(log, others), ["user.group"]);
  console.log({ without, known, shuffled });
  assert.ok(known > 3 * without, `${known} with the group, ${without} without`);
  assert.ok(shuffled < 1.2 * without, `${shuffled} with shuffled groups, ${without} without`);
});
