import assert from "node:assert/strict";
import { test } from "node:test";
import type { EncoderWindows, TrainableEncoder } from "../encoders/trainableEncoder";
import { random } from "../math/random";
import type { Batch } from "../replay/batch";
import type { Optimizer } from "../tensors/adam";
import { gaussian } from "../tensors/initialisers";
import { variableOf } from "../tensors/networks";
import { type Scalar, type Tensor, type Tensor2D, tf, type Variable } from "../tensors/tf";
import { bcq } from "./actorCritic/bcq";
import { ddpg, ddpgActorLoss, ddpgNetworks } from "./actorCritic/ddpg";
import { dqn } from "./actorCritic/dqn";
import { sac } from "./actorCritic/sac";
import { td3, td3Defaults, td3Networks } from "./actorCritic/td3";
import type { Agent, AgentProblem } from "./agent";
import { beyondBounds, criticLoss, criticStep, policyStep } from "./losses";
import { actionValue, variablesOf } from "./networks";

import { slopes } from "./slopes.fixture";
import { A, B, problem, S, small, someBatch } from "./smallProblem.fixture";

const { critics } = td3Networks(problem(1), { ...td3Defaults, hidden: [8, 8] });
const targets = tf().tensor2d(gaussian(B, 2, random(4)), [B, 1]);

test("drawn by priority, each square counts by its importance weight, for every critic; by hand", () => {
  const drawn = someBatch(3);
  const weights = tf().tensor2d(
    Float32Array.from({ length: B }, (_, n) => (n === 0 ? 0 : 1 / n)),
    [B, 1],
  );
  tf().tidy(() => {
    const y = targets.dataSync();
    const w = weights.dataSync();
    const by = (weigh: (n: number) => number): number => {
      let sum = 0;
      for (const values of criticLoss(critics, drawn, targets).values)
        for (const [n, q] of values.dataSync<"float32">().entries()) sum += (weigh(n) * (q - y[n]) ** 2) / B;
      return sum;
    };
    const [plain, weighted] = [drawn, { ...drawn, weights }].map(
      (given) => criticLoss(critics, given, targets).loss.dataSync()[0],
    );
    assert.ok(Math.abs(plain - by(() => 1)) < 1e-4);
    assert.ok(Math.abs(weighted - by((n) => w[n])) < 1e-4);
    assert.ok(Math.abs(plain - weighted) > 0.1);
  });
});

test("a transition of weight 0 moves no critic, whatever its target", () => {
  const after = (first: number): Float32Array[] => {
    const networks = ddpgNetworks(problem(1), small);
    const weights = tf().tensor2d(
      Float32Array.from({ length: B }, (_, n) => (n === 0 ? 0 : 1)),
      [B, 1],
    );
    const y = Float32Array.from(targets.dataSync());
    y[0] = first;
    const taken: Float32Array[] = [];
    criticStep(
      [networks.critic],
      { ...someBatch(3), weights },
      {
        targets: tf().tensor2d(y, [B, 1]),
        optimizer: listener(networks.critic.variables, taken),
      },
    );
    return taken;
  };
  assert.deepEqual(after(0), after(1000));
});

test("beyond bounds: mean squared distance of Q at own actions from them, by hand and by finite differences", () => {
  const drawn = someBatch(3);
  const own = {
    actions: tf().tensor2d(gaussian(B * A, 1, random(6)), [B, A]),
    bounds: [-0.05, 0.1] as const,
  };
  const loss = (): Scalar => beyondBounds(critics, drawn.states, own);
  let expected = 0;
  const sides = { below: 0, above: 0, within: 0 };
  for (const critic of critics)
    for (const q of actionValue(critic, drawn.states, own.actions).dataSync<"float32">()) {
      expected += Math.max(0, q - 0.1, -0.05 - q) ** 2 / B;
      sides[q > 0.1 ? "above" : q < -0.05 ? "below" : "within"]++;
    }
  assert.ok(sides.below > 0 && sides.above > 0 && sides.within > 0);
  assert.ok(Math.abs(loss().dataSync()[0] - expected) < 1e-5);
  for (let seed = 1; seed <= 3; seed++) {
    const [measured, product] = slopes(loss, variablesOf(critics), { seed, step: 5e-4 });
    assert.ok(Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3, `${measured}, ${product}`);
  }
  assert.equal(beyondBounds(critics, drawn.states, { ...own, bounds: [-99, 99] }).dataSync()[0], 0);
});

test("figures: the loss at logged actions before the step, mean Q there and mean target", () => {
  const drawn = someBatch(3);
  const parts = criticLoss(critics, drawn, targets);
  const mean = (of: Float32Array): number => of.reduce((sum, each) => sum + each, 0) / of.length;
  const own = { actions: drawn.actions, bounds: [0, 0.01] as const };
  const optimizer = listener(variablesOf(critics), []);
  const figures = criticStep(critics, drawn, { targets, optimizer, own, bounds: [-9, 9] });
  assert.ok(Math.abs(figures.criticLoss - parts.loss.dataSync()[0]) < 1e-5);
  assert.ok(Math.abs(figures.meanQ - mean(parts.values[0].dataSync<"float32">())) < 1e-5);
  assert.ok(Math.abs(figures.targetMean - mean(targets.dataSync<"float32">())) < 1e-5);
  assert.equal(figures.alarmShare, 0);
});

/** An optimiser that notes the gradients it is handed, and moves nothing. */
function listener(variables: readonly Variable[], taken: Float32Array[]): Optimizer {
  return {
    variables,
    apply: (gradients: readonly Tensor[]) => {
      taken.push(...gradients.map((each) => Float32Array.from(each.dataSync())));
    },
  } as unknown as Optimizer;
}

test("gradients are shortened before the optimiser gets them, of critics and of actors", () => {
  const networks = ddpgNetworks(problem(1), small);
  const drawn = someBatch(3);
  const lengthOf = (parts: Float32Array[]): number =>
    Math.sqrt(parts.reduce((sum, part) => sum + part.reduce((s, each) => s + each * each, 0), 0));
  const handed = (of: "critic" | "actor", maximumNorm?: number): Float32Array[] => {
    const taken: Float32Array[] = [];
    const clip = maximumNorm === undefined ? {} : { maximumNorm };
    const optimizer = listener(networks[of].variables, taken);
    if (of === "critic") criticStep([networks.critic], drawn, { targets, optimizer, clip });
    else policyStep(() => ddpgActorLoss(networks, drawn, small), { optimizer, clip });
    return taken;
  };
  for (const of of ["critic", "actor"] as const) {
    const whole = handed(of);
    const length = lengthOf(whole);
    assert.ok(length > 0.01);
    const short = handed(of, length / 3);
    assert.ok(Math.abs(lengthOf(short) - length / 3) < 1e-4 * length);
    for (const [v, part] of short.entries())
      for (const [i, each] of part.entries()) assert.ok(Math.abs(each - whole[v][i] / 3) < 1e-4 * length);
  }
});

/** An encoder of one number, which every state is a multiple of; its copies are known to the test. */
function smallEncoder(copies: Variable[], start = 1): TrainableEncoder {
  const scale = variableOf(Float32Array.of(start), []);
  copies.push(scale);
  return {
    stateSize: S,
    variables: [scale],
    states: ({ weights }: EncoderWindows) => weights.reshape([-1, S]).mul(scale) as Tensor2D,
    copy: () => smallEncoder(copies, scale.dataSync()[0]),
    frozen: () => assert.fail("not asked for"),
    dispose: () => scale.dispose(),
  };
}

function windowed(seed: number): Batch {
  const windows = (from: number): EncoderWindows => ({
    items: tf().zeros([B, S], "int32") as Tensor2D,
    weights: tf().tensor3d(gaussian(B * S, 1, random(from)), [B, S, 1]),
    lengths: new Int32Array(B).fill(S),
  });
  return { ...someBatch(seed), windows: { states: windows(seed), nextStates: windows(100 + seed) } };
}

for (const [factory, changes, every] of [
  [ddpg, {}, 1],
  [td3, { policyDelay: 3 }, 3],
  [td3, { policyDelay: 1 }, 1],
  [sac, {}, 1],
  [bcq, {}, 1],
  [dqn, {}, 1],
] as const)
  test(`${factory.name}, ${JSON.stringify(changes)}: the target encoder follows when the other targets do`, () => {
    const known: Variable[] = [];
    const given: AgentProblem = { ...problem(1), encoder: smallEncoder(known) };
    const make = factory as (of: AgentProblem, config: object) => Agent;
    const agent = make(given, { hidden: [8], targetRate: 0.25, criticLearningRate: 0.02, ...changes });
    const [online, target] = known as [Variable, Variable];
    assert.equal(known.length, 2);
    for (let update = 1; update <= 6; update++) {
      const before = target.dataSync()[0];
      agent.learn(windowed(update));
      const now = online.dataSync()[0];
      const wanted = update % every === 0 ? 0.75 * before + 0.25 * now : before;
      assert.ok(Math.abs(target.dataSync()[0] - wanted) < 1e-6, `update ${update}`);
    }
    assert.ok(Math.abs(online.dataSync()[0] - 1) > 1e-3);
    agent.dispose();
  });
