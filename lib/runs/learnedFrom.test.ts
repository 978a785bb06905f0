import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentFactory, AgentProblem } from "../agents/agent";
import { handMadeLog, handMadeModel, scripted, unitVectors } from "./handMade.fixture";
import { prepareData } from "./preparedData";
import { trainSpec } from "./trainSpec";

const users = Array.from({ length: 30 }, (_, u) => ({
  train: [u % 5, (u + 1) % 5, (u + 3) % 5],
  validation: [(u + 2) % 5],
  test: [(u + 4) % 5],
}));
const { dataset, ratios } = handMadeLog(users, 6);
const model = handMadeModel(unitVectors(6), { bias: [0, 1, 2, 3, 4, 5], temperature: 0.5 });

/** An agent that learns nothing, and what it is made for and shown. */
function listening() {
  const heard: { problem?: AgentProblem; readonly batches: string[]; readonly rewards: Set<number> } = {
    ...{ batches: [], rewards: new Set() },
  };
  const agent: AgentFactory = (problem, config) => {
    heard.problem = problem;
    return {
      ...scripted(() => [1, 0, 0, 0, 0, 0])(problem, config),
      learn(batch) {
        heard.batches.push(batch.itemRows.dataSync().join());
        for (const reward of batch.rewards.dataSync()) heard.rewards.add(reward);
        return {};
      },
    };
  };
  return { heard, agent };
}

test("every update has a batch of its own, the same under the same seed and others under another", async () => {
  const of = async (seed: number): Promise<string[]> => {
    const { heard, agent } = listening();
    const data = prepareData(dataset, ratios);
    const run = await trainSpec({ data, model, agent, steps: 6, batchSize: 8, seed, evaluateEvery: 3 });
    run.dispose();
    assert.deepEqual([...heard.rewards], [1]); // weights of 1, no ratings
    return heard.batches;
  };
  const first = await of(1);
  assert.equal(first.length, 6);
  assert.ok(new Set(first).size > 4, first.join("; "));
  assert.deepEqual(await of(1), first);
  assert.notDeepEqual(await of(2), first);
});

test("an agent is told of the catalogue as it is served: its temperature, its biases, and what is unavailable", async () => {
  const { heard, agent } = listening();
  const available = Float64Array.of(1, 1, 0, 1, 1, 0);
  const catalog = { ...dataset.catalog, numbers: { available } };
  const data = prepareData({ ...dataset, catalog }, ratios);
  const bias = Float32Array.of(5, 4, 3, 2, 1, 0);
  const run = await trainSpec({ data, model, agent, steps: 1, batchSize: 4, bias });
  const { catalogue, valueBounds, stateSize, actionSize } = heard.problem!;
  assert.deepEqual([...catalogue!.unavailable!], [2, 5]);
  assert.equal(catalogue!.temperature, 0.5);
  assert.deepEqual(catalogue!.itemBias, model.itemBias);
  assert.deepEqual(catalogue!.servedBias, bias);
  assert.deepEqual([stateSize, actionSize], [6, 6]);
  assert.equal(valueBounds![0], 0); // every reward is 1, and 0 is where critics start
  assert.ok(Math.abs(valueBounds![1] - 10) < 1e-9);
  run.dispose();
});

test("ratings earn what they are above or below the middle, unless a reward is given", async () => {
  const weights = dataset.interactions.weights.map((_, row) => 1 + (row % 5));
  const interactions = { ...dataset.interactions, weights, weightKind: "rating" as const };
  const data = prepareData({ ...dataset, interactions }, ratios);
  const { heard, agent } = listening();
  const run = await trainSpec({ data, model, agent, steps: 4, batchSize: 32 });
  assert.deepEqual([...heard.rewards].sort(), [-0.5, -1, 0, 0.5, 1]);
  run.dispose();
});
