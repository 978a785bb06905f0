import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { logFingerprint } from "../data/fingerprint";
import type { Task } from "../data/task";
import { emptyLists } from "../retrieval/bestOf";
import type { Recommender } from "../retrieval/recommender";
import { handMadeLog } from "../runs/handMade.fixture";
import { prepareData } from "../runs/preparedData";
import { resolveConfig } from "../settings/resolveConfig";
import { evaluate, readEvaluated } from "./evaluated";
import { rowFingerprint } from "./plan";

const folder = mkdtempSync(join(tmpdir(), "keys-"));
after(() => rmSync(folder, { recursive: true }));
const { dataset, ratios } = handMadeLog(
  [
    { train: [0, 1], validation: [2], test: [3] },
    { train: [0, 2], validation: [3], test: [1] },
    { train: [0, 3], validation: [1], test: [2] },
  ],
  5,
);

test("a log's key knows every column, and the words beside it", () => {
  const log = dataset.interactions;
  const turned = <T extends Int32Array | Float32Array | Float64Array>(column: T): T =>
    column.map((value, row) => (row === 0 ? value + 1 : value)) as T;
  const keys = [
    logFingerprint(log),
    logFingerprint(log, "words"),
    logFingerprint({ ...log, users: turned(log.users) }),
    logFingerprint({ ...log, items: turned(log.items) }),
    logFingerprint({ ...log, weights: turned(log.weights) }),
    logFingerprint({ ...log, times: turned(log.times) }),
    logFingerprint({ ...log, itemIds: ["a", ...log.itemIds.slice(1)] }),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(logFingerprint({ ...log, weights: log.weights.slice() }), keys[0]);
});

test("a row's key does not know the seed, and does know every setting", () => {
  const of = (seed: number, ...set: string[]): string =>
    rowFingerprint(resolveConfig({ agent: "ddpg", seed, set }));
  assert.equal(of(1), of(2));
  assert.notEqual(of(1), of(1, "agent.discount=0.5"));
  assert.notEqual(of(1), of(1, "nextItem.units=64"));
});

test("a row's key knows whether items may come again, and is that of earlier runs where they may not", () => {
  const config = resolveConfig({ agent: "dqn" });
  const { repeats, terminals: _, ...earlier } = config;
  assert.equal(repeats, false);
  assert.equal(rowFingerprint(config), rowFingerprint(earlier as typeof config));
  assert.notEqual(rowFingerprint(config), rowFingerprint({ ...config, repeats: true }));
});

test("kept figures are read again for the same users and wants, and for no others", async () => {
  const task = prepareData(dataset, ratios).test();
  const same: Recommender = {
    name: "same",
    recommend(histories, k) {
      const lists = emptyLists(histories.size, k);
      for (let h = 0; h < histories.size; h++) lists.items[h * k] = 4;
      return lists;
    },
  };
  const on = (of: Task) => ({ task: of, ks: [1], trainCounts: new Float64Array(5).fill(1) });
  const file = join(folder, "evaluated.arrays");
  await evaluate(same, on(task), { file });
  assert.equal((await readEvaluated(file, on(task)))!.users, 3);
  const other = { ...task, relevantItems: task.relevantItems.map(() => 4) };
  assert.equal(await readEvaluated(file, on(other)), undefined);
  assert.equal(await readEvaluated(file, { ...on(task), ks: [1, 2] }), undefined);
});
