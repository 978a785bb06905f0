import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../../math/random";
import { gaussian } from "../../tensors/initialisers";
import type { Network } from "../../tensors/networks";
import { type Tensor2D, tf } from "../../tensors/tf";
import { itemRetrieval } from "../itemRetrieval";
import { itemSample } from "../itemSample";
import { variablesOf } from "../networks";
import { slopes } from "../slopes.fixture";
import { A, B, disturb, itemVectors, N, numbers, problem, S, someBatch } from "../smallProblem.fixture";
import { candidateFilter } from "./candidateFilter";
import { ddpg } from "./ddpg";
import {
  type DqnConfig,
  discreteCql,
  dqn,
  dqnDefaults,
  dqnLoss,
  dqnNetworks,
  dqnTargets,
  type ItemValues,
  itemValues,
  supervisedStart,
} from "./dqn";

const small: DqnConfig = { ...dqnDefaults, hidden: [8, 8], candidates: null };
const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };

/** Networks of which no two are alike. */
function unlike(config = small) {
  const networks = dqnNetworks(problem(1), config);
  for (const [i, each] of (Object.values(networks) as Network[]).entries())
    disturb(each.variables, 10 + i, 0.5);
  return networks;
}

test("values: Q(s, i) = h(s)·w_i + c_i, which start at 0 with embeddings from the catalogue", () => {
  const networks = unlike();
  const { states } = someBatch(1);
  tf().tidy(() => {
    const h = networks.state.apply(states).arraySync();
    const [w, c] = networks.table.variables.map((each) => each.dataSync());
    for (const [n, row] of itemValues(networks, states).arraySync().entries())
      for (const [i, q] of row.entries())
        assert.ok(Math.abs(q - h[n][0] * w[i * A] - h[n][1] * w[i * A + 1] - c[i]) < 1e-5);
    const fresh = dqnNetworks(problem(1), small);
    assert.ok(
      itemValues(fresh, states)
        .dataSync<"float32">()
        .every((each) => each === 0),
    );
    assert.deepEqual(numbers(fresh.table.variables)[0], itemVectors);
    const drawn = numbers(dqnNetworks(problem(1), { ...small, start: "random" }).table.variables)[0];
    assert.notDeepEqual(drawn, itemVectors);
  });
});

for (const [name, config, given] of [
  ["over all items", small, {}],
  ["of the target alone", { ...small, double: false }, {}],
  ["over what is available", small, { unavailable: new Set([0, 4]) }],
  ["over the head's two best", { ...small, candidates: 2 }, { head }],
] as const)
  test(`targets by hand ${name}: the online network chooses among unseen items, the target network values`, () => {
    const networks = unlike();
    const drawn = someBatch(2, { seen: true });
    const { catalogue } = problem(1);
    const unavailable = "unavailable" in given ? given.unavailable : new Set<number>();
    const own = {
      ...problem(1),
      ...("head" in given ? { head } : {}),
      catalogue: { ...catalogue, unavailable },
    };
    const filter = candidateFilter(own, config.candidates);
    tf().tidy(() => {
      const online = itemValues(networks, drawn.nextStates).arraySync();
      const target = itemValues(
        { state: networks.targetState, table: networks.targetTable },
        drawn.nextStates,
      ).arraySync();
      // What stays in the filter's reach (its own tests say it is the right items) is at least chosen among.
      const zeros = (rows?: Tensor2D): Tensor2D => tf().zeros([B, rows?.shape[1] ?? N]);
      const { scores, rows } = filter.choice(zeros, drawn.nextStates, { seen: drawn.nextSeen });
      const open = drawn.rewards.arraySync().map(() => new Array<number>(N).fill(-1e9));
      for (const [n, row] of scores.arraySync().entries())
        for (const [k, score] of row.entries()) open[n][rows ? rows.arraySync()[n][k] : k] = score;
      const targets = dqnTargets(networks, drawn, config, filter).dataSync();
      const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
      const best = (row: number[], n: number): number =>
        row.reduce(
          (most, q, i) => (open[n][i] > -1e8 && !(q <= row[most]) ? i : most),
          open[n].findIndex((each) => each > -1e8),
        );
      const differing = { double: 0, filter: 0 };
      for (let n = 0; n < B; n++) {
        const chosen = best(config.double ? online[n] : target[n], n);
        if (best(online[n], n) !== best(target[n], n)) differing.double++;
        const free = config.double ? online[n] : target[n];
        if (free.indexOf(Math.max(...free)) !== chosen) differing.filter++;
        assert.ok(drawn.nextSeen!.items[n] !== chosen && !unavailable.has(chosen));
        assert.ok(Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * target[n][chosen]) < 1e-4);
      }
      assert.ok(differing.double > 0 && differing.filter > 0, JSON.stringify(differing));
    });
    filter.dispose();
  });

test("the loss by hand and by finite differences, without and with the conservative term", () => {
  const drawn = someBatch(3);
  const weighted = {
    ...drawn,
    weights: tf().tensor2d(
      Float32Array.from({ length: B }, (_, n) => 0.5 + n / B),
      [B, 1],
    ),
  };
  for (const conservativeWeight of [0, 0.8])
    for (const given of [drawn, weighted]) {
      const networks = unlike();
      const targets = tf().tensor2d(gaussian(B, 2, random(6)), [B, 1]);
      const loss = () => dqnLoss(networks, given, { conservativeWeight }, targets).loss;
      const all = itemValues(networks, drawn.states).arraySync();
      const [y, rows] = [targets.dataSync(), drawn.itemRows.dataSync()];
      let expected = 0;
      for (const [n, row] of all.entries()) {
        const weight = given === weighted ? 0.5 + n / B : 1;
        const beyond = Math.log(row.reduce((sum, q) => sum + Math.exp(q), 0)) - row[rows[n]];
        expected += (weight * (row[rows[n]] - y[n]) ** 2 + conservativeWeight * beyond) / B;
      }
      assert.ok(Math.abs(loss().dataSync()[0] - expected) < 1e-4);
      const variables = variablesOf([networks.state, networks.table]);
      for (let seed = 1; seed <= 3; seed++) {
        const [measured, product] = slopes(loss, variables, { seed, step: 5e-4 });
        assert.ok(Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3, `${measured}, ${product}`);
      }
    }
});

test("discrete CQL is twice its equation 4: ½ (Q − y)² and α = 1", () => {
  const networks = unlike();
  const drawn = someBatch(3);
  const targets = tf().tensor2d(gaussian(B, 2, random(6)), [B, 1]);
  const of = (conservativeWeight: number): number =>
    dqnLoss(networks, drawn, { conservativeWeight }, targets).loss.dataSync()[0];
  const [error, beyond] = [of(0), of(1) - of(0)];
  assert.ok(Math.abs(of(discreteCql.conservativeWeight) - 2 * (error / 2 + beyond)) < 1e-4);
  assert.ok(error > 0.1 && beyond > 0.1);
});

test("candidates of null, of as many as there are, and of more are one and the same", () => {
  const after = (candidates: number | null): Float32Array[] => {
    const agent = dqn({ ...problem(1), head }, { ...small, candidates, criticLearningRate: 0.05 });
    for (let u = 1; u <= 5; u++) agent.learn(someBatch(u, { seen: true }));
    return numbers(variablesOf(Object.values(agent.networks) as Network[]));
  };
  assert.deepEqual(after(N), after(null));
  assert.deepEqual(after(N + 7), after(null));
  assert.notDeepEqual(after(1), after(null));
});

test("what is served are its own items: act · vector + bias is Q", () => {
  const agent = dqn(problem(1), small);
  disturb(variablesOf(Object.values(agent.networks) as Network[]), 3);
  const { states } = someBatch(1);
  const { itemVectors: vectors, itemBias, candidates, temperature } = agent.items!();
  assert.deepEqual([candidates, temperature], [null, small.temperature]);
  tf().tidy(() => {
    const actions = tf().tensor2d(agent.act(states.dataSync<"float32">()), [B, A]);
    const served = tf()
      .matMul(actions, tf().tensor2d(vectors, [N, A]), false, true)
      .add(tf().tensor1d(itemBias));
    const values = itemValues(agent.networks, states) as Tensor2D;
    assert.ok(served.sub(values).abs().max().dataSync()[0] < 1e-5);
  });
});

test("the conservative term pulls what was not done below what was; targets that nobody could earn alarm", () => {
  const gap = (conservativeWeight: number): number => {
    const agent = dqn(problem(1), { ...small, conservativeWeight, criticLearningRate: 0.01, discount: 0 });
    const drawn = someBatch(1);
    for (let u = 0; u < 60; u++) agent.learn(drawn);
    return tf().tidy(() => {
      const all = itemValues(agent.networks, drawn.states).arraySync();
      const rows = drawn.itemRows.dataSync();
      const mean = (row: number[]): number => row.reduce((a, b) => a + b) / N;
      return all.reduce((sum, row, n) => sum + (row[rows[n]] - mean(row)) / B, 0);
    });
  };
  assert.ok(gap(2) > gap(0) + 0.2);
  const loud = dqn({ ...problem(1), valueBounds: [-0.5, 0.5] }, small);
  const drawn = someBatch(1);
  const beyond = drawn.rewards.dataSync<"float32">().filter((each) => Math.abs(each) > 0.5).length / B;
  assert.ok(beyond > 0.2);
  assert.equal(loud.learn(drawn).alarmShare, beyond); // every Q is still 0, but their targets are rewards out of bounds
});

test("step 0 serves the supervised lists, whatever the candidates, the bounds and the bias that lists are made with", () => {
  const states = gaussian(40 * S, 1, random(4));
  const servedBias = gaussian(N, 1, random(5));
  const { catalogue, ...bare } = problem(1);
  const served = { ...catalogue, servedBias };
  for (const actionSpace of ["unit", "free"] as const) {
    const given = { ...bare, catalogue: served, head, actionSpace };
    const supervised = ddpg(given, { hidden: [8] });
    const wanted = itemRetrieval(served).search(states, supervised.act(states), N).items;
    assert.ok(new Set(wanted.subarray(0, N)).size === N);
    const byRow = Int32Array.from({ length: 40 * N }, (_, i) => i % N);
    assert.notDeepEqual(wanted, byRow);
    for (const bounds of [undefined, [-10, 10], [0, 10], [-0.5, 0.01], [7, 7]] as const)
      for (const candidates of [null, 3]) {
        const agent = dqn({ ...given, ...(bounds ? { valueBounds: bounds } : {}) }, { ...small, candidates });
        const k = candidates ?? N;
        const retrieval = itemRetrieval(served, { items: agent.items!(), supervised: supervised.act });
        const lists = retrieval.search(states, agent.act(states), k);
        for (let n = 0; n < 40; n++)
          assert.deepEqual(lists.items.slice(n * k, (n + 1) * k), wanted.slice(n * N, n * N + k));
        if (bounds && bounds[1] > bounds[0] && actionSpace === "unit")
          for (const score of lists.scores)
            assert.ok(score >= bounds[0] - 1e-6 && score <= bounds[1] + 1e-6, `${score}`);
        // Where bounds leave room, the served policy is the supervised one too.
        if (bounds === undefined) {
          const gap = (from: { scores: ArrayLike<number> }, at: number, temperature: number): number =>
            (from.scores[at] - from.scores[at + 1]) / temperature;
          const plain = itemRetrieval(served).search(states, supervised.act(states), k);
          assert.ok(
            Math.abs(gap(lists, 0, retrieval.temperature) - gap(plain, 0, catalogue.temperature)) < 1e-4,
          );
        }
        for (const part of [agent, retrieval]) part.dispose();
      }
    const random = dqn(given, { ...small, start: "random" });
    assert.ok(random.act(states).every((each) => each === 0)); // nothing supervised in it
    random.dispose();
  }
});

test("values start within their bounds whatever a state may add", () => {
  const largestAdded = 8;
  const given = { ...problem(1), head, valueBounds: [-1, 1] as const };
  const catalogue = { ...given.catalogue, largestAdded };
  const { scale, offset } = supervisedStart({ ...given, catalogue }, small);
  const without = supervisedStart(given, small).scale;
  assert.ok(scale > 0 && scale < without);
  const { itemVectors, itemBias, temperature } = catalogue;
  const width = itemVectors.length / itemBias.length;
  itemBias.forEach((bias, row) => {
    const vector = itemVectors.subarray(row * width, (row + 1) * width);
    const most = Math.hypot(...vector) + temperature * (Math.abs(bias) + largestAdded);
    assert.ok(offset + scale * most <= 1 + 1e-9 && offset - scale * most >= -1 - 1e-9);
  });
});

test("what is added in a state is part of Q from the start: in values, targets, loss and candidates", () => {
  const given = { ...problem(1), head };
  const { scale } = supervisedStart(given, small);
  const addedScale = scale * given.catalogue.temperature;
  assert.equal(dqn(given, small).items!().addedScale, Math.fround(addedScale));
  assert.equal(dqn(problem(1), small).items!().addedScale, 0);
  const networks = dqnNetworks(given, small);
  for (const [i, each] of (Object.values(networks) as Network[]).entries())
    disturb(each.variables, 10 + i, 0.5);
  const plain = someBatch(2, { seen: true });
  const entries = (seed: number) => ({
    rows: Int32Array.from({ length: 4 * B }, (_, i) => i % B),
    items: Int32Array.from({ length: 4 * B }, (_, i) => (i + Math.floor(i / B) * 2) % N),
    values: gaussian(4 * B, 30, random(seed)),
  });
  const drawn = { ...plain, added: entries(7), nextAdded: entries(8) };
  const table = ({ rows, items, values }: ReturnType<typeof entries>): number[][] => {
    const sums = Array.from({ length: B }, () => new Array<number>(N).fill(0));
    for (const [k, row] of rows.entries()) sums[row][items[k]] += addedScale * values[k];
    return sums;
  };
  const filter = candidateFilter(given, null);
  tf().tidy(() => {
    const of = (which: ItemValues, states: Tensor2D, extra: number[][]): number[][] =>
      itemValues(which, states)
        .arraySync()
        .map((row, n) => row.map((q, i) => q + extra[n][i]));
    const online = of(networks, drawn.nextStates, table(drawn.nextAdded));
    const target = of(
      { state: networks.targetState, table: networks.targetTable },
      drawn.nextStates,
      table(drawn.nextAdded),
    );
    const [r, t] = [drawn.rewards.dataSync(), drawn.terminals.dataSync()];
    const y = dqnTargets(networks, drawn, small, filter, { addedScale });
    const without = dqnTargets(networks, drawn, small, filter).dataSync();
    const targets = y.dataSync();
    for (let n = 0; n < B; n++) {
      const open = online[n].map((q, i) => (i === drawn.nextSeen!.items[n] ? Number.NEGATIVE_INFINITY : q));
      const chosen = open.indexOf(Math.max(...open));
      assert.ok(Math.abs(targets[n] - r[n] - 0.9 * (1 - t[n]) * target[n][chosen]) < 1e-4);
    }
    assert.notDeepEqual(targets, without);
    const now = of(networks, drawn.states, table(drawn.added));
    const rows = drawn.itemRows.dataSync();
    let expected = 0;
    for (const [n, row] of now.entries()) {
      const most = Math.max(...row);
      const beyond = most + Math.log(row.reduce((sum, q) => sum + Math.exp(q - most), 0)) - row[rows[n]];
      expected += ((row[rows[n]] - targets[n]) ** 2 + 0.8 * beyond) / B;
    }
    const { loss } = dqnLoss(networks, drawn, { conservativeWeight: 0.8 }, y, { addedScale });
    assert.ok(
      Math.abs(loss.dataSync()[0] - expected) < 1e-4 * expected,
      `${loss.dataSync()[0]}, ${expected}`,
    );
  });
  filter.dispose();
});

test("over a sample that holds every item the conservative term is the whole one, with what is added and its gradients", () => {
  const networks = unlike();
  const variables = variablesOf([networks.state, networks.table]);
  const targets = tf().zeros([B, 1]) as Tensor2D;
  const { itemBias } = problem(1).catalogue;
  const sampler = itemSample(itemBias, { whole: 1, always: 2, drawn: N })!;
  const added = {
    rows: Int32Array.from({ length: 2 * B }, (_, i) => i % B),
    items: Int32Array.from({ length: 2 * B }, (_, i) => (3 * i) % N),
    values: gaussian(2 * B, 3, random(6)),
  };
  for (const drawn of [someBatch(3), { ...someBatch(3), added }]) {
    const [whole, some] = [drawn, { ...drawn, ...sampler.prepared(drawn) }].map((given) =>
      tf().variableGrads(
        () => dqnLoss(networks, given, { conservativeWeight: 2 }, targets, { addedScale: 0.7 }).loss,
        variables,
      ),
    );
    assert.ok(Math.abs(whole.value.dataSync()[0] - some.value.dataSync()[0]) < 1e-5);
    for (const { name } of variables)
      assert.ok(whole.grads[name].sub(some.grads[name]).abs().max().dataSync()[0] < 1e-5);
  }
});

test("an agent saved where bounds are narrow serves the same where none are known", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agent-"));
  try {
    const bounded = dqn({ ...problem(1), head, valueBounds: [-0.2, 0.3] }, small);
    for (let u = 1; u <= 3; u++) bounded.learn(someBatch(u));
    await bounded.save(folder);
    const open = dqn({ ...problem(2), head }, small);
    const states = gaussian(5 * S, 1, random(3));
    assert.notDeepEqual(open.act(states), bounded.act(states));
    await open.load(folder);
    assert.deepEqual(open.act(states), bounded.act(states));
    assert.deepEqual(open.items!(), bounded.items!());
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the alarm still hears what targets would say without their bounds", () => {
  const agent = dqn({ ...problem(1), valueBounds: [-10, 10] }, small);
  const bias = agent.networks.targetTable.variables[1];
  bias.assign(tf().fill(bias.shape, 50));
  const drawn = someBatch(1);
  const open = drawn.terminals.dataSync<"float32">().filter((each) => each === 0).length / B;
  const { alarmShare, targetMean } = agent.learn(drawn);
  assert.ok(targetMean < 10 && open > 0.2);
  assert.equal(alarmShare, open);
});
