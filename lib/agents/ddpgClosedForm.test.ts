import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import { type Transitions, valueBounds } from "../replay/transitions";
import { tf } from "../tensors/tf";
import { actionValue } from "./actorNetwork";
import { ddpg } from "./ddpg";

/**
 * States and actions are points of the unit circle, and the action becomes the next state: s′ = a. The reward
 * is c·s + d·a with c = (0, 2) and d = (1, 0). Then V(s) = c·s + K, and from
 * V(s) = max over a of [c·s + d·a + γ (c·a + K)] = c·s + ‖d + γc‖ + γK follows K = ‖d + γc‖ / (1 − γ). So
 * Q*(s, a) = c·s + (d + γc)·a + γK, and the best action is d + γc scaled to length 1, wherever one is.
 * With γ = .5 that is (.707, .707); greed (γ = 0) takes (1, 0).
 */
function circleWorld(count: number): Transitions {
  const draw = random(1);
  const circle = new Float32Array(2 * 2 * count); // `count` states, then `count` actions
  for (let row = 0; row < 2 * count; row++) {
    const angle = 2 * Math.PI * draw.next();
    circle.set([Math.cos(angle), Math.sin(angle)], 2 * row);
  }
  const actionTable = circle.slice(2 * count);
  return {
    size: count,
    stateSize: 2,
    actionSize: 2,
    stateTable: circle,
    actionTable,
    stateRows: Int32Array.from({ length: count }, (_, i) => i),
    nextStateRows: Int32Array.from({ length: count }, (_, i) => count + i),
    itemRows: Int32Array.from({ length: count }, (_, i) => i),
    rewards: Float32Array.from({ length: count }, (_, i) => 2 * circle[2 * i + 1]! + actionTable[2 * i]!),
    terminals: new Uint8Array(count),
  };
}

for (const discount of [0, 0.5]) {
  test(`DDPG reaches the closed-form Q and the best action, discount ${discount}`, () => {
    const transitions = circleWorld(2000);
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
    const far = [1, 2 * discount] as const; // d + γc
    const norm = Math.hypot(...far);
    const constant = (discount * norm) / (1 - discount);
    const all = buffer.gather(Int32Array.from({ length: 200 }, (_, i) => i));
    const values = tf().tidy(() => actionValue(agent.networks.critic, all.states, all.actions).dataSync());
    const [states, actions] = [all.states.dataSync(), all.actions.dataSync()];
    let worst = 0;
    for (let i = 0; i < 200; i++) {
      const q = 2 * states[2 * i + 1]! + far[0] * actions[2 * i]! + far[1] * actions[2 * i + 1]! + constant;
      worst = Math.max(worst, Math.abs(values[i]! - q));
    }
    assert.ok(worst < 0.25, `largest error of Q ${worst}`);
    const chosen = agent.act(Float32Array.from(states));
    for (let i = 0; i < 200; i++) {
      const cosine = (chosen[2 * i]! * far[0] + chosen[2 * i + 1]! * far[1]) / norm;
      assert.ok(cosine > 0.97, `action ${i}: cosine ${cosine}`);
    }
    assert.equal(last.alarmShare, 0);
    for (const part of [agent, buffer, all]) part.dispose();
  });
}
