import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { adam } from "../../tensors/adam";
import { gradientStep } from "../../tensors/gradientStep";
import { gaussian } from "../../tensors/initialisers";
import { type Network, network, variableOf } from "../../tensors/networks";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import { paperTd3Bc } from "../agent";
import { retrievedActions } from "../catalogue";
import { criticLoss, softmaxBehaviour, squaredBehaviour } from "../losses";
import { type ActionSpace, actionValue, variablesOf } from "../networks";
import { slopes } from "../slopes.fixture";
import { A, B, disturb, itemVectors, N, numbers, problem, S, someBatch } from "../smallProblem.fixture";
import { ddpg } from "./ddpg";
import {
  smoothingNoise,
  type Td3Config,
  td3,
  td3ActorLoss,
  td3Defaults,
  td3Networks,
  td3Targets,
} from "./td3";

const small: Td3Config = { ...td3Defaults, hidden: [8, 8] };
const off = { critics: 1, policyNoise: 0, policyDelay: 1 } as const;

/** Networks of which no two are alike, with smooth layers, so that differences of losses are exact enough. */
function unlike(config = small, seed = 1) {
  const networks = td3Networks(problem(seed), config);
  const all = Object.values(networks).flat() as Network[];
  for (const [i, each] of all.entries()) disturb(each.variables, 10 * seed + i);
  return networks;
}

/** Q of each critic in some states at some actions, as numbers. */
const valuesOf = (critics: readonly Network[], states: Tensor2D, actions: Tensor2D): Float32Array[] =>
  critics.map((each) => actionValue(each, states, actions).dataSync<"float32">());

for (const actionSpace of ["unit", "box", "free"] as ActionSpace[])
  test(`the target by hand in ${actionSpace}: smoothed action of the target actor, smaller target critic`, () => {
    const networks = unlike();
    const drawn = someBatch(2);
    const noise = gaussian(B * A, 0.4, random(3));
    tf().tidy(() => {
      const proposed = networks.targetActor.apply(drawn.nextStates).dataSync();
      const smoothed = new Float32Array(B * A);
      for (let n = 0; n < B; n++) {
        const raw = Array.from({ length: A }, (_, a) => proposed[n * A + a] + noise[n * A + a]);
        const length = Math.hypot(...raw);
        for (const [a, each] of raw.entries())
          smoothed[n * A + a] =
            actionSpace === "unit"
              ? each / length
              : actionSpace === "box"
                ? Math.max(-1, Math.min(1, each))
                : each;
      }
      const at = tf().tensor2d(smoothed, [B, A]);
      const [first, second] = valuesOf(networks.targetCritics, drawn.nextStates, at);
      const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
      const given = { noise: tf().tensor2d(noise, [B, A]), actionSpace };
      const targets = td3Targets(networks, drawn, small, given).dataSync();
      let [firstIsLess, secondIsLess] = [0, 0];
      for (let n = 0; n < B; n++) {
        if (first[n] < second[n]) firstIsLess++;
        else secondIsLess++;
        const expected = r[n] + 0.9 * (1 - t[n]) * Math.min(first[n], second[n]);
        assert.ok(Math.abs(targets[n] - expected) < 1e-5);
      }
      assert.ok(firstIsLess > 0 && secondIsLess > 0, "each critic is the smaller one somewhere");
    });
  });

test("targets at items: the best one by q·v/T + b that the reader has not had", () => {
  const networks = unlike();
  const drawn = someBatch(2);
  const nextSeen = { rows: new Int32Array(2 * B), items: new Int32Array(2 * B) };
  for (let i = 0; i < 2 * B; i++) {
    nextSeen.rows[i] = i % B;
    nextSeen.items[i] = ((i % B) + (i < B ? 0 : 2)) % N;
  }
  const { itemBias, temperature } = problem(1).catalogue;
  const items = retrievedActions(problem(1));
  tf().tidy(() => {
    const proposed = networks.targetActor.apply(drawn.nextStates).dataSync();
    let masked = 0;
    const chosen = Array.from({ length: B }, (_, n) => {
      const logit = (row: number): number =>
        (proposed[n * A] * itemVectors[row * A] + proposed[n * A + 1] * itemVectors[row * A + 1]) /
          temperature +
        itemBias[row];
      const rows = Array.from({ length: N }, (_, row) => row);
      const byLogit = (some: number[]): number =>
        some.reduce((best, row) => (logit(row) > logit(best) ? row : best));
      const open = rows.filter((row) => row !== n % N && row !== (n + 2) % N);
      if (byLogit(rows) !== byLogit(open)) masked++;
      return byLogit(open);
    });
    assert.ok(masked > 0, "the mask matters");
    const vectors = tf().gather(tf().tensor2d(itemVectors, [N, A]), chosen) as Tensor2D;
    const [first, second] = valuesOf(networks.targetCritics, drawn.nextStates, vectors);
    const targets = td3Targets(networks, { ...drawn, nextSeen }, small, { items }).dataSync();
    const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
    for (let n = 0; n < B; n++)
      assert.ok(Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * Math.min(first[n], second[n])) < 1e-5);
  });
  items.dispose();
});

test("smoothing noise: σ and clip in each number, divided by √A where actions have length 1", () => {
  const size = 4000;
  for (const [actionSpace, scale] of [
    ["unit", 1 / Math.sqrt(A)],
    ["box", 1],
    ["free", 1],
  ] as const) {
    const noise = smoothingNoise(
      size,
      { ...problem(1), actionSpace },
      small,
      random(4),
    ).dataSync<"float32">();
    const deviation = Math.sqrt(noise.reduce((sum, each) => sum + each * each, 0) / noise.length);
    const furthest = noise.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    // Cut off at c = 2.5 σ, the deviation is σ·√(1 − 2cφ(c) + 2(c² − 1)Φ(−c)) = .1977.
    assert.ok(Math.abs(deviation / scale - 0.1977) < 0.004, `${actionSpace}: ${deviation / scale}`);
    assert.ok(Math.abs(furthest / scale - 0.5) < 1e-6);
    assert.ok(Math.abs(noise.reduce((sum, each) => sum + each, 0) / noise.length / scale) < 0.01);
  }
});

test("finite differences agree with the gradients of critic and actor, which is judged by the first critic", () => {
  const drawn = someBatch(3);
  const terms = {
    none: undefined,
    squared: squaredBehaviour(),
    softmax: softmaxBehaviour(problem(1).catalogue, A),
  };
  for (const behaviour of ["none", "squared", "softmax"] as const) {
    const config: Td3Config = { ...small, behaviour, behaviourWeight: 0.7, criticWeight: 1.3 };
    const networks = unlike(config, 4);
    const targets = td3Targets(networks, drawn, config);
    const actorLoss = (): Scalar => td3ActorLoss(networks, drawn, config, terms[behaviour]).loss;
    for (let seed = 1; seed <= 3; seed++)
      for (const [loss, own] of [
        [() => criticLoss(networks.critics, drawn, targets).loss, variablesOf(networks.critics)],
        [actorLoss, networks.actor.variables],
      ] as const) {
        const [measured, product] = slopes(loss, own, { seed, step: 5e-4 });
        assert.ok(Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3, `${measured}, ${product}`);
      }
    const [q] = valuesOf(networks.critics, drawn.states, networks.actor.apply(drawn.states));
    const value = td3ActorLoss(networks, drawn, config, terms[behaviour]).value.dataSync()[0];
    assert.ok(Math.abs(value - q.reduce((sum, each) => sum + each, 0) / B) < 1e-5);
  }
});

test("direction: an actor step on a frozen quadratic critic raises Q and leaves the critics bit-identical", () => {
  const networks = unlike();
  const peak = variableOf(Float32Array.of(0.6, -0.8), [A]);
  const critic = network(
    [peak],
    ([p], input) => input.slice([0, S], [-1, A]).sub(p).square().sum(1, true).neg() as Tensor2D,
  );
  const frozen = { ...networks, critics: [critic, networks.critics[1]] };
  const drawn = someBatch(2);
  const { variables } = networks.actor;
  const before = numbers([peak, ...networks.critics[1].variables]);
  const value = (): number => tf().tidy(() => td3ActorLoss(frozen, drawn, small).value.dataSync()[0]);
  for (let step = 0; step < 3; step++) {
    const was = value();
    gradientStep(
      () => td3ActorLoss(frozen, drawn, small).loss,
      variables,
      adam(variables, { learningRate: 0.01 }),
    );
    assert.ok(value() > was);
  }
  assert.deepEqual(numbers([peak, ...networks.critics[1].variables]), before);
});

test("without its three repairs every update is DDPG's, to the byte; each repair changes it", () => {
  const same = {
    ...small,
    ...off,
    discount: 0.8,
    targetRate: 0.2,
    actorLearningRate: 2e-3,
    criticLearningRate: 5e-3,
  };
  const { critics: _c, policyNoise: _p, noiseClip: _n, policyDelay: _d, ...shared } = same;
  const five = (agent: ReturnType<typeof td3> | ReturnType<typeof ddpg>) => {
    const figures = [1, 2, 3, 4, 5].map((seed) => agent.learn(someBatch(seed)));
    const networks = Object.values(agent.networks).flat() as Network[];
    return {
      figures,
      weights: numbers(variablesOf(networks)),
      actor: numbers(agent.networks.actor.variables),
    };
  };
  for (const own of [
    {},
    { behaviour: "softmax", behaviourWeight: 0.5, bootstrapAt: "item", warmUp: 2 },
  ] as const) {
    const plain = five(ddpg(problem(1), { ...shared, ...own }));
    assert.deepEqual(five(td3(problem(1), { ...same, ...own })), plain);
    // Where items are retrieved, a little noise may well find the same ones.
    const repairs = [
      { critics: 2 },
      { policyNoise: own.behaviour ? 2 : 0.2, noiseClip: 5 },
      { policyDelay: 2 },
    ] as const;
    for (const repair of repairs)
      assert.notDeepEqual(five(td3(problem(1), { ...same, ...own, ...repair })).actor, plain.actor);
  }
});

test("with a delay of 3 actor and targets move in every third update, the critics in each", () => {
  const agent = td3(problem(1), { ...small, policyDelay: 3 });
  const { actor, critics, targetActor, targetCritics } = agent.networks;
  const all = () => [actor, targetActor, ...targetCritics, ...critics].map((each) => numbers(each.variables));
  for (let update = 1; update <= 6; update++) {
    const before = all();
    const figures = agent.learn(someBatch(update));
    assert.equal("actorQ" in figures, update % 3 === 0);
    for (const [i, now] of all().entries())
      if (i < 4 && update % 3 !== 0) assert.deepEqual(now, before[i]);
      else assert.notDeepEqual(now, before[i]);
  }
});

test("TD3+BC: −2.5 · mean Q / mean |Q| + squared distance", () => {
  const config: Td3Config = { ...small, ...paperTd3Bc };
  const networks = unlike(config, 2);
  const drawn = someBatch(5);
  tf().tidy(() => {
    const actions = networks.actor.apply(drawn.states);
    const [q] = valuesOf(networks.critics, drawn.states, actions);
    const [own, logged] = [actions.dataSync<"float32">(), drawn.actions.dataSync()];
    const distance = own.reduce((sum, each, i) => sum + (each - logged[i]) ** 2, 0) / B;
    const mean = (of: (value: number) => number): number => q.reduce((sum, each) => sum + of(each), 0) / B;
    const expected = (-2.5 * mean((each) => each)) / mean(Math.abs) + distance;
    const loss = td3ActorLoss(networks, drawn, config, squaredBehaviour()).loss.dataSync()[0];
    assert.ok(Math.abs(loss - expected) < 1e-4);
  });
});
