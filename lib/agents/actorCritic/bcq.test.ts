import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { adam } from "../../tensors/adam";
import { gradientStep } from "../../tensors/gradientStep";
import { gaussian } from "../../tensors/initialisers";
import { type Network, network, variableOf } from "../../tensors/networks";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import { retrievedActions } from "../catalogue";
import { type ActionSpace, actionValue, perturbationScale, repeatRows } from "../networks";
import { slopes } from "../slopes.fixture";
import { A, B, disturb, N, numbers, problem, S, someBatch } from "../smallProblem.fixture";
import { drawLatents } from "./actionAutoencoder";
import {
  type BcqConfig,
  bcq,
  bcqDefaults,
  bcqNetworks,
  bcqTargets,
  bestCandidates,
  candidateActions,
  perturbationLoss,
} from "./bcq";

const [K, L] = [3, 4];
const small: BcqConfig = { ...bcqDefaults, hidden: [8, 8], candidates: K, latentSize: L, perturbation: 0.4 };
const spaces: ActionSpace[] = ["unit", "box", "free"];
const latents = (rows: number): Tensor2D => drawLatents(rows, L, 0.5, random(6));

/** Networks of which no two are alike. */
function unlike(actionSpace: ActionSpace = "unit", seed = 1) {
  const networks = bcqNetworks({ ...problem(seed), actionSpace }, small);
  for (const [i, each] of (Object.values(networks).flat() as Network[]).entries())
    disturb(each.variables, 10 * seed + i);
  return networks;
}

for (const actionSpace of spaces) {
  test(`candidates in ${actionSpace}: decoded, moved by at most Φ, and back in their space`, () => {
    const networks = unlike(actionSpace);
    const drawn = someBatch(2);
    const z = latents(B);
    tf().tidy(() => {
      const decoded = networks.decoder.apply(tf().concat([drawn.states, z], 1));
      const move = networks.perturbation.apply(tf().concat([drawn.states, decoded], 1)).dataSync();
      const given = candidateActions(networks, drawn.states, z, {
        perturbation: 0.4,
        actionSpace,
      }).dataSync();
      const middle = decoded.dataSync();
      assert.ok(
        move.every((each: number) => Math.abs(each) <= 1) &&
          move.some((each: number) => Math.abs(each) > 0.1),
      );
      for (let n = 0; n < B; n++) {
        const raw = Array.from(
          { length: A },
          (_, a) => middle[n * A + a] + 0.4 * perturbationScale(actionSpace, A) * move[n * A + a],
        );
        const length = actionSpace === "unit" ? Math.hypot(...raw) : 1;
        for (const [a, each] of raw.entries()) {
          const wanted = actionSpace === "box" ? Math.max(-1, Math.min(1, each)) : each / length;
          assert.ok(Math.abs(given[n * A + a] - wanted) < 1e-5);
        }
      }
      const still = candidateActions(networks, drawn.states, z, { perturbation: 0, actionSpace });
      assert.deepEqual(still.dataSync(), middle); // BCQ without perturbation takes what the decoder imagines
    });
  });

  test(`targets by hand in ${actionSpace}: the best of k candidates by λ·min + (1 − λ)·max of target critics`, () => {
    const networks = unlike(actionSpace);
    const drawn = someBatch(2);
    const z = latents(B * K);
    const config = { ...small, weightOfMinimum: 0.6 };
    tf().tidy(() => {
      const best = new Float32Array(B).fill(Number.NEGATIVE_INFINITY);
      let beyondFirst = 0;
      for (let k = 0; k < K; k++) {
        const rows = tf().tensor1d(
          Int32Array.from({ length: B }, (_, n) => n * K + k),
          "int32",
        );
        const parts = { decoder: networks.decoder, perturbation: networks.targetPerturbation };
        const own = tf().gather(z, rows) as Tensor2D;
        const actions = candidateActions(parts, drawn.nextStates, own, { perturbation: 0.4, actionSpace });
        const [one, other] = networks.targetCritics.map((each) =>
          actionValue(each, drawn.nextStates, actions).dataSync(),
        );
        for (let n = 0; n < B; n++) {
          const judged = 0.6 * Math.min(one[n], other[n]) + 0.4 * Math.max(one[n], other[n]);
          if (k > 0 && judged > best[n]) beyondFirst++;
          best[n] = Math.max(best[n], judged);
        }
      }
      assert.ok(beyondFirst > 0);
      const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
      const targets = bcqTargets(networks, drawn, config, { latents: z, actionSpace }).dataSync();
      for (let n = 0; n < B; n++) assert.ok(Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * best[n]) < 1e-4);
    });
  });
}

test("targets at items: each candidate's item that the reader of its state has not had", () => {
  const networks = unlike();
  const drawn = someBatch(2, { seen: true });
  const [z, items] = [latents(B * K), retrievedActions(problem(1))];
  const seen = drawn.nextSeen!;
  tf().tidy(() => {
    const states = repeatRows(drawn.nextStates, K);
    const parts = { decoder: networks.decoder, perturbation: networks.targetPerturbation };
    const proposed = candidateActions(parts, states, z, { perturbation: 0.4, actionSpace: "unit" });
    const by = (masked: boolean): number[] =>
      Array.from({ length: B }, (_, n) => {
        const own = proposed.slice([n * K, 0], [K, A]);
        const had = {
          rows: Int32Array.from({ length: K }, (_, k) => k),
          items: new Int32Array(K).fill(seen.items[n]),
        };
        const vectors = items.of(own, masked ? { seen: had } : {});
        const [one, other] = networks.targetCritics.map((each) =>
          actionValue(each, states.slice([n * K, 0], [K, S]), vectors).dataSync<"float32">(),
        );
        return Math.max(...one.map((q, k) => 0.75 * Math.min(q, other[k]) + 0.25 * Math.max(q, other[k])));
      });
    const best = by(true);
    assert.ok(
      by(false).some((value, n) => Math.abs(value - best[n]) > 0.1),
      "the mask matters",
    );
    const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
    const targets = bcqTargets(networks, drawn, small, { latents: z, actionSpace: "unit", items }).dataSync();
    for (let n = 0; n < B; n++) assert.ok(Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * best[n]) < 1e-4);
  });
  items.dispose();
});

test("act takes the candidate that the first critic likes best; without a critic the middle one, z = 0", () => {
  const networks = unlike();
  const states = someBatch(3).states;
  const z = latents(K);
  const options = { perturbation: 0.4, actionSpace: "unit" } as const;
  tf().tidy(() => {
    const chosen = bestCandidates(networks, states, z, options).arraySync();
    const places = new Set<number>();
    for (let n = 0; n < B; n++) {
      const state = states.slice([n, 0], [1, S]).tile([K, 1]) as Tensor2D;
      const all = candidateActions(networks, state, z, options);
      const values = actionValue(networks.critics[0], state, all).dataSync<"float32">();
      const best = values.indexOf(Math.max(...values));
      places.add(best);
      for (const [a, each] of (all.arraySync()[best] as number[]).entries())
        assert.ok(Math.abs(each - chosen[n][a]) < 1e-5);
    }
    assert.ok(places.size > 1);
  });
  const agent = bcq(problem(1), { ...small, criticWeight: 0 });
  for (let u = 0; u < 3; u++) assert.ok(!("actorQ" in agent.learn(someBatch(u))));
  const middle = agent.networks.decoder.apply(tf().concat([states, tf().zeros([B, L])], 1) as Tensor2D);
  assert.deepEqual(agent.act(states.dataSync<"float32">()), middle.dataSync());
});

test("the perturbation's loss: finite differences, and a step raises a frozen quadratic Q, moving nothing else", () => {
  for (const actionSpace of spaces) {
    const networks = unlike(actionSpace);
    const [drawn, given] = [someBatch(2), { latents: latents(B), actionSpace }];
    const { variables } = networks.perturbation;
    const ofCritic = (): Scalar => perturbationLoss(networks, drawn, small, given).loss;
    for (let seed = 1; seed <= 3; seed++) {
      const [measured, product] = slopes(ofCritic, variables, { seed, step: 5e-4 });
      assert.ok(Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3, `${measured}, ${product}`);
    }
    const peak = variableOf(Float32Array.of(0.6, -0.8), [A]);
    const critic = network(
      [peak],
      ([p], input) => input.slice([0, S], [-1, A]).sub(p).square().sum(1, true).neg() as Tensor2D,
    );
    const frozen = { ...networks, critics: [critic, networks.critics[1]] };
    const value = (): number =>
      tf().tidy(() => perturbationLoss(frozen, drawn, small, given).value.dataSync()[0]);
    const others = () =>
      numbers([peak, ...networks.decoder.variables, ...networks.targetPerturbation.variables]);
    const [was, before] = [value(), others()];
    const optimizer = adam(variables, { learningRate: 0.01 });
    gradientStep(() => perturbationLoss(frozen, drawn, small, given).loss, variables, optimizer);
    assert.ok(value() > was);
    assert.deepEqual(others(), before);
  }
});

test("told what was had, act judges each candidate at what it would then lead to, chunk by chunk", () => {
  const agent = bcq(problem(1), { ...small, candidates: 6, latentClip: 3, perturbation: 3 });
  for (const [i, each] of (Object.values(agent.networks).flat() as Network[]).entries())
    disturb(each.variables, 30 + i, 1);
  const n = 300; // more than are asked about together
  const states = gaussian(n * S, 1, random(5));
  const seen = {
    rows: Int32Array.from({ length: 2 * n }, (_, i) => i % n),
    items: Int32Array.from({ length: 2 * n }, (_, i) => (i + Math.floor(i / n) * 2) % N),
  };
  const added = {
    rows: seen.rows,
    items: seen.items.map((item) => (item + 1) % N),
    values: gaussian(2 * n, 3, random(6)),
  };
  const plain = agent.act(states);
  assert.deepEqual(agent.act(states, {}), plain);
  for (const situation of [{ seen }, { added }, { seen, added }]) {
    const chosen = agent.act(states, situation);
    const others = Array.from({ length: n }, (_, row) => row).filter(
      (row) => chosen[row * A] !== plain[row * A],
    );
    assert.ok(others.length > 10 && others.some((row) => row >= 256), `${others.length} rows differ`);
    // Row by row it is the same.
    for (const row of [...others.slice(0, 3), ...others.slice(-3)]) {
      const own = (of: typeof seen) => ({
        rows: new Int32Array(2),
        items: Int32Array.of(of.items[row], of.items[row + n]),
      });
      const alone = agent.act(states.slice(row * S, (row + 1) * S), {
        ...("seen" in situation ? { seen: own(seen) } : {}),
        ...("added" in situation
          ? { added: { ...own(added), values: Float32Array.of(added.values[row], added.values[row + n]) } }
          : {}),
      });
      for (let a = 0; a < A; a++) assert.ok(Math.abs(alone[a] - chosen[row * A + a]) < 1e-5);
    }
  }
  agent.dispose();
});
