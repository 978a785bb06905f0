import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ddpg } from "../agents/actorCritic/ddpg";
import { syntheticDataset } from "../data/synthetic";
import { prepareData } from "./preparedData";
import { sharedModel } from "./sharedModel";
import { trainSpec } from "./trainSpec";

test('keep "last" gives the actor of the last step, which validation had no say in', async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-run-"));
  const data = prepareData(syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } }));
  const model = await sharedModel(data, { root, config: { epochs: 1, units: 8, width: 8 } });
  const spec = {
    model,
    agent: ddpg,
    config: { hidden: [8], actorLearningRate: 0.05 },
    steps: 8,
    batchSize: 16,
    evaluateEvery: 2,
  };
  const { validation, ...blind } = data;
  assert.ok(validation !== undefined);
  const last = await trainSpec({ ...spec, data, keep: "last" });
  const best = await trainSpec({ ...spec, data, keep: "learned" });
  const unjudged = await trainSpec({ ...spec, data: blind });
  const states = model.encoder.encode(data.histories);
  assert.equal(last.chosenStep, 8);
  assert.deepEqual(last.trained.act(states), unjudged.trained.act(states));
  assert.deepEqual(last.curves, best.curves);
  const ndcg = best.curves.validationNdcg;
  const highest = Math.max(...ndcg.values.slice(1)); // the first of equals is kept, step 0 apart
  assert.equal(best.chosenStep, ndcg.steps[ndcg.values.indexOf(highest, 1)]);
  // Looks before the actor's first update see step 0 again, however good it is.
  for (const warmUp of [5, 8]) {
    const waited = await trainSpec({
      ...{ ...spec, data, keep: "learned" as const },
      config: { ...spec.config, warmUp },
    });
    const { steps, values } = waited.curves.validationNdcg;
    assert.equal(values[1], values[0]);
    const least = warmUp === 5 ? steps.indexOf(6) : steps.length - 1;
    const found = Math.max(...values.slice(least));
    assert.equal(waited.chosenStep, steps[values.indexOf(found, least)]);
    waited.dispose();
  }
  for (const each of [last, best, unjudged, model]) each.dispose();
  await rm(root, { recursive: true, force: true });
});
