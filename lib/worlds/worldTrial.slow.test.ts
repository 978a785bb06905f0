import assert from "node:assert/strict";
import { test } from "node:test";
import type { Agent } from "../agents/agent";
import { random } from "../math/random";
import { plan } from "./decisionTables";
import { interestEvolution } from "./interestEvolution";
import { satiation, satiationSettings, satiationTables } from "./satiation";
import { agentPolicy, trialAgents, worldTransitions, worldTrial } from "./worldTrial";

test("a log as transitions: states stretched, ends where readers left, returns to their end", () => {
  const log = worldTransitions(satiation(), "random", { users: 50, discount: 0.5, random: random(1) });
  const state = (row: number): Float32Array => log.stateTable.subarray(3 * row, 3 * row + 3);
  assert.equal(
    log.terminals.reduce((sum, end) => sum + end, 0),
    50,
  );
  const last = new Map<number, number>();
  for (let t = log.size - 1; t >= 0; t--) {
    const user = log.stateRows[t] % 50;
    assert.equal(log.nextStateRows[t], log.stateRows[t] + 50);
    assert.equal(log.terminals[t] === 1, !last.has(user), "only the last step of a reader is an end");
    const expected = log.rewards[t] + 0.5 * (last.get(user) ?? 0);
    assert.ok(Math.abs(log.returns![t] - expected) < 1e-5);
    last.set(user, log.returns![t]);
    // The reward tells the level that the state must show.
    const item = log.itemRows[t];
    const level = Math.round(1.5 * (1 + state(log.stateRows[t])[item]));
    assert.ok(Math.abs(log.rewards[t] - [1, 0.87, 0.21][item] * (1 - 0.04 * level)) < 1e-6);
  }
});

test("where all readers are alike a network still learns: no state is one of zeros", () => {
  // With effects off every reader stays at level 0 of everything; an actor then knows its biases alone.
  const world = satiation({ effects: false });
  for (const agent of ["td3", "sac"]) {
    const value = worldTrial(world, agent, { users: 300, discount: 0.9, updates: 600, seed: 1 });
    assert.ok(Math.abs(value - world.value!("greedy", 0.9)) < 1e-6, `${agent}: ${value}`);
  }
});

test("an agent that knows the plan is worth the optimum, by its actions as by values of its own", () => {
  const world = satiation();
  const { policy, actionValues } = plan(satiationTables(satiationSettings.parse({})), 0.9);
  const stateOf = (states: Float32Array, i: number): number =>
    [0, 1, 2].reduce((index, k) => 4 * index + Math.round(1.5 * (1 + states[3 * i + k])), 0);
  const each = (states: Float32Array, value: (state: number, a: number) => number): Float32Array =>
    Float32Array.from(states, (_, at) => value(stateOf(states, Math.floor(at / 3)), at % 3));
  const byActions = {
    name: "planner",
    act: (states) => each(states, (s, a) => (policy[s] === a ? 1 : 0)),
  } as Agent;
  // Values with the items' order turned round, and a bias that has to be counted.
  const byValues = {
    name: "values",
    act: (states) => each(states, (s, k) => actionValues[3 * s + (2 - k)] + (k === 0 ? -5 : 0)),
    items: () => ({
      itemVectors: Float32Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0),
      itemBias: Float32Array.of(0, 0, 5),
      candidates: null,
      temperature: 1,
    }),
  } as Agent;
  for (const agent of [byActions, byValues]) {
    const value = world.value!(agentPolicy(agent, world.environments(1)), 0.9);
    assert.ok(Math.abs(value - world.value!("optimal", 0.9)) < 1e-9, `${agent.name}: ${value}`);
  }
});

test("from a log DQN learns to spare readers, which greedy does not, and with effects off what greedy knows", () => {
  const changes = { genres: 2, levels: 3, quality: [1, 0.8], leave: [0, 0.2, 0.5], rise: 1, recovery: 1 };
  for (const effects of [true, false]) {
    const world = satiation({ ...changes, leave: effects ? changes.leave : [0.05], effects });
    const value = worldTrial(world, "dqn", { users: 300, epsilon: 1, discount: 0.9, updates: 600, seed: 2 });
    const [best, greedy] = [world.value!("optimal", 0.9), world.value!("greedy", 0.9)];
    if (effects)
      assert.ok(best > 1.3 * greedy && value > 0.95 * best, `${value} of ${best}, greedy ${greedy}`);
    else assert.ok(Math.abs(value - greedy) < 1e-6, `${value}, greedy ${greedy}`);
  }
});

test("SlateQ: the further it looks the more it earns from a log of slates", () => {
  const world = interestEvolution({ choice: "logit" });
  const options = { users: 100, epsilon: 1, judgedAt: 1, seed: 1 };
  const [near, far] = [0, 0.97].map((discount) => worldTrial(world, "slate-q", { ...options, discount }));
  assert.ok(far > near + 10, `${far}, ${near}`);
});

test("unknown agents are refused with those that there are", () => {
  assert.throws(
    () => worldTrial(satiation(), "oracle", { discount: 0, seed: 1 }),
    /no agent oracle, but behaviour-cloning/,
  );
  assert.ok(Object.keys(trialAgents).includes("sac"));
});
