import assert from "node:assert/strict";
import { test } from "node:test";
import reference from "./fixtures/pendulum-reference.json";
import { pendulumAgents, pendulumSettings, pendulumTrial } from "./pendulumTrial";

test("each agent of the comparison is itself, on the shared settings; looks come when asked for", () => {
  assert.deepEqual(Object.keys(pendulumAgents), Object.keys(reference.agents));
  for (const [name, make] of Object.entries(pendulumAgents)) {
    const { agent } = make(1, { hidden: [4] });
    const config = agent.config as unknown as Record<string, unknown>;
    assert.equal(agent.name, name === "td3-bc" ? "td3" : name);
    assert.equal(config.behaviour === "squared", ["td3-bc", "iql"].includes(name));
    for (const setting of ["discount", "targetRate", "actorLearningRate", "criticLearningRate"] as const)
      assert.equal(config[setting], pendulumSettings[setting]);
    agent.dispose();
  }
  const looks = [1, 2].map(() => {
    const { agent } = pendulumAgents.ddpg(1, { hidden: [4] });
    const returns = pendulumTrial(agent, { seed: 2, updates: 5, batchSize: 8, every: 2 });
    agent.dispose();
    return returns;
  });
  assert.equal(looks[0].length, 3); // after 2, 4 and the last
  assert.deepEqual(looks[0], looks[1]);
  assert.notEqual(looks[0][0], looks[0][2]);
});

test("the reported means and deviations are those of the reported seeds", () => {
  for (const sides of Object.values(reference.agents))
    for (const { seeds, returns, mean, deviation } of [sides.theirs, sides.ours]) {
      assert.equal(returns.length, seeds.length);
      const centre = returns.reduce((sum, value) => sum + value, 0) / returns.length;
      const squares = returns.reduce((sum, value) => sum + (value - centre) ** 2, 0);
      assert.ok(Math.abs(centre - mean) <= 0.11);
      assert.ok(Math.abs(Math.sqrt(squares / (returns.length - 1)) - deviation) <= 0.11);
    }
});
