import assert from "node:assert/strict";
import { test } from "node:test";
import { taskOf } from "../data/task";
import { handMadeLog, handMadeModel, unitVectors } from "./handMade.fixture";
import { prepareData } from "./preparedData";
import { validator } from "./validator";

const users = [
  { train: [0, 1], validation: [3], test: [4] },
  { train: [1, 0], validation: [3, 2], test: [5] },
  { train: [0, 2], validation: [5], test: [3] },
];
const { dataset, ratios } = handMadeLog(users, 6);
const task = prepareData(dataset, ratios).validation!;
/** In all states the same action. */
const acting = (...action: number[]) => ({
  act: (states: Float32Array) =>
    Float32Array.from({ length: states.length }, (_, i) => action[i % action.length]),
});
const near = (got: number, wanted: number): void => assert.ok(Math.abs(got - wanted) < 1e-6, `${got}`);
const listsOf = (lists: { items: Int32Array; k: number }): number[][] =>
  users.map((_, user) =>
    [...lists.items.subarray(user * lists.k, (user + 1) * lists.k)].filter((i) => i >= 0),
  );
const place = (rank: number): number => 1 / Math.log2(rank + 1);

test("a validation ranks what each user has not had, and judges each user by hand-made places", () => {
  assert.equal(task.histories.size, 3);
  const start = acting(9, 8, 7, 6, 5, 4); // items already had score highest
  const watched = validator(handMadeModel(unitVectors(6)), task, start);
  const { lists, ndcg, figures } = watched.validate(start);
  assert.deepEqual(listsOf(lists), [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
    [1, 3, 4, 5],
  ]);
  const wanted = [place(2), 1, place(4)];
  for (const [user, value] of wanted.entries()) near(ndcg[user], value);
  near(figures.validationNdcg, (place(2) + 1 + place(4)) / 3);
  assert.equal(figures.distinctItems, 5);
  near(figures.distanceFromStart, 0);
  near(figures.distanceToNearest, 1 - 9 / Math.hypot(9, 8, 7, 6, 5, 4));
  const turned = watched.validate(acting(-8, 9, 0, 0, 0, 0));
  near(turned.figures.distanceFromStart, 1);
  watched.dispose();
});

test("a validation counts the biases of the retrieval, the model's own where none are given", () => {
  const flat = acting(0, 0, 0, 0, 0, 0);
  const model = handMadeModel(unitVectors(6), { bias: [0, 0, 1, 2, 3, 4], temperature: 0.5 });
  const own = validator(model, task, flat);
  assert.deepEqual(listsOf(own.validate(flat).lists), [
    [5, 4, 3, 2],
    [5, 4, 3, 2],
    [5, 4, 3, 1],
  ]);
  const served = validator(model, task, flat, { bias: Float32Array.of(0, 9, 8, 7, 6, 5) });
  assert.deepEqual(listsOf(served.validate(flat).lists), [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
    [1, 3, 4, 5],
  ]);
  // In logits: an action of 1 with T = ½ is worth as much as a bias of 2.
  const [less, more] = [acting(0, 0, 0, 0, 1.4, 0), acting(0, 0, 0, 0, 1.6, 0)];
  const biases = Float32Array.of(0, 0, 0, 0, 0, 3);
  const logits = validator(model, task, flat, { bias: biases });
  assert.deepEqual(listsOf(logits.validate(less).lists)[0].slice(0, 2), [5, 4]);
  assert.deepEqual(listsOf(logits.validate(more).lists)[0].slice(0, 2), [4, 5]);
  for (const each of [own, served, logits]) each.dispose();
});

test("an agent with items of its own is looked at through them as they are now", () => {
  const items = (bias: number[]) => ({
    ...acting(0, 0, 0, 0, 0, 0),
    items: () => ({
      ...{ itemVectors: new Float32Array(36), itemBias: Float32Array.from(bias), candidates: null },
      temperature: 1,
    }),
  });
  const [before, after] = [items([0, 0, 4, 3, 2, 1]), items([0, 0, 1, 2, 3, 4])];
  const watched = validator(handMadeModel(unitVectors(6)), task, before);
  assert.deepEqual(listsOf(watched.validate(before).lists)[0], [2, 3, 4, 5]);
  assert.deepEqual(listsOf(watched.validate(after).lists)[0], [5, 4, 3, 2]);
  watched.dispose();
});

test("validation is looked at with train histories alone", () => {
  assert.deepEqual([...task.histories.items], [0, 1, 1, 0, 0, 2]);
  const { split, dataset: log } = prepareData(dataset, ratios);
  assert.equal(taskOf(log.interactions, split, "test").histories.items.length, 10);
});
