import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { historiesOf, historiesOfLists } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { readArrays, writeArrays } from "../data/namedArrays";
import { plantFuture } from "../data/plantedFuture.fixture";
import { smallLog } from "../data/smallLog.fixture";
import { temporalSplit } from "../data/split";
import { taskOf } from "../data/task";
import { random } from "../math/random";
import { dot, norm } from "../math/vectors";
import { tf } from "../tensors/tf";
import { drawCandidates } from "./candidates";
import { nextItemData, trainNextItem } from "./nextItem";
import { dropoutMask } from "./nextItemBatch";
import { cachedNextItem, nextItemFingerprint } from "./nextItemCache";
import { type NextItemConfig, nextItemConfig } from "./nextItemConfig";
import { loadNextItem, nextItemFile, saveNextItem } from "./nextItemFile";
import { nextItemRecommender } from "./nextItemRecommender";
import { tuneRecentPopularity } from "./recentPopularityBias";
import { validationNdcg } from "./validationNdcg";
import { epochWindows, windowBatches } from "./windows";

const small: Partial<NextItemConfig> = { width: 8, units: 12, epochs: 2, batchSize: 16, window: 10, seed: 3 };

/** Readers who walk round a circle of `items`, each from another place, now and then jumping elsewhere. */
function circle(users: number, length: number, items: number, seed = 1): Interactions {
  const draw = random(seed);
  const place = Array.from({ length: users }, () => draw.integer(items));
  const rows: [number, number, number][] = [];
  for (let step = 0; step < length; step++)
    for (let user = 0; user < users; user++) {
      place[user] = draw.next() < 0.05 ? draw.integer(items) : (place[user] + 1) % items;
      rows.push([user, place[user], 1 + draw.integer(5)]);
    }
  return smallLog(rows, { items });
}

test("learns a rule that only the order holds, in both geometries and with sampled candidates", async () => {
  const items = 30;
  const histories = historiesOf(
    circle(60, 20, items),
    Int32Array.from({ length: 1200 }, (_, row) => row),
  );
  const kinds: Partial<NextItemConfig>[] = [{}, { geometry: "inner" }, { candidates: 10 }];
  for (const kind of kinds) {
    const model = await trainNextItem(
      { histories, itemCount: items },
      { ...small, dropout: 0.1, learningRate: 0.02, epochs: 25, ...kind },
    );
    const asked = historiesOfLists(
      Array.from({ length: items }, (_, i) => [i]),
      { weights: 3 },
    );
    const lists = nextItemRecommender(model).recommend(asked, 1);
    const right = lists.items.filter((item, i) => item === (i + 1) % items).length;
    assert.ok(right >= 0.9 * items, `${JSON.stringify(kind)}: ${right} of ${items}`);
    assert.ok(model.training.at(-1)!.loss < model.training[0].loss);
    model.dispose();
  }
});

const log = circle(40, 30, 25);
const split = temporalSplit(log);

test("same seed, same bytes; another seed, others; nothing of the future is read; no tensor stays", async () => {
  const train = async (interactions: Interactions, seed: number): Promise<string> => {
    const data = { histories: historiesOf(interactions, split.train), itemCount: 25 };
    const model = await trainNextItem(data, { ...small, seed });
    const { sequence, itemBias, headWeights } = model.parameters;
    const bytes = [sequence.itemVectors, itemBias, headWeights, ...sequence.weights].map((a) =>
      Buffer.from(a.buffer).toString("hex"),
    );
    model.dispose();
    return bytes.join();
  };
  const first = await train(log, 3);
  const tensors = tf().memory().numTensors;
  assert.equal(await train(log, 3), first);
  assert.equal(await train(plantFuture(log, split), 3), first);
  assert.notEqual(await train(log, 4), first);
  assert.equal(tf().memory().numTensors, tensors);
});

test("unit geometry: items and queries have length 1, and scores / T are the model's logits", async () => {
  const model = await trainNextItem(nextItemData(log, split), small);
  for (let item = 0; item < 25; item++)
    assert.ok(Math.abs(norm(model.itemVectors.subarray(item * 8, (item + 1) * 8)) - 1) < 1e-5);
  const task = taskOf(log, split, "validation");
  const queries = model.queries(model.encoder.encode(task.histories));
  const lists = nextItemRecommender(model).recommend(task.histories, 3);
  for (let user = 0; user < 5; user++) {
    const query = queries.subarray(user * 8, (user + 1) * 8);
    assert.ok(Math.abs(norm(query) - 1) < 1e-5);
    const item = lists.items[user * 3];
    const logit =
      dot(query, model.itemVectors.subarray(item * 8, (item + 1) * 8)) / model.temperature +
      model.itemBias[item];
    assert.ok(Math.abs(lists.scores[user * 3] / model.temperature - logit) < 1e-5);
  }
});

test("the weights that count are the average of those trained, by hand over two updates", async () => {
  const data = { histories: historiesOf(log, split.train), itemCount: 25 };
  const bias = async (changes: Partial<NextItemConfig>): Promise<Float32Array> => {
    const model = await trainNextItem(data, { ...small, batchSize: 1000, ...changes }); // one update a pass
    model.dispose();
    return model.itemBias;
  };
  const first = await bias({ epochs: 1, averageRate: 1 });
  const last = await bias({ epochs: 2, averageRate: 1 });
  const averaged = await bias({ epochs: 2, averageRate: 0.1 });
  assert.notDeepEqual(first, last);
  averaged.forEach((value, item) => {
    assert.ok(Math.abs(value - (first[item] + last[item]) / 2) < 1e-6);
  });
});

test("early stopping keeps the best epoch and stops after `patience` worse ones", async () => {
  const seen: number[] = [];
  const model = await trainNextItem(
    nextItemData(log, split),
    { ...small, epochs: 12, patience: 2, learningRate: 0.05 },
    { onProgress: (progress) => progress.share === 1 && seen.push(progress.validationNdcg!) },
  );
  assert.deepEqual(
    seen,
    model.training.map((epoch) => epoch.validationNdcg),
  );
  const best = Math.max(...seen);
  assert.equal(model.bestEpoch, seen.indexOf(best) + 1);
  assert.ok(seen.length === 12 || seen.length === model.bestEpoch + 2);
  assert.equal(validationNdcg(nextItemRecommender(model), taskOf(log, split, "validation")), best);
});

test("saved and loaded, a model is the same; the cache trains once and knows what it depends on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "next-item-"));
  try {
    const data = nextItemData(log, split);
    const model = await trainNextItem(data, small);
    await saveNextItem(model, folder);
    const loaded = await loadNextItem(folder);
    assert.deepEqual(loaded.parameters, model.parameters);
    assert.deepEqual(loaded.encoder.encode(data.histories), model.encoder.encode(data.histories));
    const file = join(folder, nextItemFile);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 8));
    await assert.rejects(loadNextItem(folder), /next-item\.arrays: ends within the array/);

    let epochs = 0;
    const options = { folder, onProgress: () => epochs++ };
    const made = await cachedNextItem(data, small, options);
    const trained = epochs;
    const again = await cachedNextItem(data, small, options);
    assert.ok(trained > 0 && epochs === trained);
    assert.deepEqual(again.parameters, made.parameters);
    const key = nextItemFingerprint(data, nextItemConfig(small));
    const kept = join(folder, `next-item-${key}`, nextItemFile);
    await truncate(kept, 1000); // a full disk
    assert.deepEqual((await cachedNextItem(data, small, { folder })).parameters, made.parameters);
    assert.deepEqual((await loadNextItem(dirname(kept))).parameters, made.parameters);
    assert.notEqual(nextItemFingerprint(data, nextItemConfig({ ...small, seed: 9 })), key);
    assert.notEqual(
      nextItemFingerprint(nextItemData(plantFuture(log, split), split), nextItemConfig(small)),
      key,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a model of another format is refused by file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "next-item-"));
  try {
    await saveNextItem(await trainNextItem(nextItemData(log, split), small), folder);
    const { header, arrays } = await readArrays(join(folder, nextItemFile));
    await writeArrays(join(folder, nextItemFile), { ...header, format: 2 }, arrays);
    await assert.rejects(
      loadNextItem(folder),
      /next-item\.arrays: holds a model of format 2, expected format 3/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the cache's key: what only other encoders read does not count for the default one", () => {
  const data = { histories: historiesOf(log, split.train), itemCount: 25 };
  const key = nextItemFingerprint(data, nextItemConfig(small));
  assert.equal(nextItemFingerprint(data, nextItemConfig({ ...small, frameSize: 3 })), key);
  const frame = nextItemFingerprint(data, nextItemConfig({ ...small, encoder: "frame" }));
  assert.notEqual(frame, key);
  assert.notEqual(
    nextItemFingerprint(data, nextItemConfig({ ...small, encoder: "frame", frameSize: 3 })),
    frame,
  );
});

test("recent popularity: strength 0 is the plain model, and the choice is the best trial", async () => {
  const model = await trainNextItem(nextItemData(log, split), small);
  const tuned = tuneRecentPopularity(model, log, split, { windows: [50, 200], strengths: [0.5, 1], gap: 20 });
  const plain = validationNdcg(nextItemRecommender(model), taskOf(log, split, "validation"));
  assert.equal(tuned.trials[0].validationNdcg, plain);
  assert.equal(tuned.trials.length, 1 + 2 * 2 * 2);
  assert.equal(tuned.best.validationNdcg, Math.max(...tuned.trials.map((trial) => trial.validationNdcg)));
  assert.equal(tuned.bias.length, 25);
});

test("windows make every entry but the first a target once an epoch, never across histories", () => {
  const histories = historiesOf(log, split.train);
  for (const length of [1, 7, 100]) {
    const windows = epochWindows(histories, length, random(length));
    const targets = new Int32Array(histories.items.length);
    windows.starts.forEach((start, i) => {
      assert.ok(windows.lengths[i] >= 1 && windows.lengths[i] <= length);
      for (let e = start; e < start + windows.lengths[i]; e++) targets[e + 1]++;
    });
    for (let h = 0; h < histories.size; h++)
      for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++)
        assert.equal(targets[e], e === histories.offsets[h] ? 0 : 1);
    const batches = windowBatches(windows, 16, random(1));
    const all = batches.flatMap((batch) => [...batch]).sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from(windows.starts, (_, i) => i),
    );
  }
});

test("candidates hold the true items first, others once, with the log of their chance; masks keep the mean", () => {
  const { rows, labels, correction } = drawCandidates(Int32Array.of(7, 3, 7), 4, 20, random(1));
  assert.deepEqual([...rows.subarray(0, 2)], [7, 3]);
  assert.deepEqual([...labels], [0, 1, 0]);
  assert.equal(new Set(rows).size, 6);
  assert.ok(Math.abs(correction[5] - Math.log(4 / 18)) < 1e-6 && correction[0] === 0);
  const mask = dropoutMask(10_001, 0.25, random(2));
  assert.deepEqual([...new Set(mask)].sort(), [0, Math.fround(4 / 3)]);
  assert.ok(Math.abs(mask.reduce((sum, value) => sum + value, 0) / 10_001 - 1) < 0.02);
});

test("settings out of range or unknown are refused by name", () => {
  assert.throws(() => nextItemConfig({ dropout: 1 }), /dropout to be a number in \[0, 1\), got 1/);
  assert.throws(() => nextItemConfig({ speed: 1 } as object), /known settings, got "speed"/);
});
