import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { adam } from "../../tensors/adam";
import { gradientStep } from "../../tensors/gradientStep";
import { gaussian } from "../../tensors/initialisers";
import { type Network, network, variableOf } from "../../tensors/networks";
import { type Tensor2D, tf, type Variable } from "../../tensors/tf";
import { retrievedActions } from "../catalogue";
import { criticLoss, softmaxBehaviour, squaredBehaviour } from "../losses";
import { actionValue } from "../networks";
import { slopes } from "../slopes.fixture";
import { A, B, itemVectors, N, numbers, problem, S, small, someBatch } from "../smallProblem.fixture";
import { type DdpgConfig, ddpgActorLoss, ddpgNetworks, ddpgTargets } from "./ddpg";

test("direction: an actor step on a frozen quadratic critic raises Q and leaves the critic bit-identical", () => {
  const networks = ddpgNetworks(problem(1), small);
  const peak = variableOf(Float32Array.of(0.6, -0.8), [A]);
  const critic: Network = network(
    [peak],
    ([p], input) => input.slice([0, S], [-1, A]).sub(p).square().sum(1, true).neg() as Tensor2D,
  );
  const frozen = { ...networks, critic };
  const drawn = someBatch(2);
  const optimizer = adam(networks.actor.variables, { learningRate: 0.01 });
  for (const options of [{}, { maximumNorm: 0.1 }]) {
    const value = (): number => tf().tidy(() => ddpgActorLoss(frozen, drawn, small).value.dataSync()[0]);
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
    networks.actor.variables[last].assign(tf().tensor2d(gaussian(8 * A, 0.5, random(5)), [8, A]));
    const targets = ddpgTargets(networks, drawn, config);
    for (let seed = 1; seed <= 3; seed++) {
      for (const [loss, own] of [
        [() => criticLoss([networks.critic], drawn, targets).loss, networks.critic],
        [() => ddpgActorLoss(networks, drawn, config, terms[behaviour]).loss, networks.actor],
      ] as const) {
        const [measured, product] = slopes(loss, own.variables, { seed });
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
    ([scale], input) => input.slice([0, S], [-1, A]).pow(3).sum(1, true).mul(scale) as Tensor2D,
  );
  const [w] = networks.actor.variables as [Variable];
  const gradient = tf().tidy(() => {
    const { grads } = tf().variableGrads(
      () => ddpgActorLoss({ ...networks, critic }, drawn, small).loss,
      [w],
    );
    return Float32Array.from(grads[w.name].dataSync());
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
  for (let i = 0; i < gradient.length; i++) assert.ok(Math.abs(gradient[i] - own[i]) < 1e-5);
  assert.ok(gradient.some((value, i) => Math.abs(value - replayed[i]) > 0.05));
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
    for (let i = 0; i < B; i++) assert.ok(Math.abs(targets[i] - (r[i] + 0.9 * (1 - t[i]) * q[i])) < 1e-6);
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
    const expected = (-3 / size) * mean + 2 * parts.behaviour.dataSync()[0];
    assert.ok(Math.abs(parts.loss.dataSync()[0] - expected) < 1e-5);
    assert.ok(Math.abs(parts.value.dataSync()[0] - mean) < 1e-6);
  });
});

test("bootstrapping at the item: of what is left the vector with the largest served logit, by hand", () => {
  const networks = ddpgNetworks(problem(1), small);
  const { itemBias, temperature } = problem(1).catalogue;
  const servedBias = gaussian(N, 1, random(7));
  const nextAdded = {
    rows: Int32Array.from({ length: B }, (_, n) => n),
    items: Int32Array.from({ length: B }, (_, n) => (2 * n) % N),
    values: gaussian(B, 3, random(8)),
  };
  const cases = [
    { bias: itemBias, given: {}, catalogue: {} },
    { bias: itemBias, given: { seen: true }, catalogue: {} },
    { bias: servedBias, given: { seen: true, added: true }, catalogue: { servedBias } },
  ];
  const found = cases.map(({ bias, given, catalogue }) => {
    const drawn = someBatch(2, given.seen ? { seen: true } : {});
    const added = "added" in given ? { nextAdded } : {};
    const { catalogue: own, ...bare } = problem(1);
    const tensors = tf().memory().numTensors;
    const items = retrievedActions({ ...bare, catalogue: { ...own, ...catalogue } });
    const rows = tf().tidy(() => {
      const proposed = networks.targetActor.apply(drawn.nextStates).dataSync();
      const chosen = Array.from({ length: B }, (_, n) => {
        const logits = Array.from(bias, (each, row) => {
          let product = 0;
          for (let a = 0; a < A; a++) product += proposed[n * A + a] * itemVectors[row * A + a];
          const extra = "added" in given && row === nextAdded.items[n] ? nextAdded.values[n] : 0;
          const had = drawn.nextSeen !== undefined && drawn.nextSeen.items[n] === row;
          return had ? Number.NEGATIVE_INFINITY : product / temperature + each + extra;
        });
        return logits.indexOf(Math.max(...logits));
      });
      assert.ok(new Set(chosen).size > 1);
      const nextActions = tf().gather(tf().tensor2d(itemVectors, [N, A]), chosen) as Tensor2D;
      const next = actionValue(networks.targetCritic, drawn.nextStates, nextActions).dataSync();
      const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
      const targets = ddpgTargets(networks, { ...drawn, ...added }, small, { items }).dataSync();
      for (let n = 0; n < B; n++)
        assert.ok(Math.abs(targets[n] - (r[n] + 0.9 * (1 - t[n]) * next[n])) < 1e-6);
      return chosen.join();
    });
    items.dispose();
    assert.equal(tf().memory().numTensors, tensors);
    return rows;
  });
  assert.equal(new Set(found).size, cases.length); // mask, served bias and added logits each matter
});

test("softmax behaviour: −log of the logged item's share under q·v/T and the model's own bias, by hand", () => {
  const { catalogue } = problem(1);
  const drawn = someBatch(3);
  const queries = gaussian(B * A, 1, random(5));
  const term = softmaxBehaviour({ ...catalogue, servedBias: gaussian(N, 3, random(6)) }, A);
  const rows = drawn.itemRows.dataSync();
  for (const T of [catalogue.temperature, 1]) {
    let expected = 0;
    for (let n = 0; n < B; n++) {
      const logits = Array.from(catalogue.itemBias, (bias, row) => {
        let product = 0;
        for (let a = 0; a < A; a++) product += queries[n * A + a] * itemVectors[row * A + a];
        return product / T + bias;
      });
      expected += (Math.log(logits.reduce((sum, each) => sum + Math.exp(each), 0)) - logits[rows[n]]) / B;
    }
    const loss = tf().tidy(
      () => term.loss(tf().tensor2d(queries, [B, A]), drawn.actions, drawn.itemRows).dataSync()[0],
    );
    assert.equal(Math.abs(loss - expected) < 1e-4, T === catalogue.temperature, `${loss}, ${expected}`);
  }
  term.dispose();
});
