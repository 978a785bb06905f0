import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { banditWorld } from "./banditWorld";
import { convergenceOf } from "./convergence";
import { interactionMetrics } from "./interactionMetrics";

test("cumulative reward by step and user, engagement and exploration, by hand", () => {
  const { cumulativeReward, total, engagementRate, explorationRate } = interactionMetrics({
    rewards: Float64Array.of(1, -1, 2, 0, 3),
    users: Int32Array.of(0, 1, 0, 1, 0),
    actions: Int32Array.of(4, 2, 2, 2, 1),
    greedy: Int32Array.of(4, 2, 3, 0, 1),
  });
  // Step 0: 1 and −1; step 1: 2 and 0; step 2: 3 of the one who is still there.
  assert.deepEqual([...cumulativeReward], [0, 1, 2.5]);
  assert.deepEqual([total, engagementRate, explorationRate], [2.5, 3 / 5, 2 / 5]);
  assert.equal("explorationRate" in interactionMetrics({ rewards: Float64Array.of(1) }), false);
  assert.throws(() => interactionMetrics({ rewards: new Float64Array(0) }), /at least one round, got none/);
  assert.throws(
    () => interactionMetrics({ rewards: Float64Array.of(1), users: Int32Array.of(0, 1) }),
    /columns of 1 rounds, got 2/,
  );
});

test("in a world, engagement is the policy's value, and a policy explores as often as it is not greedy", () => {
  const world = banditWorld(random(1), { actions: 5, contexts: 40 });
  const policy = world.policy(4, random(2));
  const { rewards, users, actions, contexts } = world.collect(policy, 20_000, random(3), {
    roundsPerUser: 4,
  });
  const bestOf = (context: number): number => {
    const own = policy.subarray(context * 5, context * 5 + 5);
    return own.indexOf(own.reduce((most, share) => Math.max(most, share), 0));
  };
  const greedy = Int32Array.from(contexts, bestOf);
  const played = interactionMetrics({ rewards, users, actions, greedy });
  assert.ok(Math.abs(played.engagementRate - world.valueOf(policy)) < 0.015);
  assert.ok(Math.abs(played.total - 4 * world.valueOf(policy)) < 0.06);
  assert.equal(played.cumulativeReward.length, 4);
  let expected = 0;
  for (let context = 0; context < 40; context++) expected += (1 - policy[context * 5 + bestOf(context)]) / 40;
  assert.ok(Math.abs(played.explorationRate! - expected) < 0.015);
});

test("a curve that rises and rests has settled where it came within a twentieth; one that climbs has not", () => {
  const steps = Float64Array.from({ length: 100 }, (_, i) => 10 * (i + 1));
  const risen = steps.map((step) => 5 * (1 - Math.exp(-step / 100)));
  const { final, settledAt, drift } = convergenceOf({ steps, values: risen });
  assert.ok(Math.abs(final - 5) < 0.01 && Math.abs(drift) < 0.05);
  assert.ok(settledAt! >= 290 && settledAt! <= 310, `${settledAt}`); // e⁻³ is a twentieth
  const climbing = convergenceOf({ steps, values: steps.map((step) => step / 100) });
  assert.equal(climbing.settledAt, undefined);
  assert.ok(Math.abs(climbing.drift - 10) < 1e-9);
  assert.throws(() => convergenceOf({ steps: [1, 2], values: [1, 2] }), /at least ten points/);
});
