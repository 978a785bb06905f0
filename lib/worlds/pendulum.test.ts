import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interval } from "../math/bootstrap";
import { random } from "../math/random";
import { unitBox } from "./environment";
import reference from "./fixtures/pendulum-gymnasium.json";
import { pendulum, pendulumConstants, pendulums } from "./pendulum";
import { careless, pendulumBehaviours, pendulumLog, randomTorque, swingUp } from "./pendulumLog";
import { rollout } from "./rollout";

const near = (actual: number, expected: number, margin: number): void =>
  assert.ok(Math.abs(actual - expected) <= margin, `${actual} for ${expected}`);

test("the same torques give Gymnasium's trajectories, all episodes side by side", () => {
  const { episodes, episodeSteps } = reference;
  const worlds = pendulums(episodes.length);
  worlds.place(
    episodes.map(({ angle }) => angle),
    episodes.map(({ speed }) => speed),
  );
  const returns = new Float64Array(episodes.length);
  for (let step = 1; step <= episodeSteps; step++) {
    const { observations, rewards, terminated, truncated } = worlds.step(
      episodes.map(({ torques }) => torques[step - 1]),
    );
    for (const [i, { at }] of episodes.entries()) {
      returns[i] += rewards[i];
      assert.equal(terminated[i], 0);
      assert.equal(truncated[i], step === episodeSteps ? 1 : 0);
      const known = at.find((moment) => moment.step === step);
      if (!known) continue;
      near(worlds.angles[i], known.angle, 1e-6);
      near(worlds.speeds[i], known.speed, 1e-6);
      near(rewards[i], known.reward, 1e-6);
      for (const [part, value] of known.observation.entries()) near(observations[3 * i + part], value, 1e-6);
    }
  }
  for (const [i, episode] of episodes.entries()) near(returns[i], episode.return, 1e-5);
});

test("known steps: hanging still, falling over, and torque beyond the motor's", () => {
  const worlds = pendulums(3);
  worlds.place([Math.PI, 0.1, 0], [0, 0, 1]);
  const { rewards } = worlds.step([0, 0, 50]);
  near(rewards[0], -(Math.PI ** 2), 1e-12);
  near(worlds.speeds[1], 15 * Math.sin(0.1) * 0.05, 1e-12);
  near(worlds.angles[1], 0.1 + 15 * Math.sin(0.1) * 0.05 * 0.05, 1e-12);
  near(rewards[2], -(0.1 + 0.001 * 4), 1e-12);
  near(worlds.speeds[2], 1 + 3 * 2 * 0.05, 1e-12);
});

test("rewards, speeds and observations keep their bounds, and mirroring a pendulum mirrors its path", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (angle, speed, torques) => {
        const worlds = pendulums(2);
        worlds.place([angle, -angle], [speed, -speed]);
        for (const torque of torques) {
          const { observations, rewards } = worlds.step([torque, -torque]);
          assert.ok(rewards[0] <= 0 && rewards[0] >= -(Math.PI ** 2 + 6.4 + 0.004) - 1e-9);
          assert.ok(Math.abs(worlds.speeds[0]) <= pendulumConstants.maximumSpeed);
          near(observations[0] ** 2 + observations[1] ** 2, 1, 1e-6);
          near(worlds.angles[0], -worlds.angles[1], 1e-9);
          near(rewards[0], rewards[1], 1e-6);
        }
      },
    ),
  );
});

test("starts are drawn from the caller's randomness, within their bounds", () => {
  const [one, same, other] = [random(1), random(1), random(2)].map((draw) => pendulums(200).reset(draw));
  assert.deepEqual(one, same);
  assert.notDeepEqual(one, other);
  const worlds = pendulums(2000);
  worlds.reset(random(3));
  const [angles, speeds] = [worlds.angles, worlds.speeds].map((all) => [...all].sort((a, b) => a - b));
  assert.ok(angles[0] >= -Math.PI && angles[0] < -3.12 && angles[1999] > 3.12 && angles[1999] < Math.PI);
  assert.ok(speeds[0] >= -1 && speeds[0] < -0.99 && speeds[1999] > 0.99 && speeds[1999] < 1);
});

test("bad counts, torques and steps after the end are refused", () => {
  assert.throws(() => pendulums(0), /at least 1 pendulum, got 0/);
  assert.throws(() => pendulum().step([0]), /running episode/);
  const worlds = pendulums(2);
  assert.throws(() => worlds.step([0, 0]), /running episode/);
  worlds.reset(random(1));
  assert.throws(() => worlds.step([0]), /2 torques, got 1/);
  assert.throws(() => worlds.step([0, Number.NaN]), /numbers, got NaN/);
  assert.throws(() => worlds.place([0], [0, 0]), /2 angles and speeds, got 1 and 2/);
});

test("the behaviours of the log earn what is said of them", () => {
  // Mean return of 100 episodes, with a 95% interval: what docs and the fixture quote.
  const means = pendulumBehaviours.map(({ name, policy }) => {
    const returns = rollout(policy(random(1).fork(name)), unitBox(pendulums(100)), random(2));
    return interval({ values: returns }, random(3));
  });
  for (const [i, [low, high]] of (
    [
      [-175, -125],
      [-560, -460],
      [-1300, -1150],
    ] as const
  ).entries())
    assert.ok(means[i].mean > low && means[i].mean < high, `${pendulumBehaviours[i].name} ${means[i].mean}`);
});

test("a careless policy does what it meant as often as it should", () => {
  const seen = pendulums(2000).reset(random(1));
  const meant = swingUp().act(seen);
  const did = careless(swingUp(), 0.3, random(2)).act(seen);
  const kept = did.reduce((count, action, i) => count + (action === meant[i] ? 1 : 0), 0) / 2000;
  near(kept, 0.7, 0.04);
  const any = randomTorque(random(3)).act(seen);
  assert.ok(any.every((action) => action >= -1 && action <= 1));
  near(any.reduce((sum, action) => sum + action, 0) / 2000, 0, 0.05);
});

test("the log holds 20,000 steps of the pendulum, the same for the same seed", () => {
  const log = pendulumLog(random(1));
  assert.deepEqual(pendulumLog(random(1)), log);
  assert.equal(log.size, 20000);
  assert.ok(log.terminals.every((terminal) => terminal === 0));
  const world = pendulums(1);
  for (let i = 0; i < log.size; i += 37) {
    const state = log.stateTable.subarray(3 * log.stateRows[i], 3 * log.stateRows[i] + 3);
    const next = log.stateTable.subarray(3 * log.nextStateRows[i], 3 * log.nextStateRows[i] + 3);
    world.place([Math.atan2(state[1], state[0])], [state[2]]);
    const { observations, rewards } = world.step([2 * log.actionTable[log.itemRows[i]]]);
    near(log.rewards[i], rewards[0] / 10, 1e-5);
    for (const part of [0, 1, 2]) near(next[part], observations[part], 2e-5);
  }
});
