import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../data/dataset";
import { syntheticDataset } from "../data/synthetic";
import { random } from "../math/random";
import { type Environments, environmentOf, type Space, sizeOf } from "./environment";
import { playWorld } from "./playWorld";
import { worldNamed, worlds } from "./worlds";

/*
 * What every world promises, in the manner of Gymnasium's checker: observations lie in their space and are the caller's
 * to keep; the same seed gives the same episode, another one another; rewards are finite; terminated and truncated are
 * never both up; a world that has ended stays ended and earns nothing; bad actions and steps without a reset are
 * refused; readers side by side do not touch each other's actions; stated propensities are probabilities, those of all
 * choices sum to 1, and chosen actions occur as often as stated.
 */

function inside(space: Space, values: Float32Array, count: number): void {
  assert.equal(space.kind, "box");
  if (space.kind !== "box") return;
  assert.equal(values.length, count * sizeOf(space));
  values.forEach((value, k) => {
    const at = k % sizeOf(space);
    assert.ok(value >= space.low[at] - 1e-6 && value <= space.high[at] + 1e-6, `number ${at}: ${value}`);
  });
}

function anyActions({ actionSpace, size }: Environments, seed: number): Int32Array {
  const draw = random(seed);
  if (actionSpace.kind === "choices")
    return Int32Array.from({ length: size }, () => draw.integer(actionSpace.size));
  if (actionSpace.kind !== "slates") throw new Error("choices or slates");
  return Int32Array.from({ length: size * actionSpace.slots }, (_, k) => k % actionSpace.slots);
}

/** With few items, so that all of them can be asked for. */
const small: Readonly<Record<string, object>> = {
  boredom: { preset: "slate-rerank-bored" },
  memory: { width: 6, history: 4, centres: 8, stateSharpness: 4, itemSharpness: 6 },
};

/** Logs of the worlds that are fitted to one. */
const logs: Readonly<Record<string, Dataset>> = {
  memory: syntheticDataset({ config: { users: 60, items: 30, genres: 5, rows: [8, 15] } }),
};

for (const name of Object.keys(worlds)) {
  const world = worldNamed(name, { ...small[name] }, logs[name]);

  test(`${name}: observations in their space, finite rewards, one end, none after it`, () => {
    const environments = world.environments(6);
    const first = environments.reset(random(1));
    inside(environments.observationSpace, first, 6);
    const kept = first.slice();
    const ended = new Uint8Array(6);
    for (let step = 0; step < 400; step++) {
      const { observations, rewards, terminated, truncated } = environments.step(
        anyActions(environments, step),
      );
      inside(environments.observationSpace, observations, 6);
      for (let i = 0; i < 6; i++) {
        assert.ok(Number.isFinite(rewards[i]));
        assert.ok(terminated[i] + truncated[i] <= 1);
        if (ended[i] === 1)
          assert.deepEqual([rewards[i], terminated[i] + truncated[i]], [0, 1], `step ${step}`);
        if (terminated[i] + truncated[i] === 1) ended[i] = 1;
      }
    }
    assert.deepEqual(first, kept, "an observation that was given changes no more");
    assert.ok(
      ended.every((each) => each === 1),
      "all have ended after 400 steps",
    );
    inside(environments.observationSpace, environments.reset(random(2)), 6);
    assert.ok(environments.step(anyActions(environments, 1)).terminated.includes(0), "a reset starts anew");
  });

  test(`${name}: the same seed, the same episode; another, another`, () => {
    const played = (seed: number): string => {
      const environments = world.environments(4);
      const rows: unknown[] = [[...environments.reset(random(seed))]];
      for (let step = 0; step < 20; step++) {
        const { observations, rewards, info } = environments.step(anyActions(environments, step));
        rows.push(
          [...observations],
          [...rewards],
          Object.values(info ?? {}).map((column) => [...column]),
        );
      }
      return JSON.stringify(rows);
    };
    assert.equal(played(1), played(1));
    if (world.name !== "satiation") assert.notEqual(played(1), played(2));
  });

  test(`${name}: bad actions and steps before a reset are refused by name`, () => {
    const environments = world.environments(2);
    assert.throws(() => environments.step(anyActions(environments, 1)), /reset first/);
    environments.reset(random(1));
    assert.throws(() => environments.step(Int32Array.of(0)), /step requires 2/);
    const { actionSpace } = environments;
    const size = actionSpace.kind === "box" ? 0 : actionSpace.size;
    const wrong = anyActions(environments, 1).fill(size, 0, 1);
    assert.throws(() => environments.step(wrong), new RegExp(`to ${size - 1}, got ${size}`));
    const single = environmentOf(world.environments(1));
    assert.throws(() => single.step([0]), /reset first/);
  });

  test(`${name}: policies choose different places with the probability they state`, () => {
    for (const policyName of world.policies) {
      const environments = world.environments(200);
      const policy = world.policy(policyName, environments, { epsilon: 0.4, discount: 0.9 });
      const observations = environments.reset(random(3));
      const { actions, propensities } = policy.choose(observations, random(4));
      const slots = sizeOf(environments.actionSpace);
      assert.deepEqual(policy.probabilities(observations, actions), propensities, policyName);
      assert.ok(propensities.every((each) => each > 0 && each <= 1 + 1e-12));
      for (let i = 0; i < 200; i++)
        assert.equal(new Set(actions.subarray(i * slots, (i + 1) * slots)).size, slots, policyName);
      // Of the first place, every choice: sums to 1, and is taken as often as it says.
      const size = environments.actionSpace.kind === "box" ? 0 : environments.actionSpace.size;
      const chances = Array.from({ length: size }, (_, action) => {
        const asked = Int32Array.from(actions);
        for (let i = 0; i < 200; i++) asked[i * slots] = action;
        const of = policy.probabilities(observations, asked);
        return Float64Array.from({ length: 200 }, (_, i) => of[i * slots]);
      });
      const sums = Float64Array.from({ length: 200 }, (_, i) =>
        chances.reduce((sum, chance) => sum + chance[i], 0),
      );
      assert.ok(
        sums.every((sum) => Math.abs(sum - 1) < 1e-9),
        policyName,
      );
      const expected = chances[actions[0]].reduce((sum, chance) => sum + chance, 0);
      let taken = 0;
      for (let i = 0; i < 200; i++) if (actions[i * slots] === actions[0]) taken++;
      const deviation = Math.sqrt(chances[actions[0]].reduce((sum, p) => sum + p * (1 - p), 0));
      assert.ok(
        Math.abs(taken - expected) <= 4 * deviation + 1e-9,
        `${policyName}: ${taken}, not ${expected}`,
      );
    }
    assert.throws(() => world.policy("clever", world.environments(1)), /has no policy clever, but random/);
  });

  test(`${name}: greedy earns more than chance at the next step`, () => {
    const of = (policy: string): number => {
      const environments = world.environments(2000);
      const { returns } = playWorld(world.policy(policy, environments), environments, random(5), {
        steps: 1,
      });
      return returns.reduce((sum, each) => sum + each, 0) / 2000;
    };
    assert.ok(of("greedy") > of("random"), `${of("greedy")}, ${of("random")}`);
  });
}

test("unknown worlds and settings are refused by name", () => {
  assert.throws(() => worldNamed("mars"), /no world mars.*dirichlet, satiation/s);
  assert.throws(() => worldNamed("satiation", { genre: 3 }), /genre/);
  assert.throws(() => worldNamed("memory"), /fitted to a log.*--dataset/);
  assert.throws(() => worldNamed("satiation", {}, logs.memory), /fitted to no log/);
});
