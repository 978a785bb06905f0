import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { historiesOfLists, takeHistories } from "./histories";
import { shuffleHistories } from "./shuffleHistories";

const entries = Array.from({ length: 24 }, (_, i) => i);
const lists = [entries.slice(0, 20), [], entries.slice(20)];
const histories = {
  ...historiesOfLists(lists, { users: [7, 8, 9], weights: lists }),
  rows: Int32Array.from(entries, (i) => 100 + i),
};

test("each history keeps its entries, whole, in another order", () => {
  const shuffled = shuffleHistories(histories, random(1));
  assert.deepEqual([...shuffled.offsets], [0, 20, 20, 24]);
  assert.notDeepEqual([...shuffled.items.slice(0, 20)], entries.slice(0, 20));
  assert.deepEqual(
    [...shuffled.items.slice(0, 20)].sort((a, b) => a - b),
    entries.slice(0, 20),
  );
  assert.deepEqual(
    [...shuffled.items.slice(20)].sort((a, b) => a - b),
    entries.slice(20),
  );
  assert.deepEqual([...shuffled.weights], [...shuffled.items]);
  assert.deepEqual([...shuffled.rows], [...shuffled.items.map((item) => 100 + item)]);
  assert.deepEqual([...histories.items], entries); // the given ones stay as they were
});

test("a history comes out the same alone and among others", () => {
  const alone = shuffleHistories(takeHistories(histories, [2]), random(1));
  assert.deepEqual([...alone.items], [...shuffleHistories(histories, random(1)).items.slice(20)]);
  assert.notDeepEqual(
    [...shuffleHistories(histories, random(2)).items],
    [...shuffleHistories(histories, random(1)).items],
  );
});
