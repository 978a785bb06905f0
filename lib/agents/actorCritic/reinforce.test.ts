import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { batch } from "../../replay/batch";
import { gaussian } from "../../tensors/initialisers";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import { catalogueSoftmax } from "../catalogue";
import { slopes } from "../slopes.fixture";
import { A, B, disturb, itemVectors, N, numbers, problem, S, someBatch } from "../smallProblem.fixture";
import {
  correctionWeights,
  reinforce,
  reinforceDefaults,
  reinforceLoss,
  reinforceNetworks,
  reinforceTopK,
  topKMultiplier,
} from "./reinforce";

const small = { ...reinforceDefaults, hidden: [8, 8] };
const column = (values: ArrayLike<number>): Tensor2D =>
  tf().tensor2d(Float32Array.from(values), [values.length, 1]);
/** λ_K of one probability. */
const multiplier = (p: number, K: number): number => topKMultiplier(tf().scalar(p), K).dataSync()[0];
/** Weights of logs of probabilities. */
const weightsOf = (
  policy: ArrayLike<number>,
  behaviour: ArrayLike<number>,
  config: Parameters<typeof correctionWeights>[2],
): Float32Array => correctionWeights(column(policy), column(behaviour), config).dataSync<"float32">();
const close = (one: number, other: number, within = 1e-5): void =>
  assert.ok(Math.abs(one - other) < within, `${one} and ${other}`);

test("λ_K is K at p = 0, 0 at p = 1, 1 for K = 1, and the slope of 1 − (1 − p)^K", () => {
  for (const K of [2, 5, 10]) {
    assert.equal(multiplier(0, K), K);
    assert.equal(multiplier(1, K), 0);
    for (const p of [0.01, 0.2, 0.5, 0.9]) {
      const somewhere = (q: number): number => 1 - (1 - q) ** K;
      close(multiplier(p, K), (somewhere(p + 1e-6) - somewhere(p - 1e-6)) / 2e-6, 1e-4);
    }
  }
  for (const p of [0, 0.3, 1]) assert.equal(multiplier(p, 1), 1);
});

test("weights: π/β, capped before the multiplier; on-policy they are 1", () => {
  const logs = (...p: number[]): Float32Array => Float32Array.from(p, Math.log);
  const [policy, behaviour] = [logs(0.5, 0.1, 0.9), logs(0.25, 0.4, 0.001)];
  const plain = weightsOf(policy, behaviour, { listSize: 1, weightCap: null });
  for (const [i, wanted] of [2, 0.25, 900].entries()) close(plain[i], wanted, 1e-3 * wanted);
  const capped = weightsOf(policy, behaviour, { listSize: 4, weightCap: 20 });
  for (const [i, wanted] of [2 * 4 * 0.5 ** 3, 0.25 * 4 * 0.9 ** 3, 20 * 4 * 0.1 ** 3].entries())
    close(capped[i], wanted, 1e-5);
  assert.deepEqual([...weightsOf(policy, policy, { listSize: 1, weightCap: 1 })], [1, 1, 1]);
});

test("the loss's gradient takes weights and returns as constants: finite differences", () => {
  const drawn = someBatch(2);
  const softmax = catalogueSoftmax(problem(1));
  const { actor } = reinforceNetworks(problem(3), small);
  disturb(actor.variables, 4);
  const factors = gaussian(B, 1, random(5));
  const loss = (): Scalar =>
    reinforceLoss(softmax.logProbabilities(actor.apply(drawn.states), drawn.itemRows), column(factors));
  const logs = softmax.logProbabilities(actor.apply(drawn.states), drawn.itemRows).dataSync<"float32">();
  close(loss().dataSync()[0], -logs.reduce((sum, each, n) => sum + each * factors[n], 0) / B);
  for (let seed = 1; seed <= 3; seed++) {
    const [measured, product] = slopes(loss, actor.variables, { seed, step: 5e-4 });
    close(measured, product, 0.02 * Math.abs(product) + 5e-3);
  }
});

/** Probabilities of all items in one state, from logits. */
const softmaxOf = (logits: readonly number[]): number[] => {
  const powers = logits.map(Math.exp);
  return powers.map((each) => each / powers.reduce((a, b) => a + b));
};

test("off-policy correction: on a skewed log the weighted gradient is the exact one, by enumeration", () => {
  // A bandit with one state: the policy's logits are its query itself (item vectors are unit axes).
  const size = 4;
  const rewards = [1, -0.5, 2, 0.3];
  const policy = softmaxOf([0.2, -0.4, 0.1, 0.6]);
  const behaviour = softmaxOf([2, 0.5, -1, -0.7]);
  const eye = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  const softmax = catalogueSoftmax({ actionSize: size, catalogue: { itemVectors: eye } });
  const query = tf()
    .tensor2d([policy.map(Math.log)])
    .tile([size, 1]) as Tensor2D;
  const rows = tf().tensor1d([0, 1, 2, 3], "int32");
  const logs = (p: number[]): Float32Array => Float32Array.from(p, Math.log);
  /** E over the log of what a step would add: each item once, by its probability under β. */
  const step = (weights: ArrayLike<number>): number[] => {
    const factors = Float32Array.from(behaviour, (b, i) => size * b * weights[i] * rewards[i]);
    const gradient = tf().grad((q) =>
      reinforceLoss(softmax.logProbabilities(q as Tensor2D, rows), column(factors)),
    )(query);
    return [...gradient.sum(0).neg().dataSync()];
  };
  for (const listSize of [1, 3]) {
    const weights = weightsOf(logs(policy), logs(behaviour), { listSize, weightCap: null });
    // ∇ Σ_i α(π_i) r_i with α(p) = 1 − (1 − p)^K: each item's part is K (1 − π_i)^(K−1) π_i r_i (e_i − π).
    const exact = policy.map((_, j) =>
      policy.reduce(
        (sum, p, i) =>
          sum + listSize * (1 - p) ** (listSize - 1) * p * rewards[i] * ((i === j ? 1 : 0) - policy[j]),
        0,
      ),
    );
    for (const [j, each] of step(weights).entries()) close(each, exact[j]);
    const uncorrected = step([1, 1, 1, 1]);
    assert.ok(uncorrected.some((each, j) => Math.abs(each - exact[j]) > 0.1));
  }
});

test("learn steps down the corrected loss: with π = β the first step is that of plain returns", () => {
  const drawn = someBatch(3);
  const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };
  const agent = reinforce({ ...problem(1), head }, small);
  const softmax = catalogueSoftmax(problem(1));
  const { actor } = agent.networks;
  const returns = drawn.returns!.dataSync<"float32">();
  const logs = softmax.logProbabilities(actor.apply(drawn.states), drawn.itemRows).dataSync<"float32">();
  const { actorLoss, meanWeight, cappedShare, meanMultiplier, meanReturn, behaviourLoss } =
    agent.learn(drawn);
  close(actorLoss, -logs.reduce((sum, each, n) => sum + each * returns[n], 0) / B);
  close(behaviourLoss, -logs.reduce((sum, each) => sum + each, 0) / B);
  close(meanReturn, returns.reduce((sum, each) => sum + each, 0) / B);
  assert.deepEqual([Math.fround(meanWeight), cappedShare, meanMultiplier], [1, 0, 1]);
  const based = reinforce({ ...problem(1), head }, { ...small, baseline: "mean" }).learn(drawn);
  close(based.meanReturn, meanReturn); // what came in, not what is left of it
  const mean = meanReturn;
  close(based.actorLoss, -logs.reduce((sum, each, n) => sum + each * (returns[n] - mean), 0) / B);
});

test("weights come from both heads as they were before the step, and the cap counts", () => {
  const drawn = someBatch(3);
  const softmax = catalogueSoftmax(problem(1));
  const agent = reinforce(problem(1), { ...small, weightCap: 1.1, listSize: 3, behaviourLearningRate: 0.05 });
  disturb(agent.networks.actor.variables, 8, 0.5);
  const logsOf = (of: "actor" | "behaviour"): Float32Array =>
    softmax.logProbabilities(agent.networks[of].apply(drawn.states), drawn.itemRows).dataSync<"float32">();
  const [own, logged, returns] = [logsOf("actor"), logsOf("behaviour"), drawn.returns!.dataSync()];
  const { actorLoss, meanWeight, cappedShare } = agent.learn(drawn);
  let [loss, weight, capped] = [0, 0, 0];
  for (const [n, log] of own.entries()) {
    const ratio = Math.exp(log - logged[n]);
    loss -= (Math.min(ratio, 1.1) * 3 * (1 - Math.exp(log)) ** 2 * returns[n] * log) / B;
    weight += ratio / B;
    if (ratio > 1.1) capped += 1 / B;
  }
  close(actorLoss, loss, 1e-4);
  close(meanWeight, weight, 1e-4);
  close(cappedShare, capped);
  assert.ok(capped > 0 && capped < 1);
});

test("top-K with K = 1 is REINFORCE, to the byte; with more it is not", () => {
  const after = (changes: object): [Record<string, number>[], Float32Array[]] => {
    const agent = reinforce(problem(1), { ...small, ...changes });
    const figures = [1, 2, 3, 4, 5].map((seed) => agent.learn(someBatch(seed)));
    return [figures, numbers([...agent.networks.actor.variables, ...agent.networks.behaviour.variables])];
  };
  assert.deepEqual(after({ ...reinforceTopK, listSize: 1 }), after({}));
  assert.notDeepEqual(after(reinforceTopK)[1], after({})[1]);
});

test("the better-paid item becomes more probable, the worse-paid one less; imitation follows the log alone", () => {
  const after = (changes: object): number[] => {
    const agent = reinforce(problem(1), { ...small, actorLearningRate: 0.01, baseline: "mean", ...changes });
    const itemRows = Int32Array.from({ length: B }, (_, n) => (n % 4 === 0 ? 2 : 4));
    const drawn = batch({
      ...someBatch(1),
      itemRows: tf().tensor1d(itemRows, "int32"),
      returns: tf().tensor2d(
        Float32Array.from(itemRows, (row) => (row === 2 ? 3 : -1)),
        [B, 1],
      ),
    });
    const { itemBias, temperature } = problem(1).catalogue;
    const mean = (item: number): number => {
      const queries = agent.act(drawn.states.dataSync<"float32">());
      let sum = 0;
      for (let n = 0; n < B; n++) {
        const logit = (row: number): number =>
          (queries[n * A] * itemVectors[row * A] + queries[n * A + 1] * itemVectors[row * A + 1]) /
          temperature;
        sum += softmaxOf(Array.from({ length: N }, (_, row) => logit(row) + itemBias[row]))[item] / B;
      }
      return sum;
    };
    const before = [mean(2), mean(4)];
    for (let u = 0; u < 10; u++) agent.learn(drawn);
    return [mean(2) - before[0], mean(4) - before[1]];
  };
  const [better, worse] = after({});
  assert.ok(better > 0.02 && worse < -0.02, `${better}, ${worse}`);
  const [rare, frequent] = after({ criticWeight: 0 });
  assert.ok(frequent > 0.02 && frequent > rare, `${rare}, ${frequent}`);
});
