import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { adam } from "../../tensors/adam";
import { gradientStep } from "../../tensors/gradientStep";
import { gaussian } from "../../tensors/initialisers";
import { type Network, network, variableOf } from "../../tensors/networks";
import { type Scalar, type Tensor2D, tf, type Variable } from "../../tensors/tf";
import { retrievedActions } from "../catalogue";
import { criticLoss, softmaxBehaviour, squaredBehaviour } from "../losses";
import { type ActionSpace, actionValue, variablesOf } from "../networks";
import { slopes } from "../slopes.fixture";
import { A, B, disturb, numbers, problem, S, someBatch } from "../smallProblem.fixture";
import { ddpgActorLoss, ddpgDefaults, ddpgNetworks } from "./ddpg";
import {
  drawActions,
  type SacConfig,
  type SacDraw,
  sac,
  sacActorLoss,
  sacDefaults,
  sacNetworks,
  sacTargets,
  temperatureLoss,
} from "./sac";

const small: SacConfig = { ...sacDefaults, hidden: [8, 8] };
const spaces: ActionSpace[] = ["unit", "box", "free"];

/** Networks of which no two are alike. */
function unlike(actionSpace: ActionSpace, seed = 1) {
  const networks = sacNetworks({ ...problem(seed), actionSpace }, small);
  for (const [i, each] of (Object.values(networks).flat() as Network[]).entries())
    disturb(each.variables, 10 * seed + i);
  // Twins that are close enough for either to be the smaller one somewhere.
  for (const [one, other] of [networks.critics, networks.targetCritics] as [Network, Network][]) {
    for (const [v, variable] of other.variables.entries()) variable.assign(one.variables[v].clone());
    disturb(other.variables, 10 * seed + 9, 0.1);
  }
  return networks;
}

const draw = (actionSpace: ActionSpace, temperature = 0.3, seed = 3): SacDraw => {
  return { temperature, noise: tf().tensor2d(gaussian(B * A, 1, random(seed)), [B, A]), actionSpace };
};

for (const actionSpace of spaces)
  test(`the target by hand in ${actionSpace}: smaller target critic less α log π of the online policy at s′`, () => {
    const networks = unlike(actionSpace);
    const drawn = someBatch(2);
    const given = draw(actionSpace);
    tf().tidy(() => {
      const own = drawActions(networks.actor.apply(drawn.nextStates), given.noise, actionSpace);
      const [first, second] = networks.targetCritics.map((each) =>
        actionValue(each, drawn.nextStates, own.actions).dataSync(),
      );
      const [r, t, d] = [drawn.rewards, drawn.terminals, own.logDensities].map((each) => each.dataSync());
      const soft = sacTargets(networks, drawn, small, given).dataSync();
      const hard = sacTargets(networks, drawn, { ...small, softTargets: false }, given).dataSync();
      for (let n = 0; n < B; n++) {
        const least = Math.min(first[n], second[n]);
        const later = 0.9 * (1 - t[n]);
        assert.ok(Math.abs(soft[n] - r[n] - later * (least - 0.3 * d[n])) < 1e-5);
        assert.ok(Math.abs(hard[n] - r[n] - later * least) < 1e-5);
      }
      assert.ok(first.some((q, n) => q < second[n]) && first.some((q, n) => q > second[n]));
    });
  });

test("targets at items: of the drawn action's item that the reader has not had", () => {
  const networks = unlike("unit");
  const drawn = someBatch(2, { seen: true });
  const given = draw("unit");
  const items = retrievedActions(problem(1));
  tf().tidy(() => {
    const own = drawActions(networks.actor.apply(drawn.nextStates), given.noise, "unit");
    const least = (vectors: Tensor2D): ArrayLike<number> =>
      networks.targetCritics
        .map((each) => actionValue(each, drawn.nextStates, vectors))
        .reduce((one, other) => tf().minimum(one, other) as Tensor2D)
        .dataSync();
    const open = items.of(own.actions, { seen: drawn.nextSeen });
    const values = least(open);
    assert.notDeepEqual(values, least(items.of(own.actions)));
    const [r, t, d] = [drawn.rewards, drawn.terminals, own.logDensities].map((each) => each.dataSync());
    const targets = sacTargets(networks, drawn, small, { ...given, items }).dataSync();
    for (let n = 0; n < B; n++)
      assert.ok(Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * (values[n] - 0.3 * d[n])) < 1e-5);
  });
  items.dispose();
});

test("the actor's loss by hand: −λ · mean of [the smaller Q − α log π] + behaviour of the centre", () => {
  for (const actionSpace of spaces) {
    const networks = unlike(actionSpace, 2);
    const drawn = someBatch(4);
    const given = draw(actionSpace, 0.3, 5);
    const config = { ...small, criticWeight: 1.7, behaviour: "squared", behaviourWeight: 0.6 } as const;
    tf().tidy(() => {
      const parameters = networks.actor.apply(drawn.states);
      const own = drawActions(parameters, given.noise, actionSpace);
      const least = networks.critics
        .map((each) => actionValue(each, drawn.states, own.actions))
        .reduce((one, other) => tf().minimum(one, other) as Tensor2D);
      const mean = (tensor: Tensor2D): number => tensor.mean().dataSync()[0];
      const means = parameters.slice([0, 0], [-1, A]).dataSync();
      const logged = drawn.actions.dataSync<"float32">();
      const centre = (i: number): number => (actionSpace === "box" ? Math.tanh(means[i]) : means[i]);
      const distance =
        logged.reduce((sum: number, each: number, i: number) => sum + (each - centre(i)) ** 2, 0) / B;
      const expected = 1.7 * (0.3 * mean(own.logDensities) - mean(least)) + 0.6 * distance;
      const loss = sacActorLoss(networks, drawn, config, {
        ...given,
        term: squaredBehaviour(),
      }).loss.dataSync()[0];
      assert.ok(Math.abs(loss - expected) < 1e-4, `${loss}, ${expected}`);
    });
  }
});

test("finite differences agree with the gradients of critics and actor", () => {
  for (const actionSpace of spaces) {
    const networks = unlike(actionSpace, 4);
    const drawn = someBatch(3);
    const given = draw(actionSpace);
    const term = actionSpace === "free" ? softmaxBehaviour(problem(1).catalogue, A) : squaredBehaviour();
    const config: SacConfig = { ...small, behaviourWeight: 0.7 };
    const targets = sacTargets(networks, drawn, config, given);
    for (let seed = 1; seed <= 3; seed++)
      for (const [loss, own] of [
        [() => criticLoss(networks.critics, drawn, targets).loss, variablesOf(networks.critics)],
        [() => sacActorLoss(networks, drawn, config, { ...given, term }).loss, networks.actor.variables],
      ] as const) {
        const [measured, product] = slopes(loss, own, { seed, step: 5e-4 });
        assert.ok(Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3, `${measured}, ${product}`);
      }
  }
});

test("direction: an actor step on a frozen quadratic critic raises Q and leaves the critics bit-identical", () => {
  const networks = unlike("unit");
  const peak = variableOf(Float32Array.of(0.6, -0.8), [A]);
  const critic = network(
    [peak],
    ([p], input) => input.slice([0, S], [-1, A]).sub(p).square().sum(1, true).neg() as Tensor2D,
  );
  const frozen = { ...networks, critics: [critic, critic] };
  const [drawn, given] = [someBatch(2), draw("unit", 0)];
  const { variables } = networks.actor;
  const loss = () => sacActorLoss(frozen, drawn, small, given);
  const value = (): number => tf().tidy(() => loss().value.dataSync()[0]);
  for (let step = 0; step < 3; step++) {
    const was = value();
    gradientStep(() => loss().loss, variables, adam(variables, { learningRate: 0.01 }));
    assert.ok(value() > was);
  }
  assert.deepEqual(numbers([peak])[0], Float32Array.of(0.6, -0.8));
});

test("entropy below its target raises the temperature, above lowers it; entropy itself follows", () => {
  const log = tf().scalar(-1) as Scalar;
  for (const [logDensity, target, slope] of [
    [2, 1, -3],
    [-2, 1, 1],
    [-1, 1, 0],
  ] as const) {
    const gradient = tf()
      .grad((x) => temperatureLoss(x as Scalar, logDensity, target))(log)
      .dataSync()[0];
    assert.ok(Math.abs(gradient - slope) < 1e-6);
  }
  const after = (targetEntropy: number): Record<string, number> => {
    const agent = sac(problem(1), { ...small, targetEntropy, temperature: 1, actorLearningRate: 0.02 });
    let figures: Record<string, number> = {};
    for (let u = 0; u < 30; u++) figures = agent.learn(someBatch(u % 5));
    agent.dispose();
    return figures;
  };
  const [low, high] = [after(-5), after(5)];
  assert.ok(low.temperature < 0.9 && high.temperature > 1.1, `${low.temperature}, ${high.temperature}`);
  const still = sac(problem(1), { ...small, learnTemperature: false, temperature: 0.4 });
  for (let u = 0; u < 3; u++) assert.ok(Math.abs(still.learn(someBatch(u)).temperature - 0.4) < 1e-6);
  still.dispose();
});

test("temperature 0 and deviations driven to 0: the deterministic policy gradient", () => {
  for (const actionSpace of spaces) {
    const given = { ...problem(6), actionSpace };
    const deterministic = ddpgNetworks(given, { ...ddpgDefaults, hidden: [8, 8] });
    disturb(deterministic.actor.variables, 7);
    const config: SacConfig = {
      ...small,
      temperature: 0,
      logDeviation: -20,
      leastLogDeviation: -20,
      mostLogDeviation: -20,
    };
    const { actor } = sacNetworks(given, config);
    // The same weights: W₀ and b₀, the hidden layers, and the last one's with nothing for log σ beside them.
    const sources = deterministic.actor.variables;
    const own = [...actor.variables.slice(0, 2), ...actor.variables.slice(3)];
    for (const [v, variable] of own.entries())
      variable.assign(
        variable.shape.join() === sources[v].shape.join()
          ? sources[v]
          : tf().concat([sources[v], tf().zerosLike(sources[v])], -1),
      );
    const drawn = someBatch(7);
    const { critic } = deterministic;
    const gradients = (loss: () => Scalar, variables: Variable[]): Float32Array[] => {
      const { grads } = tf().variableGrads(loss, variables);
      return variables.map(({ name }) => grads[name].dataSync<"float32">());
    };
    const wanted = gradients(() => ddpgActorLoss(deterministic, drawn, ddpgDefaults).loss, [...sources]);
    const networks = { actor, critics: [critic, critic] };
    const found = gradients(() => sacActorLoss(networks, drawn, config, draw(actionSpace, 0)).loss, own);
    let largest = 0;
    for (const [v, gradient] of found.entries()) {
      const [whole, half] = [own[v].shape.at(-1)!, sources[v].shape.at(-1)!];
      for (const [i, each] of gradient.entries()) {
        const column = i % whole;
        const same = column < half ? wanted[v][Math.floor(i / whole) * half + column] : 0;
        assert.ok(Math.abs(each - same) < 1e-5, `${actionSpace}, variable ${v}: ${each}, ${same}`);
        largest = Math.max(largest, Math.abs(same));
      }
    }
    assert.ok(largest > 0.01);
  }
});

test("without the critic only the behaviour term is left: entropy is worth nothing then", () => {
  const after = (temperature: number): Float32Array[] => {
    const imitation = { criticWeight: 0, behaviour: "squared", behaviourWeight: 1 } as const;
    const agent = sac({ ...problem(1), actionSpace: "box" }, { ...small, ...imitation, temperature });
    for (let u = 1; u <= 3; u++) agent.learn(someBatch(u, { boxed: true }));
    return numbers(agent.networks.actor.variables);
  };
  assert.deepEqual(after(0.1), after(10));
  assert.throws(
    () => sac(problem(1), { leastLogDeviation: 0 }),
    /logDeviation to be a number in \[0, 2\], got -1/,
  );
  assert.throws(() => sac(problem(1), { temperature: 0 }), /temperature above 0 to learn it, got 0/);
});

test("scaled by value or weighed by λ, the actor still climbs the soft value of the targets: the best σ is √(α / k)", () => {
  // Q = −k/2 · |a − c|² in free space: E[Q − α log π] is largest at μ = c and σ² = α / k in each number, whatever it is
  // multiplied by. A draw whose squares are 1 makes the mean over draws exact.
  const [k, alpha] = [4, 0.5];
  const critic = network(
    [variableOf(Float32Array.of(k / 2), [])],
    ([half], input) => input.slice([0, S], [-1, A]).sub(3).square().sum(1, true).mul(half).neg() as Tensor2D,
  );
  const drawn = someBatch(2);
  const noise = tf().tensor2d(
    Float32Array.from({ length: B * A }, (_, i) => (Math.floor(i / A) % 2 === i % 2 ? 1 : -1)),
    [B, A],
  );
  for (const [scaleByValue, criticWeight] of [
    [false, 1],
    [true, 1],
    [true, 3],
  ] as const) {
    const slopeAt = (logDeviation: number): number => {
      const config: SacConfig = { ...small, scaleByValue, criticWeight, logDeviation };
      const given = { ...problem(1), actionSpace: "free" as const };
      const networks = { ...sacNetworks(given, config), critics: [critic, critic] };
      const [w, b, deviations] = networks.actor.variables;
      w.assign(tf().zerosLike(w));
      b.assign(tf().fill([A], 3)); // μ = c
      const loss = (): Scalar =>
        sacActorLoss(networks, drawn, config, { temperature: alpha, noise, actionSpace: "free" }).loss;
      const { grads } = tf().variableGrads(loss, [deviations]);
      return grads[deviations.name].sum().dataSync()[0];
    };
    const best = Math.log(Math.sqrt(alpha / k));
    assert.ok(Math.abs(slopeAt(best)) < 1e-4, `λ ${criticWeight}, scaled ${scaleByValue}: ${slopeAt(best)}`);
    assert.ok(slopeAt(best + 0.3) > 0.01 && slopeAt(best - 0.3) < -0.01);
  }
});

test("actor and target draw their own noise, and each update its own", () => {
  const agent = sac({ ...problem(1), actionSpace: "free" }, { ...small, bootstrapAt: "action" });
  const heard: Float32Array[] = [];
  const listen = (critic: Network): void => {
    const { apply } = critic;
    Object.assign(critic, {
      apply: (input: Tensor2D) => {
        heard.push(input.slice([0, S], [-1, A]).dataSync<"float32">());
        return apply(input);
      },
    });
  };
  listen(agent.networks.targetCritics[0]);
  listen(agent.networks.critics[0]);
  const drawn = someBatch(1);
  agent.learn({ ...drawn, nextStates: drawn.states });
  const [next, logged, own] = heard;
  assert.equal(heard.length, 3);
  assert.deepEqual(logged, drawn.actions.dataSync());
  // In the same states, from the same policy: were the draws the same, so would be the actions.
  const apart = next.filter((each, i) => Math.abs(each - own[i]) > 1e-3).length;
  assert.ok(apart > 0.9 * B * A, `${apart} of ${B * A}`);
  agent.learn({ ...drawn, nextStates: drawn.states });
  const later = heard[3].filter((each, i) => Math.abs(each - next[i]) > 0.1).length;
  assert.ok(later > 0.5 * B * A, `${later} of ${B * A}`);
  agent.dispose();
});

test("bounds of soft targets: those of the rewards, and what entropy adds to them for ever", () => {
  const networks = unlike("unit");
  for (const critic of networks.targetCritics) {
    const bias = critic.variables.at(-1)!;
    bias.assign(tf().fill(bias.shape, 50));
  }
  const drawn = someBatch(2);
  const given = draw("unit");
  tf().tidy(() => {
    const { logDensities } = drawActions(networks.actor.apply(drawn.nextStates), given.noise, "unit");
    const most = Math.max(...logDensities.dataSync<"float32">().map((each) => -0.3 * each));
    const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
    for (const softTargets of [true, false]) {
      const config = { ...small, softTargets };
      const targets = sacTargets(networks, drawn, config, { ...given, bounds: [-20, 20] }).dataSync();
      const wide = sacTargets(networks, drawn, config, { ...given, bounds: [-2000, 2000] }).dataSync();
      const open = sacTargets(networks, drawn, config, given).dataSync();
      assert.deepEqual(wide, open);
      const largest = 20 + (softTargets ? most / (1 - 0.9) : 0);
      for (let n = 0; n < B; n++)
        assert.ok(
          Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * Math.min(largest, (open[n] - r[n]) / 0.9)) < 1e-3,
        );
    }
  });
});
