import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ddpg } from "../agents/actorCritic/ddpg";
import type { AgentFactory } from "../agents/agent";
import { companion } from "../baselines/companion";
import { itemKnn } from "../baselines/itemKnn";
import { syntheticDataset } from "../data/synthetic";
import { mixtureReward, type Reward } from "../replay/rewards";
import { runFingerprint } from "./cachedRun";
import { prepareData } from "./preparedData";
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
    return prepareData({ ...dataset, interactions: { ...dataset.interactions, extra } });
  };
  const [data, again, other] = [withClicks(1), withClicks(1), withClicks(2)];
  const model = await sharedModel(data, { root, config: { epochs: 1, units: 8, width: 8 } });
  try {
    const base = { data, model, agent: ddpg as AgentFactory };
    const key = runFingerprint(base);
    assert.equal(runFingerprint({ ...base, data: again }), key);
    const [before, after] = edited as [AgentFactory, AgentFactory];
    assert.equal(before.name, after.name);
    assert.notEqual(runFingerprint({ ...base, agent: before }), runFingerprint({ ...base, agent: after }));

    const clicks: Reward = mixtureReward({ clicks: 1 });
    const minutes: Reward = mixtureReward({ minutes: 1 });
    assert.equal(clicks.toString(), minutes.toString());
    const rewarded = [
      key,
      runFingerprint({ ...base, reward: clicks }),
      runFingerprint({ ...base, reward: minutes }),
      runFingerprint({ ...base, data: other, reward: clicks }),
    ];
    assert.equal(new Set(rewarded).size, rewarded.length);
    const links = itemKnn(data.dataset.interactions, data.rows, {}).links;
    const beside = (weight: number) => companion([{ links, weight, recency: 0.9 }]);
    const accompanied = [0.5, 1].map((weight) => runFingerprint({ ...base, companion: beside(weight) }));
    assert.equal(new Set([key, ...accompanied]).size, 3, "what linear models add is told apart");
    assert.equal(runFingerprint({ ...base, companion: beside(1) }), accompanied[1]);
    assert.equal(runFingerprint({ ...base, data: again, reward: mixtureReward({ clicks: 1 }) }), rewarded[1]);
  } finally {
    model.dispose();
    await rm(root, { recursive: true, force: true });
  }
});
