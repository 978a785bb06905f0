import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadDataset } from "./datasets";
import { historiesOf } from "./histories";
import { leaveOneOutSplit, temporalSplit } from "./split";
import { taskOf } from "./task";

/** The counts by which the published rows of comparison were made; absent data skips, unless a machine promises it. */
const promised = process.env.CI === "true" && process.env.OFFSHELF_DATA !== undefined;

function present(...names: readonly string[]): boolean {
  const roots = [join("data", "raw"), ...(process.env.OFFSHELF_DATA ? [process.env.OFFSHELF_DATA] : [])];
  return roots.some((root) => names.some((name) => existsSync(join(root, name))));
}

test("the goodbooks sample: 1,331 temporal test users", {
  skip: !present("goodbooks", "goodbooks-10k") && !promised,
}, async (context) => {
  const { interactions, catalog } = await loadDataset("goodbooks", { download: false });
  if (interactions.size !== 298_176 && !promised) return context.skip("another part of goodbooks");
  assert.deepEqual([interactions.size, interactions.userIds.length, catalog.size], [298_176, 2_672, 10_000]);
  assert.equal(interactions.order, "row order");
  assert.equal(catalog.titles[catalog.rowOf("1")], "The Hunger Games (The Hunger Games, #1)");
  const split = temporalSplit(interactions);
  const task = taskOf(interactions, split, "test");
  assert.equal(task.histories.size, 1_331);
  assert.equal(taskOf(interactions, leaveOneOutSplit(interactions), "test").histories.size, 2_672);
  const train = historiesOf(interactions, split.train);
  const known = new Uint8Array(catalog.size);
  for (const item of train.items) known[item] = 1;
  const unseen = task.relevantItems.filter((item) => known[item] === 0).length / task.relevantItems.length;
  assert.ok(unseen > 0.14 && unseen < 0.19, `one in six relevant books never occurs in train, got ${unseen}`);
});

test("MovieLens 100K: 77 temporal test users, 943 by leave-one-out", {
  skip: !present("ml-100k"),
}, async () => {
  const { interactions, catalog, users } = await loadDataset("ml-100k", { download: false });
  assert.deepEqual([interactions.size, interactions.userIds.length, catalog.size], [100_000, 943, 1_682]);
  assert.equal(interactions.order, "timestamp");
  assert.equal(users!.size, 943);
  assert.equal(taskOf(interactions, temporalSplit(interactions), "test").histories.size, 77);
  assert.equal(taskOf(interactions, leaveOneOutSplit(interactions), "test").histories.size, 943);
});

test("MovieLens small: 671 people with half stars, 21 temporal test users", {
  skip: !present("ml-small"),
}, async () => {
  const { interactions, catalog } = await loadDataset("ml-small", { download: false, onNotice: () => {} });
  assert.deepEqual([interactions.size, interactions.userIds.length, catalog.size], [100_004, 671, 9_066]);
  assert.equal(interactions.order, "timestamp");
  assert.equal(interactions.weights.filter((rating) => rating % 1 === 0.5).length, 25_498);
  assert.equal(taskOf(interactions, temporalSplit(interactions), "test").histories.size, 21);
  assert.equal(taskOf(interactions, leaveOneOutSplit(interactions), "test").histories.size, 671);
});
