import assert from "node:assert/strict";
import { test } from "node:test";
import { syntheticDataset } from "./synthetic";

const made = syntheticDataset({ seed: 1 });
const { interactions: log } = made;

test("the same seed gives the same log, another seed another", () => {
  assert.deepEqual(syntheticDataset({ seed: 1 }).interactions, log);
  assert.notDeepEqual(syntheticDataset({ seed: 2 }).interactions.items, log.items);
  assert.match(made.label, /^synthetic data \(500 users, [\d,]+ ratings, seed 1\)$/);
});

test("its log is a log: times ascend, ratings 1 .. 5, no user has an item twice, 30 to 80 rows a user", () => {
  const counts = new Int32Array(500);
  const pairs = new Set<number>();
  for (let row = 0; row < log.size; row++) {
    assert.ok(row === 0 || log.times[row] >= log.times[row - 1]);
    assert.ok([1, 2, 3, 4, 5].includes(log.weights[row]));
    counts[log.users[row]]++;
    pairs.add(log.users[row] * 300 + log.items[row]);
  }
  assert.equal(pairs.size, log.size);
  assert.ok(counts.every((count) => count >= 30 && count <= 80));
});

test("ratings follow the known preferences", () => {
  let [error, bias] = [0, 0];
  for (let row = 0; row < log.size; row++) {
    const difference = log.weights[row] - made.preferences[log.users[row] * 300 + log.items[row]];
    error += difference ** 2;
    bias += difference;
  }
  // Noise .5 and rounding to whole ratings (1/12 of variance), a little less where cut off at 1 and 5.
  assert.ok(Math.abs(Math.sqrt(error / log.size) - Math.sqrt(0.25 + 1 / 12)) < 0.08);
  assert.ok(Math.abs(bias / log.size) < 0.1);
});

test("readers follow series, and some items are far more popular than others", () => {
  const last = new Int32Array(500).fill(-1);
  const counts = new Float64Array(300);
  let [followed, possible] = [0, 0];
  for (let row = 0; row < log.size; row++) {
    const [user, item] = [log.users[row], log.items[row]];
    counts[item]++;
    if (last[user] >= 0 && made.sequelOf[last[user]] >= 0) {
      possible++;
      if (made.sequelOf[last[user]] === item) followed++;
    }
    last[user] = item;
  }
  assert.ok(followed / possible > 0.2, `${followed / possible}`);
  const sorted = counts.sort().reverse();
  const top = sorted.subarray(0, 30).reduce((sum, count) => sum + count, 0);
  assert.ok(top / log.size > 0.2, `${top / log.size}`);
});

test("impossible configurations are refused", () => {
  assert.throws(
    () => syntheticDataset({ config: { items: 40 } }),
    /syntheticDataset requires .* got 500 users, 40 items/,
  );
});
