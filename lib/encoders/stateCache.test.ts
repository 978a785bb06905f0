import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { gru } from "./gru";
import { lengthBuckets } from "./lengthBuckets";
import { sequenceEncoder } from "./sequenceEncoder";
import { historiesOfLengths, largestDifference } from "./smallHistories.fixture";
import { stateCache } from "./stateCache";

const [width, units, items] = [3, 5, 20];

test("the state cache holds every position, zeros before anything, and keeps within its bound", () => {
  const network = gru({ inputs: width + 1, units });
  const encoder = sequenceEncoder(network, width, {
    itemVectors: gaussian(items * width, 1, random(10)),
    weights: network.start(random(10)),
    weightScale: { centre: 3, spread: 2 },
  });
  const histories = historiesOfLengths([3, 0, 8, 2, 5], { items, seed: 11 });
  const cache = stateCache(encoder, histories, { chunk: 2 });
  assert.ok(largestDifference(cache.states, encoder.encodePositions(histories)) < 1e-6);
  assert.equal(cache.bytes, 4 * 18 * units);
  const some = cache.after([-1, 17, 0]);
  assert.deepEqual(some.subarray(0, units), new Float32Array(units));
  assert.deepEqual(some.subarray(units, 2 * units), cache.states.subarray(17 * units));
  assert.throws(
    () => stateCache(encoder, histories, { maximumBytes: 100 }),
    /stateCache requires at most 1 MB \(maximumBytes\), got 1 MB for 18 entries of 5 numbers; raise maximumBytes/,
  );
  assert.throws(() => cache.after([18]), /entries in -1 .. 17, got 18/);
});

test("buckets hold like lengths, within both bounds, every sequence once", () => {
  const buckets = lengthBuckets([1, 9, 0, 8, 30, 2], { batchSize: 2, maximumEntries: 20 });
  assert.deepEqual(
    buckets.map((bucket) => [...bucket]),
    [[4], [1, 3], [5, 0]],
  );
});
