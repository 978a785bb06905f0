import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../../math/random";
import { batch } from "../../replay/batch";
import { gaussian } from "../../tensors/initialisers";
import { type Tensor2D, tf } from "../../tensors/tf";
import { ddpg } from "../actorCritic/ddpg";
import { catalogueSlateQ, dqn } from "../actorCritic/dqn";
import type { AgentProblem } from "../agent";
import { itemRetrieval } from "../itemRetrieval";
import { outOfReach } from "../situation";
import { A, N, problem, S } from "../smallProblem.fixture";
import { slateScore, slateStart, slateValues } from "./catalogueSlates";

const near = (got: number, wanted: number, within = 1e-5): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);

test("by hand: two of three are shown, those with the largest v (Q − Q(⊥)), and one of them is taken by v", () => {
  tf().tidy(() => {
    const row = (...values: number[]): Tensor2D => tf().tensor2d([values]);
    // v 4, 2, 1 and Q − 1 of 1, 1, 5: products 4, 2, 5. The first and the last are shown: shares .8 and .2.
    const choice = { scores: row(2, 2, 6), logits: row(Math.log(4), Math.log(2), 0) };
    const valued = (slots: number): number =>
      slateValues(choice, row(10, 20, 30), { slots, nothing: 1 }).dataSync()[0];
    near(valued(2), 0.8 * 10 + 0.2 * 30);
    near(valued(1), 30);
    near(valued(3), (4 * 10 + 2 * 20 + 1 * 30) / 7);
    near(valued(9), valued(3));
    // What may not be shown is not, however good; without a supervised model all that is shown is as likely.
    const closed = { ...choice, scores: row(2, 2, outOfReach) };
    near(slateValues(closed, row(10, 20, 30), { slots: 2, nothing: 1 }).dataSync()[0], (4 * 10 + 2 * 20) / 6);
    const even = { scores: row(2, 3, outOfReach) };
    near(slateValues(even, row(10, 20, 30), { slots: 2, nothing: 0 }).dataSync()[0], 15);
    near(slateValues(even, row(10, 20, 30), { slots: 1, nothing: 0 }).dataSync()[0], 20);
  });
  near(slateScore(Math.log(3), 7, 5), Math.log(6));
  assert.ok(slateScore(0, 1, 2) < -10);
  assert.deepEqual(slateStart([-2, 4]), { nothing: -2, start: 1 });
});

const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };

test("step 0 serves the supervised lists, with the supervised model's probabilities", () => {
  const states = gaussian(30 * S, 1, random(4));
  const { catalogue, ...bare } = problem(1);
  const servedBias = gaussian(N, 1, random(5));
  for (const valueBounds of [undefined, [-1, 3]] as const)
    for (const candidates of [null, 4]) {
      const given = {
        ...{ ...bare, head, catalogue: { ...catalogue, servedBias } },
        ...(valueBounds && { valueBounds }),
      };
      const agent = dqn(given, { ...catalogueSlateQ, hidden: [8], candidates });
      const supervised = ddpg(given, { hidden: [8] });
      const retrieval = itemRetrieval(given.catalogue, { items: agent.items!(), supervised: supervised.act });
      const lists = retrieval.search(states, agent.act(states), 4);
      const plain = itemRetrieval(given.catalogue).search(states, supervised.act(states), 4);
      assert.deepEqual(lists.items, plain.items);
      for (let at = 0; at < lists.scores.length; at++)
        if (at % 4 > 0)
          near(
            (lists.scores[at - 1] - lists.scores[at]) / retrieval.temperature,
            (plain.scores[at - 1] - plain.scores[at]) / catalogue.temperature,
            1e-4,
          );
      for (const part of [agent, supervised, retrieval]) part.dispose();
    }
});

/**
 * One state and two items that are taken 3 : 1 when both are shown. Both earn 1; after the likely one the reader is gone.
 * Q of the other is 1 + γ (¾ + ¼ Q) = 2.16 with γ .9 where both are shown, and 10 where only the best is.
 */
function trained(changes: object) {
  const given: AgentProblem = {
    ...{ stateSize: 1, actionSize: 1, random: random(1), valueBounds: [0, 10] },
    head: { weights: new Float32Array(1), bias: new Float32Array(1) },
    catalogue: { itemVectors: Float32Array.of(1, -1), itemBias: Float32Array.of(Math.log(3), 0) },
    actionSpace: "free",
  };
  const agent = dqn(given, {
    hidden: [4],
    discount: 0.9,
    targetRate: 0.2,
    criticLearningRate: 0.05,
    ...changes,
  });
  const ones = tf().ones([2, 1]) as Tensor2D;
  const both = batch({
    ...{ states: ones, nextStates: ones, rewards: ones, returns: ones },
    actions: tf().tensor2d([[1], [-1]]),
    itemRows: tf().tensor1d([0, 1], "int32"),
    terminals: tf().tensor2d([[1], [0]]),
  });
  for (let update = 0; update < 600; update++) agent.learn(both);
  const retrieval = itemRetrieval(given.catalogue!, {
    items: agent.items!(),
    supervised: () => new Float32Array(1),
  });
  const lists = retrieval.search(Float32Array.of(1), agent.act(Float32Array.of(1)), 2);
  const [h, { itemVectors: w, itemBias: c }] = [agent.act(Float32Array.of(1))[0], agent.items!()];
  const found = { items: [...lists.items], gap: (lists.scores[0] - lists.scores[1]) / retrieval.temperature };
  const values = [0, 1].map((item) => h * w[item] + c[item]);
  for (const part of [agent, retrieval]) part.dispose();
  return { ...found, values };
}

test("closed form: with two places what follows is taken as it will be, with one as the best there is", () => {
  const two = trained({ ...catalogueSlateQ, slots: 2 });
  near(two.values[0], 1, 0.02);
  near(two.values[1], 1.675 / (1 - 0.225), 0.04);
  // v Q: 3 · 1 before 1 · 2.16.
  assert.deepEqual(two.items, [0, 1]);
  near(two.gap, Math.log(3 / (1.675 / 0.775)), 0.04);
  const one = trained({ ...catalogueSlateQ, slots: 1 });
  near(one.values[1], 10, 0.3);
  assert.deepEqual(one.items, [1, 0]);
  near(one.gap, Math.log(10 / 3), 0.06);
});

test("what nothing is worth comes back with a saved agent, where bounds are not known", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slate-q-"));
  const make = (valueBounds?: readonly [number, number]) =>
    dqn({ ...problem(1), head, ...(valueBounds && { valueBounds }) }, { ...catalogueSlateQ, hidden: [4] });
  const [saved, opened] = [make([-4, 2]), make()];
  await saved.save(folder);
  await opened.load(folder);
  assert.equal(opened.items!().slateNothing, -4);
  assert.deepEqual(opened.items!(), saved.items!());
  for (const agent of [saved, opened]) agent.dispose();
  await rm(folder, { recursive: true });
});
