import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import { nextItemBatch } from "./nextItemBatch";
import { nextItemConfig } from "./nextItemConfig";
import { sequenceNetwork } from "./sequenceNetworks";
import { weightScaleOf } from "./weightScale";

test("a batch reads entries with their weights about the middle of the scale, and asks for the next item", () => {
  const weights = [
    [1, 5, 3],
    [2, 4, 5, 1],
  ];
  const histories = historiesOfLists(
    [
      [5, 6, 7],
      [1, 2, 3, 4],
    ],
    { users: [0, 1], weights },
  );
  const config = nextItemConfig({ width: 2, units: 2, dropout: 0 });
  const source = {
    ...{ sequence: sequenceNetwork(config), histories, itemCount: 8 },
    windows: { starts: Int32Array.of(0, 4), lengths: Int32Array.of(1, 2) },
    weightScale: weightScaleOf(histories.weights),
  };
  const batch = nextItemBatch(source, Int32Array.of(1, 0), config, random(1));
  assert.deepEqual([...batch.items.dataSync()], [2, 3, 5, 0]);
  assert.deepEqual([...batch.weights.dataSync()], [0.5, 1, -1, 0]);
  assert.deepEqual([...batch.places.dataSync()], [0, 1, 2]);
  assert.deepEqual([...batch.labels.dataSync()], [3, 4, 6]);
});
