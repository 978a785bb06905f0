import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { validationNdcg } from "../encoders/validationNdcg";
import { resolveConfig } from "../settings/resolveConfig";
import { openRun } from "./openRun";
import { trainRun } from "./trainRun";

test("an opened run whose encoder learned along serves what was judged when it was trained", async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-open-joint-"));
  try {
    const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
    const folder = join(root, "run");
    const set = [
      ...["nextItem.epochs=1", "nextItem.units=8", "nextItem.width=8", "agent.hidden=[8]"],
      ...["agent.criticLearningRate=0.05", "agent.warmUp=0", "window=6"],
      ...["steps=6", "evaluateEvery=6", "batchSize=16", "keep=last", "companion=false"],
    ];
    const { validation } = await trainRun({
      ...{ folder, root, dataset },
      config: resolveConfig({ agent: "ddpg", set }),
    });
    const run = await openRun(folder);
    const asked = validationNdcg(run.recommender, run.data.validation!);
    assert.ok(Math.abs(asked - validation!.ndcg.mean) < 1e-9, `${asked} and ${validation!.ndcg.mean}`);
    // The encoder is not the one that it started as.
    const { histories } = run.data.validation!;
    assert.notDeepEqual(run.served!.queries(histories), run.stepZero!.queries(histories));
    run.dispose();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
