import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { AgentFactory } from "../agents/agent";
import { ddpg } from "../agents/ddpg";
import { syntheticDataset } from "../data/synthetic";
import { mixtureReward, type Reward } from "../replay/rewards";
import { runKey } from "./cachedRun";
import { experimentData } from "./experimentData";
import { sharedModel } from "./sharedModel";

/** Two factories of one name that learn differently, as a cell of a notebook before and after an edit. */
const edited: AgentFactory[] = [
  (() => {
    const mine: AgentFactory = (problem, config) => ddpg(problem, config);
    return mine;
  })(),
  (() => {
    const mine: AgentFactory = (problem, config) => ddpg(problem, { ...config, discount: 0.5 });
    return mine;
  })(),
];

test("a run is found again only for the same agent and the same rewards", async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-cached-"));
  const dataset = syntheticDataset({ config: { users: 40, items: 40, genres: 4, rows: [8, 14] } });
  const { size } = dataset.interactions;
  const withClicks = (factor: number) => {
    const extra = {
      clicks: Float32Array.from({ length: size }, (_, row) => factor * (row % 3)),
      minutes: Float32Array.from({ length: size }, (_, row) => row % 5),
    };
    return experimentData({ ...dataset, interactions: { ...dataset.interactions, extra } });
  };
  const [data, again, other] = [withClicks(1), withClicks(1), withClicks(2)];
  const encoder = await sharedModel(data, { root, config: { epochs: 1, units: 8, width: 8 } });
  try {
    const base = { data, encoder, agent: ddpg as AgentFactory };
    const key = runKey(base);
    assert.equal(runKey({ ...base, data: again }), key);
    const [before, after] = edited as [AgentFactory, AgentFactory];
    assert.equal(before.name, after.name);
    assert.notEqual(runKey({ ...base, agent: before }), runKey({ ...base, agent: after }));

    const clicks: Reward = mixtureReward({ clicks: 1 });
    const minutes: Reward = mixtureReward({ minutes: 1 });
    assert.equal(clicks.toString(), minutes.toString());
    const rewarded = [
      key,
      runKey({ ...base, reward: clicks }),
      runKey({ ...base, reward: minutes }),
      runKey({ ...base, data: other, reward: clicks }),
    ];
    assert.equal(new Set(rewarded).size, rewarded.length);
    assert.equal(runKey({ ...base, data: again, reward: mixtureReward({ clicks: 1 }) }), rewarded[1]);
  } finally {
    encoder.dispose();
    await rm(root, { recursive: true, force: true });
  }
});
