import assert from "node:assert/strict";
import { test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { agentEntry, type ClassicEntry } from "../settings/agents";
import { resolveConfig } from "../settings/resolveConfig";
import { fitClassic } from "./fitClassic";
import { prepareData } from "./preparedData";

test("a classic learns under its own seed", () => {
  const data = prepareData(syntheticDataset({ config: { users: 30, items: 30, genres: 3, rows: [8, 12] } }));
  const scores = (seed: number): Float64Array => {
    const config = resolveConfig({ agent: "lin-ucb", seed, set: ["agent.vectorWidth=4"] });
    return fitClassic(agentEntry("lin-ucb") as ClassicEntry, data, config).agent.scores(data.histories);
  };
  assert.deepEqual(scores(1), scores(1));
  assert.notDeepEqual(scores(1), scores(2));
});
