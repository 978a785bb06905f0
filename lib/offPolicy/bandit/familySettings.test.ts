import assert from "node:assert/strict";
import { test } from "node:test";
import { optimisticShrinkage } from "./doublyRobust";
import { optimisticShrinkageFamily, switchDrFamily } from "./estimatorFamilies";
import { loggedRounds } from "./loggedRounds";

test("DRos lets through at most the weight that Switch-DR does at the same place of its settings", () => {
  const weights = Float64Array.from({ length: 20_001 }, (_, i) => i / 5);
  const size = weights.length;
  const rounds = loggedRounds({
    rewards: new Float64Array(size).fill(1),
    propensities: new Float64Array(size).fill(0.5),
    targetProbabilities: new Float64Array(size),
    model: { logged: new Float64Array(size), expected: new Float64Array(size) },
  });
  const [shrunken, switched] = [optimisticShrinkageFamily().settings, switchDrFamily().settings];
  assert.equal(shrunken.length, switched.length);
  for (const [i, lambda] of shrunken.entries()) {
    const most = switched[i];
    if (!Number.isFinite(most)) assert.equal(lambda, most);
    else {
      // Rewards of 1 and a model of 0: the terms are the weights that are left.
      const left = optimisticShrinkage(lambda).on(rounds, weights).terms[0];
      assert.ok(Math.abs(left.reduce((a, b) => Math.max(a, b)) - most) <= 1e-6 * most);
    }
  }
});
