/** Every agent must reach the closed-form answer of the circle: the best action, and Q where it has one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import { type Transitions, valueBounds } from "../replay/transitions";
import type { Network } from "../tensors/networks";
import { tf } from "../tensors/tf";
import { circleTrajectory, circleWorld } from "../worlds/circleWorld";
import { bcq } from "./actorCritic/bcq";
import { dqn, itemValues } from "./actorCritic/dqn";
import { reinforce } from "./actorCritic/reinforce";
import { sac } from "./actorCritic/sac";
import { td3 } from "./actorCritic/td3";
import type { Agent } from "./agent";
import { actionValue } from "./networks";

const discount = 0.5;
const quick = { targetRate: 0.1, hidden: [24, 24], actorLearningRate: 5e-3, criticLearningRate: 1e-2 };
const degrees = (points: ArrayLike<number>, i: number): number =>
  (Math.atan2(points[2 * i + 1], points[2 * i]) * 180) / Math.PI;
const apart = (one: number, other: number): number => {
  const turn = Math.abs(one - other) % 360;
  return Math.min(turn, 360 - turn);
};

function learn(agent: Agent, transitions: Transitions, updates: number): Record<string, number> {
  const buffer = replayBuffer(transitions);
  const draw = random(3);
  let last: Record<string, number> = {};
  for (let update = 0; update < updates; update++) {
    const drawn = buffer.sample(64, draw);
    last = agent.learn(drawn);
    drawn.dispose();
  }
  buffer.dispose();
  return last;
}

const makers = {
  TD3: (problem: Parameters<typeof td3>[0], discount: number) =>
    td3(problem, { ...quick, discount, policyNoise: 0.05 }),
  SAC: (problem: Parameters<typeof td3>[0], discount: number) =>
    sac(problem, { ...quick, discount, temperature: 0.01, learnTemperature: false, logDeviation: -2 }),
  BCQ: (problem: Parameters<typeof td3>[0], discount: number) =>
    bcq(problem, { ...quick, discount, latentSize: 2, latentClip: 3, candidates: 30, perturbation: 1 }),
};

for (const [name, make] of Object.entries(makers))
  test(`${name} reaches the closed-form Q and the best action, discount ${discount}`, () => {
    const world = circleWorld(2000, random(1));
    const { transitions } = world;
    const bounds = valueBounds(transitions.rewards, discount);
    const agent = make({ stateSize: 2, actionSize: 2, random: random(2), valueBounds: bounds }, discount);
    const { alarmShare } = learn(agent, transitions, 300);
    const buffer = replayBuffer(transitions);
    const all = buffer.gather(Int32Array.from({ length: 200 }, (_, i) => i));
    const [critic] = agent.networks.critics as readonly [Network];
    const values = tf().tidy(() => actionValue(critic, all.states, all.actions).dataSync());
    const [states, actions] = [all.states.dataSync<"float32">(), all.actions.dataSync()];
    const chosen = agent.act(states);
    let [worst, furthest] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const exact = world.value(degrees(states, i), degrees(actions, i), discount);
      worst = Math.max(worst, Math.abs(values[i] - exact));
      furthest = Math.max(furthest, apart(degrees(chosen, i), world.best(discount)));
    }
    // Without a discount it would be 0 degrees. BCQ chooses among draws.
    assert.ok(furthest < (name === "BCQ" ? 22 : 14), `an action is off by ${furthest} degrees`);
    assert.ok(worst < 0.3, `largest error of Q ${worst}`);
    assert.equal(alarmShare, 0);
    for (const part of [agent, buffer, all]) part.dispose();
  });

{
  const given = { directions: 16, discount };
  const { transitions } = circleTrajectory(4000, given, random(1));
  const exact = circleWorld(1, random(1));

  test(`REINFORCE finds the best direction from the log's returns, discount ${discount}`, () => {
    const catalogue = { itemVectors: transitions.actionTable, temperature: 1 };
    const problem = { stateSize: 2, actionSize: 2, random: random(2), catalogue };
    const agent = reinforce(problem, {
      hidden: [24, 24],
      actorLearningRate: 5e-3,
      behaviourLearningRate: 1e-2,
      baseline: "mean",
    });
    const { meanWeight } = learn(agent, transitions, 300);
    const chosen = agent.act(transitions.stateTable);
    let furthest = 0;
    for (let i = 0; i < 16; i++)
      furthest = Math.max(furthest, apart(degrees(chosen, i), exact.best(discount)));
    assert.ok(Math.abs(meanWeight - 1) < 0.3, `weights are not those of the log: ${meanWeight}`);
    assert.ok(furthest < 14, `a query is off by ${furthest} degrees`);
    agent.dispose();
  });

  test(`DQN reaches the closed-form Q of every item and chooses the best, discount ${discount}`, () => {
    // A third number that all items share, so that h(s)·w_i can also hold what a state is worth by itself.
    const itemVectors = Float32Array.from({ length: 48 }, (_, i) =>
      i % 3 === 2 ? 1 : transitions.actionTable[2 * Math.floor(i / 3) + (i % 3)],
    );
    const problem = { stateSize: 2, actionSize: 3, random: random(2), catalogue: { itemVectors } };
    const agent = dqn(problem, {
      targetRate: 0.1,
      criticLearningRate: 1e-2,
      hidden: [24, 24],
      discount,
      candidates: null,
    });
    learn(agent, { ...transitions, actionSize: 3, actionTable: itemVectors }, 250);
    const values = tf().tidy(() =>
      itemValues(agent.networks, tf().tensor2d(transitions.stateTable, [16, 2])).arraySync(),
    );
    let worst = 0;
    for (const [s, row] of values.entries()) {
      for (const [i, value] of row.entries())
        worst = Math.max(worst, Math.abs(value - exact.value(22.5 * s, 22.5 * i, discount)));
      assert.equal(22.5 * row.indexOf(Math.max(...row)), exact.best(discount));
    }
    assert.ok(worst < 0.25, `largest error of Q ${worst}`);
    agent.dispose();
  });
}
