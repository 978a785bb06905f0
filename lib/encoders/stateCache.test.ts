import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { gru } from "./gru";
import { lengthBuckets } from "./lengthBuckets";
import { sequenceEncoder } from "./sequenceEncoder";
import { historiesOfLengths, largestDifference } from "./smallHistories.fixture";
import { stateCache, statesPlace } from "./stateCache";
import { rowFile } from "./stateFile";

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
  assert.ok(largestDifference(cache.states!, encoder.encodePositions(histories)) < 1e-6);
  assert.equal(cache.bytes, 4 * 18 * units);
  const some = cache.after([-1, 17, 0]);
  assert.deepEqual(some.subarray(0, units), new Float32Array(units));
  assert.deepEqual(some.subarray(units, 2 * units), cache.states!.subarray(17 * units));
  assert.throws(() => cache.after([18]), /entries in -1 .. 17, got 18/);
  encoder.dispose();
});

test("states beyond the bound lie in a file, with the bytes of the table in any order, and leave nothing behind", async () => {
  const network = gru({ inputs: width + 1, units });
  const encoder = sequenceEncoder(network, width, {
    itemVectors: gaussian(items * width, 1, random(10)),
    weights: network.start(random(10)),
    weightScale: { centre: 3, spread: 2 },
  });
  const histories = historiesOfLengths([3, 0, 8, 2, 5], { items, seed: 11 });
  const folder = await mkdtemp(join(tmpdir(), "offshelf-states-"));
  const table = stateCache(encoder, histories, { chunk: 2 });
  const file = stateCache(encoder, histories, { chunk: 2, maximumBytes: 100, folder });
  assert.equal(file.states, undefined);
  for (const entries of [[17, 0, -1, 5, 5, 16], Array.from({ length: 18 }, (_, e) => 17 - e)])
    assert.deepEqual(file.after(entries), table.after(entries));
  assert.throws(() => file.after([-2]), /entries in -1 .. 17, got -2/);
  file.dispose();
  assert.deepEqual(await readdir(folder), []);
  await rm(folder, { recursive: true });
  encoder.dispose();
});

test("a disk without room is said with both numbers before anything is computed", () => {
  const most =
    /the states of 1000000000000 entries take 512000\.0 GB on the disk of .*, which has [\d.]+ GB free, expected more room/;
  assert.throws(() => rowFile(1e12, 128, tmpdir()), { name: "InputError", message: most });
  assert.equal(statesPlace(4_000_000, 128), undefined);
  assert.match(
    statesPlace(4_800_000, 128)!,
    /^the states of 4,800,000 entries \(2\.5 GB\) are kept in a file/,
  );
});

test("buckets hold like lengths, within both bounds, every sequence once", () => {
  const buckets = lengthBuckets([1, 9, 0, 8, 30, 2], { batchSize: 2, maximumEntries: 20 });
  assert.deepEqual(
    buckets.map((bucket) => [...bucket]),
    [[4], [1, 3], [5, 0]],
  );
});
