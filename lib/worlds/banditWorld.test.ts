import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { banditWorld } from "./banditWorld";

test("a policy's value is what it earns: played out, it comes near the sum", () => {
  for (const reward of ["binary", "normal"] as const) {
    const world = banditWorld(random(1), { actions: 6, contexts: 40, reward });
    const policy = world.policy(3, random(2));
    const { rewards } = world.collect(policy, 40_000, random(3));
    const mean = rewards.reduce((sum, each) => sum + each, 0) / rewards.length;
    assert.ok(Math.abs(mean - world.valueOf(policy)) < 0.013, `${mean} ${world.valueOf(policy)}`);
  }
});

test("sharpness orders policies by value; 0 is uniform; probabilities sum to 1", () => {
  const world = banditWorld(random(1), { actions: 10, contexts: 50 });
  const values = [-8, -2, 0, 2, 8].map((sharpness) => world.valueOf(world.policy(sharpness, random(4))));
  for (let i = 1; i < values.length; i++) assert.ok(values[i] > values[i - 1]);
  assert.ok(world.policy(0, random(4)).every((share) => Math.abs(share - 0.1) < 1e-15));
  const policy = world.policy(5, random(4));
  for (let c = 0; c < 50; c++)
    assert.ok(
      Math.abs(policy.subarray(c * 10, c * 10 + 10).reduce((sum, share) => sum + share, 0) - 1) < 1e-12,
    );
});

test("a log says with what probability each action was taken, as often as it was; users stay of one kind", () => {
  const world = banditWorld(random(1), { actions: 3, contexts: 2 });
  const policy = Float64Array.of(0.7, 0.3, 0, 0.1, 0.1, 0.8);
  const log = world.collect(policy, 20_000, random(5), { roundsPerUser: 4 });
  const counts = new Float64Array(6);
  const visits = new Float64Array(2);
  log.actions.forEach((action, i) => {
    const context = log.contexts[i];
    counts[context * 3 + action]++;
    visits[context]++;
    assert.equal(log.propensities[i], policy[context * 3 + action]);
    assert.equal(log.users[i], Math.floor(i / 4));
    assert.equal(context, log.contexts[i - (i % 4)]);
  });
  for (const [at, count] of counts.entries())
    assert.ok(Math.abs(count / visits[Math.floor(at / 3)] - policy[at]) < 0.02);
  assert.equal(counts[2], 0);
  assert.deepEqual(world.collect(policy, 50, random(5)), world.collect(policy, 50, random(5)));
  assert.throws(() => world.valueOf(new Float64Array(3)), /policy of 2 × 3, got 3/);
  assert.throws(() => banditWorld(random(1), { actions: 0 }), /actions of at least 1, got 0/);
});
