import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../../math/random";
import { batch } from "../../replay/batch";
import { adam } from "../../tensors/adam";
import { gradientStep } from "../../tensors/gradientStep";
import { gaussian } from "../../tensors/initialisers";
import type { Network } from "../../tensors/networks";
import { type Scalar, type Tensor1D, type Tensor2D, tf } from "../../tensors/tf";
import { criticLoss } from "../losses";
import { A, B, numbers, problem, regularised, S, small, someBatch } from "../smallProblem.fixture";
import { ddpg, ddpgActorLoss, ddpgNetworks, ddpgTargets } from "./ddpg";

test("isolation: the critic's step moves no actor, the actor's step no critic", () => {
  const networks = ddpgNetworks(problem(1), small);
  const drawn = someBatch(2);
  const { actor, critic, targetActor, targetCritic } = networks;
  const others = (own: Network): Float32Array[] =>
    numbers(
      [actor, critic, targetActor, targetCritic]
        .filter((each) => each !== own)
        .flatMap((each) => each.variables),
    );
  const targets = ddpgTargets(networks, drawn, small);
  for (const [own, loss] of [
    [critic, () => criticLoss([critic], drawn, targets).loss],
    [actor, () => ddpgActorLoss(networks, drawn, small).loss],
  ] as const) {
    const before = others(own);
    gradientStep(loss, own.variables, adam(own.variables, { learningRate: 0.01 }));
    assert.deepEqual(others(own), before);
  }
});

test("isolation in learn: whether the actor steps or not, the critic ends at the same bytes", () => {
  const [moving, still] = [0, 1].map((warmUp) => {
    const agent = ddpg(problem(1), { ...regularised, warmUp });
    agent.learn(someBatch(1));
    return agent.networks;
  });
  assert.deepEqual(numbers(moving.critic.variables), numbers(still.critic.variables));
  assert.notDeepEqual(numbers(moving.actor.variables), numbers(still.actor.variables));
});

test("movement: every online weight moves, each target moves by exactly the target rate", () => {
  const agent = ddpg(problem(1), { ...regularised, targetRate: 0.25 });
  const { actor, critic, targetActor, targetCritic } = agent.networks;
  const pairs = [
    [actor, targetActor],
    [critic, targetCritic],
  ] as const;
  const start = pairs.map(([online]) => numbers(online.variables));
  agent.learn(someBatch(1)); // the zero last layer hides the layers before it from the first gradient
  const targetsBefore = pairs.map(([, target]) => numbers(target.variables));
  agent.learn(someBatch(2));
  for (const [p, [online, target]] of pairs.entries()) {
    const now = numbers(online.variables);
    for (const [v, after] of numbers(target.variables).entries()) {
      assert.notDeepEqual(now[v], start[p][v], `variable ${v} of ${p === 0 ? "the actor" : "the critic"}`);
      for (let i = 0; i < after.length; i++) {
        const expected = 0.75 * targetsBefore[p][v][i] + 0.25 * now[v][i];
        assert.ok(Math.abs(after[i] - expected) < 1e-6);
      }
    }
  }
  agent.dispose();
});

test("discount 0 is reward regression: the next state plays no part", () => {
  const [one, other] = [1, 2].map((seed) => {
    const agent = ddpg(problem(3), { ...small, discount: 0 });
    const drawn = someBatch(4);
    const altered = batch({ ...drawn, nextStates: tf().tensor2d(gaussian(B * S, 9, random(seed)), [B, S]) });
    for (let i = 0; i < 5; i++)
      assert.ok(
        Math.abs(agent.learn(altered).targetMean - (drawn.rewards.mean() as Scalar).dataSync()[0]) < 1e-6,
      );
    return numbers(agent.networks.critic.variables);
  });
  assert.deepEqual(one, other);
});

test("same seed, same bytes; another seed, others", () => {
  const trained = (seed: number): Float32Array[] => {
    const agent = ddpg(problem(seed), regularised);
    for (let i = 0; i < 20; i++) agent.learn(someBatch(i));
    return numbers(agent.networks.actor.variables);
  };
  assert.deepEqual(trained(1), trained(1));
  assert.notDeepEqual(trained(1), trained(2));
});

test("no tensor is left behind over 1,000 updates, and dispose leaves none at all", () => {
  const drawn = someBatch(1);
  for (const config of [
    small,
    regularised,
    { ...regularised, behaviour: "squared", maximumNorm: 1 },
  ] as const) {
    const empty = tf().memory().numTensors;
    const agent = ddpg(problem(1), config);
    agent.learn(drawn);
    const before = tf().memory().numTensors;
    for (let i = 0; i < (config === small ? 1000 : 100); i++) agent.learn(drawn);
    agent.act(new Float32Array(2 * S));
    assert.equal(tf().memory().numTensors, before);
    agent.dispose();
    assert.equal(tf().memory().numTensors, empty);
  }
});

test("an actor with a head starts as that head", () => {
  const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };
  const states = gaussian(4 * S, 1, random(3));
  const actions = ddpg({ ...problem(1), head }, small).act(states);
  for (let n = 0; n < 4; n++) {
    const raw = Array.from({ length: A }, (_, a) => {
      let sum = head.bias[a];
      for (let s = 0; s < S; s++) sum += states[n * S + s] * head.weights[s * A + a];
      return sum;
    });
    const norm = Math.hypot(...raw);
    for (let a = 0; a < A; a++) assert.ok(Math.abs(actions[n * A + a] - raw[a] / norm) < 1e-6);
  }
  assert.throws(() => ddpg({ ...problem(1), head: { ...head, bias: new Float32Array(1) } }), /head of 3 × 2/);
});

test("during warm-up only the critic learns", () => {
  const agent = ddpg(problem(1), { ...small, warmUp: 2 });
  const before = numbers(agent.networks.actor.variables);
  for (let i = 0; i < 2; i++) assert.ok(!("actorLoss" in agent.learn(someBatch(i))));
  assert.deepEqual(numbers(agent.networks.actor.variables), before);
  assert.ok("actorLoss" in agent.learn(someBatch(2)));
  assert.notDeepEqual(numbers(agent.networks.actor.variables), before);
});

test("the alarm counts values that no policy could earn", () => {
  const loud = ddpg({ ...problem(1), valueBounds: [-1e-9, 1e-9] }, small);
  const calm = ddpg({ ...problem(1), valueBounds: [-1e9, 1e9] }, small);
  assert.equal(loud.learn(someBatch(1)).alarmShare, 1);
  assert.equal(calm.learn(someBatch(1)).alarmShare, 0);
});

test("the alarm also counts the values that the actor climbs, at its own actions", () => {
  const head = { weights: new Float32Array(S * A), bias: Float32Array.of(1000, 0) };
  const agent = ddpg(
    { ...problem(1), head, valueBounds: [-100, 100], actionSpace: "free" },
    { ...small, hidden: [], warmUp: 1, criticLearningRate: 1e-9 },
  );
  // Q(s, a) = a₀: small at the logged actions, 1,000 at the actor's.
  agent.networks.critic.variables[0].assign(tf().tensor2d([0, 0, 0, 1, 0], [S + A, 1]));
  assert.equal(agent.learn(someBatch(1)).alarmShare, 0); // warm-up: nobody climbs yet
  const { meanQ, actorQ, alarmShare } = agent.learn(someBatch(1));
  assert.ok(Math.abs(meanQ) < 10 && Math.abs(actorQ - 1000) < 1);
  assert.equal(alarmShare, 1);
});

test("a loaded agent goes on exactly as the saved one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agent-"));
  try {
    const [agent, again] = [ddpg(problem(1), regularised), ddpg(problem(2), regularised)];
    for (let i = 0; i < 3; i++) agent.learn(someBatch(i));
    await agent.save(folder);
    await again.load(folder);
    for (let i = 3; i < 6; i++) assert.deepEqual(again.learn(someBatch(i)), agent.learn(someBatch(i)));
    assert.deepEqual(
      numbers(again.networks.targetActor.variables),
      numbers(agent.networks.targetActor.variables),
    );
    await assert.rejects(ddpg(problem(1), { ...small, hidden: [4] }).load(folder), /same sizes/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("bad settings and broadcasting shapes are refused by name", () => {
  const make = (changes: object) => () => ddpg(problem(1), changes);
  assert.throws(make({ discount: 1.2 }), /ddpg requires discount to be a number in \[0, 1\), got 1.2/);
  assert.throws(make({ discont: 0.9 }), /known settings, got "discont"/);
  assert.throws(make({ maximumNorm: -1 }), /maximumNorm to be a number above 0, or null, got -1/);
  assert.throws(
    make({ behaviour: "clone" }),
    /behaviour to be "none" or "softmax" or "squared", got "clone"/,
  );
  assert.throws(make({ behaviourWeight: 1 }), /a behaviour term and its weight together/);
  assert.throws(make({ behaviour: "squared" }), /a behaviour term and its weight together/);
  assert.throws(make({ criticWeight: 0 }), /got neither/);
  assert.throws(make({ hidden: [0] }), /hidden to be a list of whole numbers from 1, got \[0\]/);
  const { catalogue: _, ...bare } = problem(1);
  assert.throws(() => ddpg(bare, regularised), /requires a catalogue/);
  const fine = someBatch(1);
  const flat = fine.rewards.reshape([B]) as Tensor1D;
  assert.throws(
    () => batch({ ...fine, rewards: flat as unknown as Tensor2D }),
    /rewards of shape \[16, 1\], got \[16\]/,
  );
  assert.throws(() => batch({ ...fine, rewards: fine.rewards.tile([1, B]) }), /got \[16, 16\]/);
});
