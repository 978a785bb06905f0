import assert from "node:assert/strict";
import { test } from "node:test";
import { bcq } from "../agents/actorCritic/bcq";
import { ddpg, ddpgTargets } from "../agents/actorCritic/ddpg";
import { iql } from "../agents/actorCritic/iql";
import { td3 } from "../agents/actorCritic/td3";
import { type Agent, type AgentProblem, paperTd3Bc } from "../agents/agent";
import { actionValue } from "../agents/networks";

import { random } from "../math/random";
import { replayBuffer } from "../replay/replayBuffer";
import { tf } from "../tensors/tf";
import { narrowLog } from "./narrowLog";

const discount = 0.9;
const log = narrowLog(2000, { discount }, random(1));
const { transitions } = log;
const degrees = (points: Float32Array, i: number): number =>
  (Math.atan2(points[2 * i + 1], points[2 * i]) * 180) / Math.PI;

test("the log acts within its arc, is paid as said, and the action becomes the next state", () => {
  let furthest = 0;
  for (let i = 0; i < transitions.size; i++) {
    const off = log.off(degrees(transitions.stateTable, i), degrees(transitions.actionTable, i));
    furthest = Math.max(furthest, Math.abs(off));
    assert.ok(Math.abs(transitions.rewards[i] - log.reward(off)) < 1e-4);
    const next = transitions.nextStateRows[i];
    assert.equal(transitions.stateTable[2 * next], transitions.actionTable[2 * i]);
    assert.equal(transitions.stateTable[2 * next + 1], transitions.actionTable[2 * i + 1]);
  }
  assert.ok(furthest > 19.5 && furthest < 20.001, `${furthest}`);
  assert.ok(transitions.terminals.every((terminal) => terminal === 0));
});

test("a log of the whole circle is paid as the narrow one would be", () => {
  const whole = narrowLog(1000, { discount, logged: 180 }, random(1));
  const { stateTable, actionTable, rewards } = whole.transitions;
  const offs = Array.from(rewards, (_, i) => log.off(degrees(stateTable, i), degrees(actionTable, i)));
  assert.ok(Math.max(...offs) > 175 && Math.min(...offs) < -175);
  offs.forEach((off, i) => {
    assert.ok(Math.abs(rewards[i] - log.reward(off)) < 1e-4);
  });
  assert.deepEqual([whole.halfWidth, whole.logged, log.logged], [20, 180, 20]);
});

test("angles, rewards and bounds by hand; bad settings are refused", () => {
  assert.equal(log.off(30, 130), 10);
  assert.equal(log.off(350, 60), -20);
  assert.equal(log.off(-10, 260), 180);
  for (const [off, reward] of [
    [0, 0],
    [20, 1],
    [-20, -1],
    [40, 0],
    [60, -1],
    [100, -1], // one hill, and nothing else on the circle
    [180, -1],
    [-60, -1],
  ] as const)
    assert.ok(Math.abs(log.reward(off) - reward) < 1e-9);
  assert.ok(Math.abs(log.bounds[0] + 10) < 1e-9 && Math.abs(log.bounds[1] - 10) < 1e-9);
  assert.throws(() => narrowLog(0, { discount }, random(1)), /at least 1 transition, got 0/);
  assert.throws(
    () => narrowLog(1, { discount, halfWidth: 0 }, random(1)),
    /a halfWidth in \(0, 180\], got 0/,
  );
  assert.throws(() => narrowLog(1, { discount, logged: 181 }, random(1)), /a logged in \(0, 180\], got 181/);
  assert.throws(() => narrowLog(1, { discount: 1 }, random(1)), /a discount in \[0, 1\), got 1/);
});

/** What an agent believes and does after 400 updates: figures, and distances of its actions from the middle. */
function learned(make: (problem: AgentProblem) => Agent) {
  const agent = make({ stateSize: 2, actionSize: 2, random: random(2), valueBounds: log.bounds });
  const buffer = replayBuffer(transitions);
  const draw = random(3);
  let figures: Record<string, number> = {};
  for (let update = 0; update < 400; update++) {
    const drawn = buffer.sample(64, draw);
    figures = agent.learn(drawn);
    drawn.dispose();
  }
  const states = transitions.stateTable.slice(0, 400);
  const actions = agent.act(states);
  const offs = Float64Array.from({ length: 200 }, (_, i) => log.off(degrees(states, i), degrees(actions, i)));
  const mean = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0) / values.length;
  for (const part of [agent, buffer]) part.dispose();
  return { figures, away: mean(offs.map(Math.abs)), earned: mean(offs.map(log.reward)) };
}

const quick = {
  discount,
  hidden: [24, 24],
  targetRate: 0.05,
  actorLearningRate: 3e-3,
  criticLearningRate: 5e-3,
};

const unbounded = { boundedTargets: false, boundedValues: false };

test("plain DDPG leaves the arc, and its Q leaves what anyone could earn", () => {
  const { figures, away, earned } = learned((problem) => ddpg(problem, { ...quick, ...unbounded }));
  assert.ok(figures.alarmShare > 0.5 && figures.actorQ > 11, `${figures.alarmShare}, ${figures.actorQ}`);
  assert.ok(away > 2 * log.halfWidth, `${away} degrees`);
  assert.ok(earned < 0.5, `${earned}`); // what it believes to be worth 15 / (steps of at most 1) earns little
});

test("with targets kept within what anyone could earn they never leave, and Q at the actor's actions is off by little", () => {
  const buffer = replayBuffer(transitions);
  const all = buffer.gather(Int32Array.from({ length: 400 }, (_, i) => i));
  const { figures } = learned((problem) => {
    const agent = ddpg(problem, { ...quick, boundedValues: false });
    const learn = (batch: Parameters<Agent["learn"]>[0]): Record<string, number> => {
      const heard = agent.learn(batch);
      assert.ok(Math.abs(heard.targetMean) <= 10);
      return heard;
    };
    // Looked at before the networks are gone: every target there is, and Q at what was logged.
    const dispose = (): void => {
      const { critic } = agent.networks;
      const [targets, values] = tf().tidy(() => [
        ddpgTargets(agent.networks, all, agent.config, { bounds: log.bounds }).dataSync<"float32">(),
        actionValue(critic, all.states, all.actions).dataSync<"float32">(),
      ]);
      for (const [i, each] of targets.entries()) {
        assert.ok(Math.abs(each) < 10 + 1e-5 && Math.abs(values[i]) < 10.2, `${each}, ${values[i]}`);
      }
      agent.dispose();
    };
    return { ...agent, learn, dispose };
  });
  // The line that Q goes on in beyond the arc is still climbed, but no target believes it: 10.9, where it was 15.3.
  assert.ok(figures.meanQ < 9.5 && figures.actorQ < 11.5, `${figures.meanQ}, ${figures.actorQ}`);
  for (const part of [all, buffer]) part.dispose();
});

test("with Q at the actor's actions held within them too, there is nothing impossible left to climb", () => {
  const { figures, away } = learned((problem) => ddpg(problem, quick));
  assert.ok(figures.alarmShare < 0.05, `${figures.alarmShare}`);
  assert.ok(figures.actorQ > 9 && figures.actorQ < 10.1, `${figures.actorQ}`);
  assert.ok(away < 2 * log.halfWidth, `${away} degrees`);
});

test("BCQ stays near the arc, and its Q within bounds", () => {
  const { figures, away } = learned((problem) => bcq(problem, { ...quick, latentSize: 2 }));
  assert.equal(figures.alarmShare, 0);
  assert.ok(Math.abs(figures.actorQ) < 10);
  assert.ok(away < log.halfWidth, `${away} degrees`);
});

test("so does TD3+BC", () => {
  const config = { ...quick, ...paperTd3Bc, criticWeight: 1, policyNoise: 0.05 };
  const { figures, away, earned } = learned((problem) => td3(problem, config));
  assert.equal(figures.alarmShare, 0);
  assert.ok(away < log.halfWidth, `${away} degrees`);
  assert.ok(earned > 0.5, `${earned}`); // near the better end of the arc
});

test("so does IQL, which never asks what lies beyond it", () => {
  const { figures, away, earned } = learned((problem) => iql(problem, quick));
  assert.equal(figures.alarmShare, 0);
  assert.ok(away < log.halfWidth, `${away} degrees`);
  assert.ok(earned > 0, `${earned}, ${away}`);
});
