import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { plantFuture } from "../data/plantedFuture.fixture";
import { prepareData } from "../runs/preparedData";
import { trainRun } from "../runs/trainRun";
import { parseConfig } from "../settings/readConfig";
import { resolveTune } from "../settings/tuneConfig";
import { studyDataset } from "../studies/studyDataset";
import { confirm } from "./confirm";

const home = mkdtemp(join(tmpdir(), "offshelf-confirm-"));
after(async () => rm(await home, { recursive: true, force: true }));

const tune = resolveTune(
  parseConfig(
    `data: { dataset: synthetic, users: 60, items: 40, genres: 4 }
model: { type: ddpg, params: { hidden: [8], warmUp: 2 } }
training: { steps: 10, evaluateEvery: 5, batchSize: 16, keep: last, nextItem: { epochs: 1, units: 8, width: 8 } }
search: [actorLearningRate]
confirm: { best: 1, seeds: 2 }`,
    "s.yaml",
  ),
);
const dataset = studyDataset(tune.study);
const best = [{ number: 7, params: { actorLearningRate: 0.01 } }];

test("the default settings and the best are trained under fresh seeds and compared on validation users, paired", async () => {
  const root = await home;
  const found = await confirm({ tune, dataset: await dataset, folder: join(root, "a"), best, root });
  assert.deepEqual(
    found.rows.map(({ trial, seeds }) => [trial, seeds]),
    [
      [undefined, [2, 3]],
      [7, [2, 3]],
    ],
  );
  const [start, tried] = found.rows;
  assert.equal(start.difference, undefined);
  assert.ok(Math.abs(tried.difference!.mean - (tried.ndcg.mean - start.ndcg.mean)) < 1e-12);
  assert.ok(Math.abs(tried.difference!.mean) > 1e-6);
  for (const [row, agent] of [
    [start, tune.base.agent],
    [tried, { ...tune.base.agent, ...best[0].params }],
  ] as const) {
    const { validation } = await trainRun({
      ...{ root, folder: join(root, `alone-${row.trial}`), dataset: await dataset },
      config: { ...tune.base, agent, seed: 3 },
    });
    assert.equal(validation!.users, found.users);
    assert.ok(Math.abs(row.bySeed[1] - validation!.ndcg.mean) < 1e-12);
  }
});

test("whatever the test rows hold, it says the same", async () => {
  const root = await home;
  const whole = await dataset;
  const { split } = prepareData(whole, tune.base);
  const interactions = plantFuture(whole.interactions, split, { keep: "train and validation" });
  const before = await confirm({ tune, dataset: whole, folder: join(root, "a"), best, root });
  const planted = { ...whole, interactions };
  const after = await confirm({
    tune,
    dataset: planted,
    folder: join(root, "b"),
    best,
    root: join(root, "b"),
  });
  assert.deepEqual(after, before);
});
