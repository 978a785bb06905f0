import assert from "node:assert/strict";
import { test } from "node:test";
import type { Interactions } from "../data/interactions";
import { temporalSplit } from "../data/split";
import { taskOf } from "../data/task";
import { random, shuffle } from "../math/random";
import { logOfGroups, logOfHours, small, withGroups } from "./decidedLogs.fixture";
import type { FeatureChoice } from "./featureChoice";
import { nextItemData, trainNextItem } from "./nextItem";
import type { NextItemConfig } from "./nextItemConfig";
import { nextItemRecommender } from "./nextItemRecommender";
import { validationNdcg } from "./validationNdcg";

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
  assert.ok(hours > 2.5 * without && hours > 0.5, `${hours} with the hour, ${without} without`);
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
  assert.ok(known > 4 * without, `${known} with the group, ${without} without`);
  assert.ok(shuffled < 1.2 * without, `${shuffled} with shuffled groups, ${without} without`);
});

test("auto takes columns where validation says that they help, by more than one standard error, and else none", async () => {
  const { log, groups } = logOfGroups(400);
  const [known, alike] = [groups, groups.map((_, user) => `group ${user % 2}`)].map((given) =>
    withGroups({ ...log, order: "row order" }, given),
  ) as [Interactions, Interactions];
  for (const [of, isTaken] of [
    [known, true],
    [alike, false],
  ] as const) {
    const heard: FeatureChoice[] = [];
    const learned = nextItemData(of, temporalSplit(of));
    const onChoice = (choice: FeatureChoice) => heard.push(choice);
    const model = await trainNextItem(learned, { ...small, epochs: 10, features: "auto" }, { onChoice });
    const [{ taken, columns, difference }] = heard;
    assert.deepEqual([taken, columns, heard.length], [isTaken, ["user.group"], 1]);
    assert.equal(difference!.mean > difference!.standardError, isTaken);
    assert.deepEqual(model.config.features, isTaken ? ["user.group"] : "none");
    const same = await trainNextItem(learned, {
      ...small,
      epochs: 10,
      features: isTaken ? ["group"] : "none",
    });
    assert.deepEqual(model.parameters, same.parameters);
  }
  const { histories, itemCount } = nextItemData(known, temporalSplit(known));
  const unjudged = await trainNextItem({ histories, itemCount }, { ...small, epochs: 1, features: "auto" });
  assert.equal(unjudged.config.features, "none");
});
