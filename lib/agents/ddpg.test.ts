import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../math/random";
import { type Batch, batch } from "../replay/batch";
import { adam } from "../tensors/adam";
import { gradientStep } from "../tensors/gradientStep";
import { gaussian } from "../tensors/initialisers";
import { type Network, network, variableOf } from "../tensors/networks";
import { type Scalar, type Tensor1D, type Tensor2D, tf, type Variable } from "../tensors/tf";
import { actionValue } from "./actorNetwork";
import { softmaxBehaviour, squaredBehaviour } from "./behaviour";
import {
  type DdpgConfig,
  ddpg,
  ddpgActorLoss,
  ddpgCriticLoss,
  ddpgDefaults,
  ddpgNetworks,
  ddpgTargets,
} from "./ddpg";
import { retrievedActions } from "./retrievedActions";

const [S, A, B, N] = [3, 2, 16, 5];
const itemVectors = gaussian(N * A, 1, random(9));
const problem = (seed: number) => ({
  stateSize: S,
  actionSize: A,
  random: random(seed),
  catalogue: { itemVectors, itemBias: gaussian(N, 1, random(8)), temperature: 0.5 },
});
const small: DdpgConfig = { ...ddpgDefaults, hidden: [8, 8] };
const constrained = {
  ...small,
  behaviour: "softmax",
  behaviourWeight: 0.7,
  scaleByValue: true,
  bootstrapAt: "item",
} as const;

function someBatch(seed: number): Batch {
  const draw = random(seed);
  const matrix = (width: number) => tf().tensor2d(gaussian(B * width, 1, draw), [B, width]);
  const itemRows = Int32Array.from({ length: B }, () => draw.integer(N));
  return batch({
    states: matrix(S),
    actions: tf().gather(tf().tensor2d(itemVectors, [N, A]), itemRows),
    itemRows: tf().tensor1d(itemRows, "int32"),
    rewards: matrix(1),
    nextStates: matrix(S),
    terminals: tf().tensor2d(
      Float32Array.from({ length: B }, () => draw.integer(2)),
      [B, 1],
    ),
  });
}

const numbers = (variables: readonly Variable[]): Float32Array[] =>
  variables.map((variable) => Float32Array.from(variable.dataSync()));

test("direction: an actor step on a frozen quadratic critic raises Q and leaves the critic bit-identical", () => {
  const networks = ddpgNetworks(problem(1), small);
  const peak = variableOf(Float32Array.of(0.6, -0.8), [A]);
  const critic: Network = network(
    [peak],
    ([p], input) => input.slice([0, S], [-1, A]).sub(p!).square().sum(1, true).neg() as Tensor2D,
  );
  const frozen = { ...networks, critic };
  const drawn = someBatch(2);
  const optimizer = adam(networks.actor.variables, { learningRate: 0.01 });
  for (const options of [{}, { maximumNorm: 0.1 }]) {
    const value = (): number => tf().tidy(() => ddpgActorLoss(frozen, drawn, small).value.dataSync()[0]!);
    const before = value();
    gradientStep(
      () => ddpgActorLoss(frozen, drawn, small).loss,
      networks.actor.variables,
      optimizer,
      options,
    );
    assert.ok(value() > before, `${value()} after ${before}`);
    assert.deepEqual(numbers([peak])[0], Float32Array.of(0.6, -0.8));
  }
});

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
    [critic, () => ddpgCriticLoss(networks, drawn, targets)],
    [actor, () => ddpgActorLoss(networks, drawn, small).loss],
  ] as const) {
    const before = others(own);
    gradientStep(loss, own.variables, adam(own.variables, { learningRate: 0.01 }));
    assert.deepEqual(others(own), before);
  }
});

test("isolation in learn: whether the actor steps or not, the critic ends at the same bytes", () => {
  const [moving, still] = [0, 1].map((warmUp) => {
    const agent = ddpg(problem(1), { ...constrained, warmUp });
    agent.learn(someBatch(1));
    return agent.networks;
  });
  assert.deepEqual(numbers(moving!.critic.variables), numbers(still!.critic.variables));
  assert.notDeepEqual(numbers(moving!.actor.variables), numbers(still!.actor.variables));
});

test("movement: every online weight moves, each target moves by exactly the target rate", () => {
  const agent = ddpg(problem(1), { ...constrained, targetRate: 0.25 });
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
      assert.notDeepEqual(now[v], start[p]![v], `variable ${v} of ${p === 0 ? "the actor" : "the critic"}`);
      for (let i = 0; i < after.length; i++) {
        const expected = 0.75 * targetsBefore[p]![v]![i]! + 0.25 * now[v]![i]!;
        assert.ok(Math.abs(after[i]! - expected) < 1e-6);
      }
    }
  }
  agent.dispose();
});

/** Slope of a loss along a direction in weight space, by central differences, beside gradient · direction. */
function slopes(loss: () => Scalar, variables: readonly Variable[], seed: number): [number, number] {
  const draw = random(seed);
  const directions = variables.map((variable) => gaussian(variable.size, 1, draw));
  const shift = (step: number): void => {
    for (const [v, variable] of variables.entries())
      variable.assign(variable.add(tf().tensor(directions[v]!, variable.shape).mul(step)));
  };
  return tf().tidy(() => {
    const { grads } = tf().variableGrads(loss, [...variables]);
    let product = 0;
    for (const [v, variable] of variables.entries()) {
      const gradient = grads[variable.name]!.dataSync<"float32">();
      for (let i = 0; i < gradient.length; i++) product += gradient[i]! * directions[v]![i]!;
    }
    const step = 2e-3;
    shift(step);
    const above = loss().dataSync()[0]!;
    shift(-2 * step);
    const below = loss().dataSync()[0]!;
    shift(step);
    return [(above - below) / (2 * step), product] as [number, number];
  });
}

test("finite differences agree with the gradients of both losses", () => {
  const drawn = someBatch(3);
  const terms = {
    none: undefined,
    softmax: softmaxBehaviour(problem(1).catalogue, A),
    squared: squaredBehaviour(),
  };
  for (const behaviour of ["none", "softmax", "squared"] as const) {
    const config: DdpgConfig = { ...small, behaviour, behaviourWeight: 0.7 };
    const networks = ddpgNetworks(problem(4), config);
    const last = networks.actor.variables.length - 2; // wake the zero layer, so that every weight counts
    networks.actor.variables[last]!.assign(tf().tensor2d(gaussian(8 * A, 0.5, random(5)), [8, A]));
    const targets = ddpgTargets(networks, drawn, config);
    for (let seed = 1; seed <= 3; seed++) {
      for (const [loss, own] of [
        [() => ddpgCriticLoss(networks, drawn, targets), networks.critic],
        [() => ddpgActorLoss(networks, drawn, config, terms[behaviour]).loss, networks.actor],
      ] as const) {
        const [measured, product] = slopes(loss, own.variables, seed);
        assert.ok(
          Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3,
          `${measured} and ${product}`,
        );
      }
    }
  }
});

test("the actor's gradient is taken at its own action, not at the replayed one", () => {
  const networks = ddpgNetworks(problem(6), small);
  const drawn = someBatch(7);
  // A critic whose slope in the action depends on the action: Q = sum of a³.
  const critic = network(
    [variableOf(Float32Array.of(1), [])],
    ([scale], input) => input.slice([0, S], [-1, A]).pow(3).sum(1, true).mul(scale!) as Tensor2D,
  );
  const [w] = networks.actor.variables as [Variable];
  const gradient = tf().tidy(() => {
    const { grads } = tf().variableGrads(
      () => ddpgActorLoss({ ...networks, critic }, drawn, small).loss,
      [w],
    );
    return Float32Array.from(grads[w.name]!.dataSync());
  });
  // Chain rule by hand, with dQ/da = 3a² taken at a chosen action: dL/dW = −1/B Σ s (J dQ/da)ᵀ.
  const byHand = (at: "own" | "replayed"): Float32Array =>
    tf().tidy(() => {
      const raw = drawn.states.matMul(w as unknown as Tensor2D); // the rest of the actor is zero at the start
      const norm = raw.square().sum(1, true).sqrt();
      const actions = raw.div(norm);
      const slope = (at === "own" ? actions : drawn.actions).square().mul(3);
      const through = slope.sub(actions.mul(slope.mul(actions).sum(1, true))).div(norm);
      return Float32Array.from(
        drawn.states
          .transpose()
          .matMul(through as Tensor2D)
          .div(-B)
          .dataSync(),
      );
    });
  const [own, replayed] = [byHand("own"), byHand("replayed")];
  for (let i = 0; i < gradient.length; i++) assert.ok(Math.abs(gradient[i]! - own[i]!) < 1e-5);
  assert.ok(gradient.some((value, i) => Math.abs(value - replayed[i]!) > 0.05));
});

test("the losses by hand: target, critic, actor parts and the value scale", () => {
  const networks = ddpgNetworks(problem(1), small);
  const drawn = someBatch(2);
  // Targets that differ from their sources, or confusing the two would go unseen.
  for (const target of [networks.targetActor, networks.targetCritic])
    for (const [v, variable] of target.variables.entries())
      variable.assign(tf().tensor(gaussian(variable.size, 0.5, random(20 + v)), variable.shape));
  tf().tidy(() => {
    const next = actionValue(
      networks.targetCritic,
      drawn.nextStates,
      networks.targetActor.apply(drawn.nextStates),
    );
    const [r, t, q] = [drawn.rewards, drawn.terminals, next].map((each) => each.dataSync());
    const targets = ddpgTargets(networks, drawn, small).dataSync();
    for (let i = 0; i < B; i++)
      assert.ok(Math.abs(targets[i]! - (r![i]! + 0.9 * (1 - t![i]!) * q![i]!)) < 1e-6);
    const config: DdpgConfig = {
      ...small,
      behaviour: "squared",
      behaviourWeight: 2,
      criticWeight: 3,
      scaleByValue: true,
    };
    const parts = ddpgActorLoss(networks, drawn, config, squaredBehaviour());
    const values = actionValue(
      networks.critic,
      drawn.states,
      networks.actor.apply(drawn.states),
    ).dataSync<"float32">();
    const mean = values.reduce((a, b) => a + b) / B;
    const size = values.reduce((a, b) => a + Math.abs(b), 0) / B;
    const expected = (-3 / size) * mean + 2 * parts.behaviour.dataSync()[0]!;
    assert.ok(Math.abs(parts.loss.dataSync()[0]! - expected) < 1e-5);
    assert.ok(Math.abs(parts.value.dataSync()[0]! - mean) < 1e-6);
  });
});

test("bootstrapping at the item: the next action is the vector with the largest logit, by hand", () => {
  const networks = ddpgNetworks(problem(1), small);
  const drawn = someBatch(2);
  const { itemBias, temperature } = problem(1).catalogue;
  const items = retrievedActions(problem(1));
  const tensors = tf().memory().numTensors;
  tf().tidy(() => {
    const proposed = networks.targetActor.apply(drawn.nextStates).dataSync();
    const chosen = Array.from({ length: B }, (_, n) => {
      const logits = Array.from(itemBias, (bias, row) => {
        let product = 0;
        for (let a = 0; a < A; a++) product += proposed[n * A + a]! * itemVectors[row * A + a]!;
        return product / temperature + bias;
      });
      return logits.indexOf(Math.max(...logits));
    });
    assert.ok(new Set(chosen).size > 1);
    const nextActions = tf().gather(tf().tensor2d(itemVectors, [N, A]), chosen) as Tensor2D;
    const next = actionValue(networks.targetCritic, drawn.nextStates, nextActions).dataSync();
    const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
    const targets = ddpgTargets(networks, drawn, small, items).dataSync();
    for (let n = 0; n < B; n++)
      assert.ok(Math.abs(targets[n]! - (r[n]! + 0.9 * (1 - t[n]!) * next[n]!)) < 1e-6);
  });
  assert.equal(tf().memory().numTensors, tensors);
  items.dispose();
});

test("discount 0 is reward regression: the next state plays no part", () => {
  const [one, other] = [1, 2].map((seed) => {
    const agent = ddpg(problem(3), { ...small, discount: 0 });
    const drawn = someBatch(4);
    const altered = batch({ ...drawn, nextStates: tf().tensor2d(gaussian(B * S, 9, random(seed)), [B, S]) });
    for (let i = 0; i < 5; i++)
      assert.ok(
        Math.abs(agent.learn(altered).targetMean! - (drawn.rewards.mean() as Scalar).dataSync()[0]!) < 1e-6,
      );
    return numbers(agent.networks.critic.variables);
  });
  assert.deepEqual(one, other);
});

test("same seed, same bytes; another seed, others", () => {
  const trained = (seed: number): Float32Array[] => {
    const agent = ddpg(problem(seed), constrained);
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
    constrained,
    { ...constrained, behaviour: "squared", maximumNorm: 1 },
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
      let sum = head.bias[a]!;
      for (let s = 0; s < S; s++) sum += states[n * S + s]! * head.weights[s * A + a]!;
      return sum;
    });
    const norm = Math.hypot(...raw);
    for (let a = 0; a < A; a++) assert.ok(Math.abs(actions[n * A + a]! - raw[a]! / norm) < 1e-6);
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

test("a loaded agent goes on exactly as the saved one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agent-"));
  try {
    const [agent, again] = [ddpg(problem(1), constrained), ddpg(problem(2), constrained)];
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
  assert.throws(() => ddpg(bare, constrained), /requires a catalogue/);
  const fine = someBatch(1);
  const flat = fine.rewards.reshape([B]) as Tensor1D;
  assert.throws(
    () => batch({ ...fine, rewards: flat as unknown as Tensor2D }),
    /rewards of shape \[16, 1\], got \[16\]/,
  );
  assert.throws(() => batch({ ...fine, rewards: fine.rewards.tile([1, B]) }), /got \[16, 16\]/);
});
