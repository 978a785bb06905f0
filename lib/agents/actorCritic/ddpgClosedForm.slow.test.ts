import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { replayBuffer } from "../../replay/replayBuffer";
import { valueBounds } from "../../replay/transitions";
import { tf } from "../../tensors/tf";
import { circleWorld } from "../../worlds/circleWorld";
import { actionValue } from "../networks";
import { ddpg } from "./ddpg";

for (const discount of [0, 0.5]) {
  test(`DDPG reaches the closed-form Q and the best action of the circle, discount ${discount}`, () => {
    const world = circleWorld(2000, random(1));
    const { transitions } = world;
    const agent = ddpg(
      {
        stateSize: 2,
        actionSize: 2,
        random: random(2),
        valueBounds: valueBounds(transitions.rewards, discount),
      },
      { discount, targetRate: 0.05, hidden: [32, 32], actorLearningRate: 3e-3, criticLearningRate: 5e-3 },
    );
    const buffer = replayBuffer(transitions);
    const draw = random(3);
    let last: Record<string, number> = {};
    for (let update = 0; update < 800; update++) {
      const drawn = buffer.sample(64, draw);
      last = agent.learn(drawn);
      drawn.dispose();
    }
    const all = buffer.gather(Int32Array.from({ length: 200 }, (_, i) => i));
    const values = tf().tidy(() => actionValue(agent.networks.critic, all.states, all.actions).dataSync());
    const [states, actions] = [all.states.dataSync(), all.actions.dataSync()];
    const degrees = (points: ArrayLike<number>, i: number): number =>
      (Math.atan2(points[2 * i + 1], points[2 * i]) * 180) / Math.PI;
    const chosen = agent.act(Float32Array.from(states));
    let worst = 0;
    for (let i = 0; i < 200; i++) {
      const exact = world.value(degrees(states, i), degrees(actions, i), discount);
      worst = Math.max(worst, Math.abs(values[i] - exact));
      const off = Math.abs(degrees(chosen, i) - world.best(discount));
      assert.ok(Math.min(off, 360 - off) < 14, `action ${i} is off by ${off} degrees`);
    }
    assert.ok(worst < 0.25, `largest error of Q ${worst}`);
    assert.equal(last.alarmShare, 0);
    for (const part of [agent, buffer, all]) part.dispose();
  });
}
