import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bcq } from "../agents/actorCritic/bcq";
import { ddpg } from "../agents/actorCritic/ddpg";
import { dqn } from "../agents/actorCritic/dqn";
import { iql } from "../agents/actorCritic/iql";
import { sac } from "../agents/actorCritic/sac";
import { td3 } from "../agents/actorCritic/td3";
import type { AgentFactory } from "../agents/agent";
import { jointEncoder } from "../agents/networks";

import { syntheticDataset } from "../data/synthetic";
import type { NextItemModel } from "../encoders/nextItemModel";
import { trainableEncoder } from "../encoders/trainableEncoder";
import { random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import { explicitReward } from "../replay/rewards";
import { transitionsOf } from "../replay/transitions";
import { tf } from "../tensors/tf";
import { type PreparedData, prepareData } from "./preparedData";
import { problemOf } from "./problemOf";
import { sharedModel } from "./sharedModel";
import { trainSpec } from "./trainSpec";

let root: string;
let data: PreparedData;
let model: NextItemModel;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "offshelf-joint-"));
  data = prepareData(syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } }));
  model = await sharedModel(data, { root, config: { epochs: 1, units: 8, width: 8 } });
});
after(async () => {
  model.dispose();
  await rm(root, { recursive: true, force: true });
});

test("the target encoder follows by exactly its rate, and next states are its own", () => {
  const joint = jointEncoder(trainableEncoder(model), { targetRate: 0.25 })!;
  const read = (encoder: typeof joint.online) =>
    encoder.variables.map((each) => Float32Array.from(each.dataSync()));
  const start = read(joint.target);
  for (const variable of joint.online.variables) tf().tidy(() => variable.assign(variable.add(1)));
  const buffer = bufferOf(100);
  const batch = buffer.sample(8, random(1));
  tf().tidy(() => {
    const seen = joint.encoded(batch);
    const [next, cached] = [seen.nextStates.dataSync(), batch.nextStates.dataSync()];
    next.forEach((value, i) => {
      assert.ok(Math.abs(value - cached[i]) < 1e-5); // the target has not moved yet
    });
    assert.notDeepEqual([...seen.states.dataSync()], [...batch.states.dataSync()]);
  });
  joint.follow();
  for (const [v, values] of read(joint.target).entries())
    values.forEach((value, i) => {
      assert.ok(Math.abs(value - (start[v][i] + 0.25)) < 1e-6);
    });
  for (const part of [joint, batch, buffer]) part.dispose();
  const bare = { ...batch, windows: undefined } as unknown as Parameters<typeof joint.encoded>[0];
  assert.throws(() => joint.encoded(bare), /batches with windows/);
});

const factories = { ddpg, td3, sac, bcq, iql, dqn } as unknown as Record<string, AgentFactory>;

function bufferOf(window: number) {
  return replayBuffer(
    transitionsOf({
      interactions: data.dataset.interactions,
      histories: data.histories,
      states: data.statesOf(model.encoder),
      stateSize: 8,
      itemVectors: model.itemVectors,
      actionSize: 8,
      reward: explicitReward,
    }),
    { window },
  );
}

test("windows hold the last entries before each state; one long enough gives the cached states", () => {
  const buffer = bufferOf(100);
  const batch = buffer.sample(32, random(1));
  const encoder = trainableEncoder(model);
  tf().tidy(() => {
    const { states, nextStates } = batch.windows!;
    for (const [read, cached] of [
      [encoder.states(states), batch.states],
      [encoder.states(nextStates), batch.nextStates],
    ] as const) {
      const [a, b] = [read.dataSync(), cached.dataSync()];
      for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) < 1e-5);
    }
  });
  const short = bufferOf(2);
  const two = short.sample(32, random(1)).windows!;
  assert.equal(two.states.items.shape[1], 2);
  for (const part of [encoder, batch, buffer, short]) part.dispose();
  assert.throws(() => bufferOf(0), /window from 1/);
});

for (const [name, factory] of Object.entries(factories))
  test(`${name}: the critics' loss moves the encoder and not the model's; no tensor is left behind`, () => {
    const buffer = bufferOf(5);
    const kept = Float32Array.from(model.parameters.sequence.weights[0]);
    const encoder = trainableEncoder(model);
    const online = (): Float32Array[] => encoder.variables.map((each) => Float32Array.from(each.dataSync()));
    const start = online();
    const problem = { ...problemOf(model, random(3)), encoder };
    const agent = factory(problem, { hidden: [8], targetRate: 0.25, criticLearningRate: 0.01 });
    const step = (draw: number): void => {
      const batch = buffer.sample(32, random(draw));
      agent.learn(batch);
      batch.dispose();
    };
    step(0); // a zero last layer hides what lies before it from the first gradient
    step(1);
    const tensors = tf().memory().numTensors;
    step(2);
    assert.equal(tf().memory().numTensors, tensors);
    const moved = online();
    for (const [v, values] of moved.entries()) assert.notDeepEqual(values, start[v], `array ${v}`);
    assert.deepEqual(Float32Array.from(model.parameters.sequence.weights[0]), kept);
    const frozen = agent.encoder!();
    assert.notDeepEqual(frozen.encode(data.histories), model.encoder.encode(data.histories));
    frozen.dispose();
    agent.dispose();
    buffer.dispose();
  });

test("a joint run goes on from its checkpoints as if never stopped, and serves its own states", async () => {
  const spec = {
    ...{ data, model, agent: td3 as AgentFactory, seed: 4 },
    ...{ batchSize: 16, evaluateEvery: 4, window: 6, replay: "prioritised" as const },
    config: { hidden: [8], actorLearningRate: 0.02, criticLearningRate: 0.02 },
  };
  const whole = await trainSpec({ ...spec, steps: 8, keep: "last" });
  const checkpointFolder = join(root, "cut");
  // Cut short after the checkpoint of step 4, by whoever hears of step 6.
  const cut = trainSpec({
    ...{ ...spec, steps: 8, keep: "last", checkpointFolder },
    onProgress: ({ step }) => {
      if (step === 6) throw new Error("cut");
    },
  });
  await assert.rejects(cut, /cut/);
  const resumed = await trainSpec({ ...spec, steps: 8, keep: "last", checkpointFolder });
  const lists = (run: typeof whole) => run.recommender.recommend(data.histories, 10).items;
  assert.deepEqual(lists(resumed), lists(whole));
  assert.deepEqual(resumed.curves, whole.curves);
  for (const run of [whole, resumed]) run.dispose();
});
