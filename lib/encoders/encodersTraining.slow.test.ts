import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { historiesOfLists } from "../data/histories";
import { random } from "../math/random";
import { gaussian } from "../tensors/initialisers";
import { tf } from "../tensors/tf";
import { trainNextItem } from "./nextItem";
import { nextItemBatch } from "./nextItemBatch";
import { type NextItemConfig, nextItemConfig } from "./nextItemConfig";
import { loadNextItem, saveNextItem } from "./nextItemFile";
import type { NextItemModel } from "./nextItemModel";
import { disposeOf, nextItemLoss, nextItemNetwork } from "./nextItemNetwork";
import { nextItemRecommender } from "./nextItemRecommender";
import { encoderNames, sequenceNetwork } from "./sequenceNetworks";
import { historiesOfLengths } from "./smallHistories.fixture";
import { epochWindows } from "./windows";

// What every encoder promises of its training; what it promises of states stands in encoders.test.ts.

const small: Partial<NextItemConfig> = {
  width: 4,
  units: 6,
  window: 6,
  frameSize: 3,
  epochs: 2,
  batchSize: 8,
  start: "random",
  seed: 3,
};
const items = 15;
const data = { histories: historiesOfLengths([9, 1, 14, 5, 20, 2], { items, seed: 1 }), itemCount: items };

function bytesOf({ parameters }: NextItemModel): string {
  const { sequence, itemBias, headWeights, headBias, temperature } = parameters;
  const arrays = [sequence.itemVectors, ...sequence.weights, itemBias, headWeights, headBias];
  return [temperature, ...arrays.map((array) => Buffer.from(array.buffer).toString("hex"))].join();
}

for (const encoder of encoderNames) {
  test(`${encoder}: the same seed trains the same bytes, saved and loaded they are the same; no tensor stays`, async () => {
    const first = await trainNextItem(data, { ...small, encoder });
    const tensors = tf().memory().numTensors;
    const second = await trainNextItem(data, { ...small, encoder });
    const folder = await mkdtemp(join(tmpdir(), "encoders-"));
    try {
      await saveNextItem(second, folder);
      const loaded = await loadNextItem(folder);
      assert.deepEqual(loaded.parameters, first.parameters);
      assert.deepEqual(loaded.encoder.encode(data.histories), first.encoder.encode(data.histories));
      assert.equal(bytesOf(loaded), bytesOf(first));
      loaded.dispose();
    } finally {
      await rm(folder, { recursive: true });
    }
    second.dispose();
    assert.equal(tf().memory().numTensors, tensors);
    first.dispose();
  });

  test(`${encoder}: training moves every weight that is trained, and none that is fixed`, async () => {
    const model = await trainNextItem(data, { ...small, encoder });
    const network = sequenceNetwork(model.config);
    const start = network.start(random(3).fork("recurrent weights"));
    network.arrays.forEach(({ name, fixed }, i) => {
      const weights = model.parameters.sequence.weights[i];
      if (fixed) assert.deepEqual(weights, start[i], name);
      else
        assert.ok(weights.every(Number.isFinite) && weights.some((value, j) => value !== start[i][j]), name);
    });
    assert.equal(network.arrays.filter(({ fixed }) => fixed).length, encoder === "echo-state" ? 2 : 0);
    model.dispose();
  });

  test(`${encoder}: the loss's gradient is its finite differences, along every variable`, () => {
    const config = nextItemConfig({ ...small, encoder, dropout: 0.25 });
    const draw = random(5);
    const network = nextItemNetwork(config, new Float64Array(items), draw);
    for (const variable of network.variables)
      tf().tidy(() => {
        const noise = tf().tensor(gaussian(variable.size, 0.3, draw), variable.shape);
        variable.assign(variable.add(noise)); // no bias stays 0, where a ReLU has no slope
      });
    const windows = epochWindows(data.histories, config.window, draw);
    const chosen = Int32Array.from(windows.starts, (_, i) => i);
    const weightScale = { centre: 3, spread: 2 };
    const source = { ...data, sequence: network.sequence, windows, weightScale };
    tf().tidy(() => {
      const batch = nextItemBatch(source, chosen, config, draw);
      const loss = (): number => nextItemLoss(network, batch).dataSync()[0];
      assert.equal(batch.innerMasks !== undefined, encoder === "attention");
      if (batch.innerMasks)
        assert.notEqual(nextItemLoss(network, { ...batch, innerMasks: undefined }).dataSync()[0], loss());
      const { grads } = tf().variableGrads(() => nextItemLoss(network, batch), [...network.variables]);
      network.variables.forEach((variable, i) => {
        const raw = gaussian(variable.size, 1, random(i));
        const length = Math.hypot(...raw);
        const direction = tf().tensor(
          raw.map((value) => value / length),
          variable.shape,
        );
        const before = variable.clone();
        const at = (step: number): number => {
          variable.assign(before.add(direction.mul(step)));
          return loss();
        };
        const step = 1e-3;
        const measured = (at(step) - at(-step)) / (2 * step);
        variable.assign(before);
        const told = grads[variable.name].mul(direction).sum().dataSync()[0];
        assert.ok(
          Math.abs(told - measured) < 1e-3 + 0.02 * Math.abs(measured),
          `variable ${i} [${variable.shape}]: ${told} is not ${measured}`,
        );
      });
    });
    disposeOf(network);
  });
}

/** How many of all questions the model answers with the right item in the first place. */
function shareRight(model: NextItemModel, asked: number[][], right: (history: number[]) => number): number {
  const recommender = nextItemRecommender(model);
  const lists = recommender.recommend(historiesOfLists(asked, { weights: 3 }), 1);
  recommender.dispose();
  return asked.filter((history, i) => lists.items[i] === right(history)).length / asked.length;
}

/** Histories that start with these and go on by the rule. */
function followed(starts: number[][], length: number, next: (history: number[]) => number): number[][] {
  return starts.map((start) => {
    const history = [...start];
    while (history.length < length) history.push(next(history));
    return history;
  });
}

// Items 0 to 4: the next one is decided by the last one. Items 5 to 9: by the one before the last.
const five = [0, 1, 2, 3, 4];
const afterLast = (history: number[]): number => (history.at(-1)! + 2) % 5;
const afterTwoBack = (history: number[]): number => 5 + ((history.at(-2)! - 5 + 2) % 5);
const singles = five.map((a) => [a]);
const pairs = five.flatMap((a) =>
  five.filter((b) => b !== a && b !== (a + 2) % 5).map((b) => [5 + a, 5 + b]),
);

for (const encoder of encoderNames)
  test(`${encoder}: learns what the last item decides, and what the one before it decides`, async () => {
    const told = [...followed(singles, 6, afterLast), ...followed(pairs, 6, afterTwoBack)];
    const histories = historiesOfLists(told, { weights: 3 });
    const model = await trainNextItem(
      { histories, itemCount: 10 },
      {
        ...{ encoder, seed: 1, width: 8, units: 16, window: 6, frameSize: 3, start: "random" },
        ...{ dropout: 0, learningRate: 0.03, averageRate: 0.2, batchSize: 40, epochs: 80 },
      },
    );
    assert.equal(shareRight(model, singles, afterLast), 1);
    const share = shareRight(model, pairs, afterTwoBack);
    assert.ok(share >= 0.9, `${share} of what two back decides`);
    model.dispose();
  });
