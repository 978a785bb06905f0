import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { resolveConfig } from "../settings/resolveConfig";
import { openRun } from "./openRun";
import { prepareData } from "./preparedData";
import type { QueryRecommender } from "./queryRecommender";
import { trainRun } from "./trainRun";

const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });

test("step 0 is the actor before its first update, whatever the geometry and whether it was kept", async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-open-"));
  const { histories } = prepareData(dataset).test();
  try {
    for (const geometry of ["unit", "inner"]) {
      const folder = join(root, geometry);
      const set = [
        `nextItem.geometry=${geometry}`,
        ...["nextItem.epochs=2", "nextItem.units=8", "nextItem.width=8"],
        ...["agent.hidden=[16]", "agent.actorLearningRate=0.01", "agent.warmUp=0"],
        ...["steps=20", "evaluateEvery=20", "batchSize=16", "keep=last", "companion=false"],
      ];
      await trainRun({ folder, root, dataset, config: resolveConfig({ agent: "ddpg", set }) });
      const run = await openRun(folder);
      const [stepZero, supervised] = [run.stepZero!, run.supervised!];
      const width = stepZero.index.width;
      const rows = (of: QueryRecommender): number[][] => {
        const queries = of.queries(histories);
        return Array.from({ length: histories.size }, (_, h) => [
          ...queries.subarray(h * width, (h + 1) * width - 1),
        ]);
      };
      const [start, asked] = [rows(stepZero), rows(supervised)];
      for (const [h, row] of start.entries())
        for (const [a, value] of row.entries()) assert.ok(Math.abs(value - asked[h][a]) < 1e-5);
      // Free lengths in the one geometry, length 1 in the other: an actor lives where its items do.
      assert.equal(
        geometry === "unit",
        start.every((row) => Math.abs(Math.hypot(...row) - 1) < 1e-5),
      );
      assert.notDeepEqual(rows(run.served!), start);
      run.dispose();
      await rm(join(folder, "checkpoints", "step-000000000"), { recursive: true });
      const without = await openRun(folder);
      assert.deepEqual(rows(without.stepZero!), start);
      without.dispose();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
