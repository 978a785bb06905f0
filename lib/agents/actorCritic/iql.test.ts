import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { type Batch, batch } from "../../replay/batch";
import { gaussian } from "../../tensors/initialisers";
import type { Network } from "../../tensors/networks";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import { softmaxBehaviour, squaredBehaviour } from "../losses";
import { actionValue } from "../networks";

import { slopes } from "../slopes.fixture";
import { A, B, disturb, problem, S, someBatch } from "../smallProblem.fixture";
import {
  advantageWeights,
  expectileLoss,
  iql,
  iqlActorLoss,
  iqlDefaults,
  iqlNetworks,
  iqlTargets,
  iqlValueLoss,
  loggedDistance,
  loggedValues,
} from "./iql";

const small = { ...iqlDefaults, hidden: [8, 8] };
const column = (values: readonly number[]): Tensor2D => tf().tensor2d([...values], [values.length, 1]);
const near = (actual: number, expected: number, margin: number, what = ""): void =>
  assert.ok(Math.abs(actual - expected) <= margin, `${what} ${actual} for ${expected}`);

/** Networks that are all unlike each other, targets too. */
function unlike() {
  const networks = iqlNetworks(problem(1), small);
  const all = Object.values(networks).flat() as Network[];
  for (const [i, each] of all.entries()) disturb(each.variables, 10 + i);
  return networks;
}

/** Importance weights, all different. */
const weighted = (given: Batch): Batch => ({
  ...given,
  weights: column(Array.from({ length: B }, (_, n) => 0.5 + n / B)),
});

test("the expectile loss: known values, and the least of it at known expectiles", () => {
  const of = (differences: readonly number[], expectile: number): Float32Array =>
    expectileLoss(column(differences), expectile).dataSync<"float32">();
  for (const [i, wanted] of [2.8, 1.2, 0].entries()) near(of([2, -2, 0], 0.7)[i], wanted, 1e-6);
  // Of 0, 0, 0 and 10 the τ-expectile m has τ(10 − m)/4 = (1 − τ)·3m/4: 7.5 at .9, the mean at .5.
  const known = column([0, 0, 0, 10]);
  for (const [expectile, at] of [
    [0.9, 7.5],
    [0.5, 2.5],
    [0.1, 10 / 28],
  ]) {
    const cost = (m: Scalar) => expectileLoss(known.sub(m) as Tensor2D, expectile).mean() as Scalar;
    near(
      tf()
        .grad(cost as never)(tf().scalar(at))
        .dataSync()[0],
      0,
      1e-6,
    );
    for (const aside of [-0.1, 0.1])
      assert.ok(cost(tf().scalar(at)).dataSync()[0] < cost(tf().scalar(at + aside)).dataSync()[0]);
  }
});

test("what V learns from is the smaller target critic at the logged actions; its loss by hand", () => {
  const networks = unlike();
  for (const drawn of [someBatch(2), weighted(someBatch(2))]) {
    const { states, actions } = drawn;
    const said = networks.targetCritics.map((each) =>
      actionValue(each, states, actions).dataSync<"float32">(),
    );
    const logged = loggedValues(networks, drawn);
    const values = networks.value.apply(states).dataSync<"float32">();
    const q = logged.dataSync<"float32">();
    let [expected, firstIsLess] = [0, 0];
    for (let n = 0; n < B; n++) {
      assert.equal(q[n], Math.min(said[0][n], said[1][n]));
      if (said[0][n] < said[1][n]) firstIsLess++;
      const weight = drawn.weights ? 0.5 + n / B : 1;
      expected += (weight * (q[n] > values[n] ? 0.8 : 0.2) * (q[n] - values[n]) ** 2) / B;
    }
    assert.ok(firstIsLess > 0 && firstIsLess < B);
    near(iqlValueLoss(networks, drawn, logged, 0.8).loss.dataSync()[0], expected, 1e-5);
  }
});

test("targets by hand: V of the next state, but not after the end; kept within bounds", () => {
  const networks = unlike();
  const drawn = someBatch(3);
  const next = networks.value.apply(drawn.nextStates).dataSync<"float32">();
  const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
  for (const bounds of [undefined, [-0.1, 0.1]] as const) {
    const targets = iqlTargets(networks, drawn, { discount: 0.8 }, bounds).dataSync();
    for (let n = 0; n < B; n++) {
      const follows = bounds ? Math.min(0.1, Math.max(-0.1, next[n])) : next[n];
      near(targets[n], r[n] + 0.8 * (1 - t[n]) * follows, 1e-6);
    }
  }
});

test("weights: exp(β · advantage), cut at the cap and never infinite; 1 without the critic", () => {
  const of = (changes: object): number[] => [
    ...advantageWeights(column([0, 0.1, -0.1, 2, 1e9, -1e9]), { ...small, ...changes }).dataSync(),
  ];
  for (const [i, wanted] of [1, Math.exp(0.3), Math.exp(-0.3), 100, 100, 0].entries())
    near(of({})[i], wanted, 1e-5);
  near(of({ beta: 10 })[1], Math.E, 1e-5);
  near(of({ criticWeight: 2 })[1], Math.exp(0.6), 1e-5);
  near(of({ weightCap: 1.2 })[1], 1.2, 1e-6);
  assert.deepEqual(of({ criticWeight: 0 }), [1, 1, 1, 1, 1, 1]);
});

for (const behaviour of ["squared", "softmax"] as const)
  test(`the actor's loss is the mean of weight · distance, ${behaviour}: with weights of 1 the others' behaviour term`, () => {
    const networks = unlike();
    const drawn = someBatch(4);
    const distance = loggedDistance(behaviour, problem(1));
    const loss = (weights: readonly number[]): number =>
      iqlActorLoss(networks, drawn, column(weights), distance).dataSync()[0];
    const each = Array.from({ length: B }, (_, n) =>
      loss(Array.from({ length: B }, (_, m) => (m === n ? 1 : 0))),
    );
    assert.ok(each.every((one) => one > 0));
    const some = Array.from({ length: B }, (_, n) => n / 3);
    near(
      loss(some),
      each.reduce((sum, one, n) => sum + some[n] * one, 0),
      1e-3,
    );
    const { catalogue } = problem(1);
    const term = behaviour === "squared" ? squaredBehaviour() : softmaxBehaviour(catalogue, A);
    const all = term.loss(networks.actor.apply(drawn.states), drawn.actions, drawn.itemRows);
    near(loss(new Array(B).fill(1)), all.dataSync()[0], 1e-5);
    for (const part of [distance, term]) part.dispose();
  });

test("finite differences agree with the gradients of V and of the actor", () => {
  const networks = unlike();
  const drawn = weighted(someBatch(5));
  const logged = loggedValues(networks, drawn);
  const weights = column(Array.from({ length: B }, (_, n) => 0.1 + n / 4));
  const check = (loss: () => Scalar, { variables }: Network): void => {
    for (let seed = 1; seed <= 3; seed++) {
      const [measured, product] = slopes(loss, variables, { seed, step: 1e-4 });
      assert.ok(Math.abs(product) > 1e-3);
      near(measured, product, 0.02 * Math.abs(product) + 5e-3);
    }
  };
  check(() => iqlValueLoss(networks, drawn, logged, 0.8).loss, networks.value);
  for (const behaviour of ["squared", "softmax"] as const) {
    const distance = loggedDistance(behaviour, problem(1));
    check(() => iqlActorLoss(networks, drawn, weights, distance), networks.actor);
    distance.dispose();
  }
});

test("no critic is ever asked about an action that is not in the log", () => {
  const agent = iql({ ...problem(1), valueBounds: [-1, 1] }, small);
  const { critics, targetCritics } = agent.networks;
  const drawn = someBatch(1, { seen: true });
  const known = [...tf().concat([drawn.states, drawn.actions], 1).dataSync()];
  let asked = 0;
  for (const critic of [...critics, ...targetCritics]) {
    const { apply } = critic;
    (critic as { apply: Network["apply"] }).apply = (input) => {
      assert.deepEqual([...input.dataSync()], known);
      asked++;
      return apply(input);
    };
  }
  for (let u = 0; u < 3; u++) agent.learn(drawn);
  agent.act(drawn.states.dataSync<"float32">());
  assert.equal(asked, 3 * 4);
  agent.dispose();
});

test("what would be without bounds raises the alarm; no figure is missing", () => {
  const agent = iql({ ...problem(1), valueBounds: [-10, 10] }, { ...small, warmUp: 1 });
  const bias = agent.networks.value.variables.at(-1)!;
  bias.assign(tf().fill(bias.shape, 50));
  const drawn = someBatch(1);
  const open = drawn.terminals.dataSync<"float32">().filter((each) => each === 0).length / B;
  const { alarmShare, targetMean, meanV, ...others } = agent.learn(drawn);
  assert.ok(targetMean < 10 && open > 0.2 && meanV > 40);
  assert.equal(alarmShare, open);
  assert.deepEqual(Object.keys(others).sort(), ["criticLoss", "meanQ", "valueLoss"]);
  const { meanWeight, cappedShare } = agent.learn(drawn);
  near(meanWeight, 0, 1e-6); // nothing is as good as V says
  assert.equal(cappedShare, 0);
  agent.dispose();
});

/**
 * Two states and four actions, which are unit vectors, so that linear networks are tables. In state 0 action 0 ends with
 * .6 and action 1 leads to state 1; there action 2 ends with 2 and action 3, which was taken three times, leads back.
 */
const taken = [
  { state: 0, action: 0, reward: 0.6, next: 0, terminal: 1 },
  { state: 0, action: 1, reward: 0, next: 1, terminal: 0 },
  { state: 1, action: 2, reward: 2, next: 0, terminal: 1 },
  ...new Array(3).fill({ state: 1, action: 3, reward: 0, next: 0, terminal: 0 }),
] as const;
const discount = 0.5;
const table = (): Batch => {
  const unit = (of: (each: (typeof taken)[number]) => number, width: number): Tensor2D =>
    tf()
      .oneHot(tf().tensor1d(taken.map(of), "int32"), width)
      .toFloat() as Tensor2D;
  return batch({
    states: unit(({ state }) => state, 2),
    actions: unit(({ action }) => action, 4),
    itemRows: tf().tensor1d(
      taken.map(({ action }) => action),
      "int32",
    ),
    rewards: column(taken.map(({ reward }) => reward)),
    nextStates: unit(({ next }) => next, 2),
    terminals: column(taken.map(({ terminal }) => terminal)),
  });
};

/** V and Q of the log: each V is the τ-expectile of r + γ (1 − terminal) V(s′) over what was taken in its state. */
function fixedPoint(expectile: number): { readonly v: number[]; readonly q: number[] } {
  let v = [0, 0];
  const worth = ({ reward, terminal, next }: (typeof taken)[number]): number =>
    reward + discount * (1 - terminal) * v[next];
  for (let sweep = 0; sweep < 200; sweep++)
    v = v.map((_, state) => {
      const values = taken.filter((each) => each.state === state).map(worth);
      let [low, high] = [Math.min(...values), Math.max(...values)];
      for (let halving = 0; halving < 60; halving++) {
        const m = (low + high) / 2;
        const pull = values.reduce((sum, x) => sum + (x > m ? expectile : 1 - expectile) * (x - m), 0);
        [low, high] = pull > 0 ? [m, high] : [low, m];
      }
      return (low + high) / 2;
    });
  return { v, q: taken.slice(0, 4).map(worth) };
}

test("a tiny log solved by hand: at τ .5 V is what the log earned (SARSA), towards 1 the best that was done in it", () => {
  const [mean, most] = [fixedPoint(0.5).v, fixedPoint(1 - 1e-9).v];
  near(mean[0], 13.6 / 29, 1e-9); // V₀ = .3 + V₁/4 and V₁ = .5 + 3V₀/8
  near(mean[1], 19.6 / 29, 1e-9);
  near(most[0], 1, 1e-6); // max(.6, 2/2)
  near(most[1], 2, 1e-6);
  const drawn = table();
  let last = mean;
  for (const expectile of [0.5, 0.7, 0.95]) {
    const agent = iql(
      { stateSize: 2, actionSize: 4, actionSpace: "free", random: random(1) },
      {
        ...{ discount, expectile, beta: 2, hidden: [], targetRate: 0.5 },
        ...{ actorLearningRate: 0.03, criticLearningRate: 0.03 },
      },
    );
    for (let u = 0; u < 600; u++) agent.learn(drawn);
    const { v, q } = fixedPoint(expectile);
    const { value, critics } = agent.networks;
    const values = value.apply(tf().eye(2)).dataSync();
    const said = critics.map((each) => actionValue(each, drawn.states, drawn.actions).dataSync());
    const actions = agent.act(Float32Array.of(1, 0, 0, 1));
    for (const state of [0, 1]) {
      near(values[state], v[state], 0.01, `V(${state}) at ${expectile}`);
      assert.ok(v[state] >= last[state] && v[state] < most[state]);
      const own = [2 * state, 2 * state + 1];
      const share = own.map((a) => (a === 3 ? 3 : 1) * Math.exp(2 * (q[a] - v[state])));
      for (const [i, a] of own.entries()) {
        for (const each of said) near(each[a], q[a], 0.01, `Q(${state}, ${a}) at ${expectile}`);
        // The actor's squared error is least at the weighted mean of what was taken.
        near(actions[4 * state + a], share[i] / (share[0] + share[1]), 0.02, `μ(${state}) at ${expectile}`);
      }
    }
    last = v;
    agent.dispose();
  }
  drawn.dispose();
});

test("with the critic off the actor imitates the log, whatever was earned in it", () => {
  const after = (criticWeight: number, scale: number): Float32Array => {
    const agent = iql(problem(1), { ...small, criticWeight, actorLearningRate: 0.01 });
    for (let u = 1; u <= 8; u++) {
      const drawn = someBatch(u);
      agent.learn({ ...drawn, rewards: drawn.rewards.mul(scale) });
    }
    const actions = agent.act(gaussian(5 * S, 1, random(2)));
    agent.dispose();
    return actions;
  };
  assert.deepEqual(after(0, 1), after(0, 5));
  assert.notDeepEqual(after(1, 1), after(1, 5));
  assert.notDeepEqual(after(1, 1), after(0, 1));
});
