import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { chooseStart } from "./chooseStart";
import { handMadeLog, handMadeModel, unitVectors } from "./handMade.fixture";
import { prepareData } from "./preparedData";
import { queryRecommender } from "./queryRecommender";
import { isPlain, meanBias, minimumWeight, plainStart, supervisedStart } from "./supervisedStart";
import { fittingSteps } from "./trainRun";

/**
 * Fifty users read items 0 and 1 of ten and then one of 2 to 4; the last ten of those rows hold item 4 alone, and on
 * validation everybody wants 4 or 5.
 */
const users = Array.from({ length: 50 }, (_, u) => ({
  train: [0, 1, u < 40 ? 2 + (u % 2) : 4],
  validation: [u < 40 ? 4 : 5],
  test: [5],
}));
const { dataset, ratios } = handMadeLog(users, 10);
const data = prepareData(dataset, ratios);
/** A model that would show items 9, 8, 7 ... */
const model = handMadeModel(
  Array.from({ length: 10 }, () => [0]),
  { bias: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
);
const closeTo = (got: ArrayLike<number>, wanted: readonly number[]): void => {
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(got[i] - value) < 1e-5, `${i}: ${got[i]}, ${value}`);
};
const share = (counts: readonly number[]): number[] => {
  const total = counts.reduce((a, b) => a + b) + 10;
  return counts.map((count) => Math.log((10 * (count + 1)) / total));
};

const one = (window: number, strength: number, own: number) => [{ window, strength, own, share: 1 }];

test("the model's own bias stands unless something else is chosen", () => {
  const { bias, companion } = supervisedStart(plainStart, model, data);
  assert.deepEqual([bias, companion], [model.itemBias, undefined]);
  closeTo(meanBias(one(5, 0, 0), model, data), new Array<number>(10).fill(0));
  assert.equal(isPlain(chooseStart(model, data, { popularity: false, random: random(1) })), true);
});

test("recent popularity is counted over the last rows that may be learned from, light ones left out", () => {
  const recent = share([0, 0, 0, 0, 10, 0, 0, 0, 0, 0]);
  closeTo(
    meanBias(one(10, 2, 1), model, data),
    recent.map((value, item) => 2 * value + item),
  );
  // Refitted, the last rows are those of validation: forty times item 4, then ten times item 5.
  const refit = prepareData(dataset, { ...ratios, refit: true });
  closeTo(meanBias(one(10, 1, 0), model, refit), share([0, 0, 0, 0, 0, 10, 0, 0, 0, 0]));
  closeTo(meanBias(one(10, 2, 0), model, data, 2), share([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
});

test("several biases count by their shares", () => {
  const mixed = [
    { window: 1, strength: 0, own: 1, share: 0.25 },
    { window: 10, strength: 2, own: 0, share: 0.75 },
  ];
  closeTo(
    meanBias(mixed, model, data),
    share([0, 0, 0, 0, 10, 0, 0, 0, 0, 0]).map((value, item) => 0.25 * item + 1.5 * value),
  );
});

test("what validation users want is chosen from the windows tried; without them the middle stands", () => {
  const chosen = chooseStart(model, data, { random: random(1) });
  // 1, 2, 5, 10 and 30% of 150 rows.
  assert.ok(
    chosen.biases.every(({ window, strength }) => [2, 3, 8, 15, 45].includes(window) && strength > 0),
  );
  assert.ok(Math.abs(chosen.biases.reduce((sum, bias) => sum + bias.share, 0) - 1) < 1e-9);
  const served = queryRecommender(model, undefined, supervisedStart(chosen, model, data));
  assert.equal(served.recommend(data.validation!.histories, 1).items[0], 4);
  served.dispose();
  const { validation: _, ...blind } = data;
  assert.deepEqual(chooseStart(model, blind, { random: random(1) }).biases, one(8, 1, 1));
});

test("a recommender asks with its bias, leaves out what was had, and is named by its actor", () => {
  const unit = handMadeModel(unitVectors(10));
  const act = (states: Float32Array): Float32Array =>
    Float32Array.from(states, (_, i) => [9, 8, 7, 6, 5, 4, 3, 2, 1, 0][i % 10]);
  const actor = queryRecommender(unit, { name: "actor", act });
  const { histories } = data.validation!;
  assert.equal(actor.name, "actor");
  assert.deepEqual([...actor.recommend(histories, 4).items.subarray(0, 4)], [3, 4, 5, 6]);
  assert.deepEqual([...actor.queries(histories).subarray(0, 11)], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1]);
  const unavailable = new Set([4]);
  assert.deepEqual([...actor.recommend(histories, 3, { unavailable }).items.subarray(0, 3)], [3, 5, 6]);
  const lifted = queryRecommender(
    unit,
    { name: "actor", act },
    { bias: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 99) },
  );
  assert.equal(lifted.recommend(histories, 1).items[0], 9);
  // Without an actor the supervised head asks: the state of item 2 is that item, which is had.
  const head = queryRecommender(unit, undefined, { name: "head" });
  assert.deepEqual([head.name, ...head.queries(histories).subarray(0, 4)], ["head", 0, 0, 1, 0]);
  for (const each of [actor, lifted, head]) each.dispose();
});

test("updates fit the log: twenty passes, from 1,000 to the entry's own number", () => {
  assert.equal(fittingSteps(3000, { rows: new Int32Array(25_600) } as typeof data, 256), 2000);
  assert.equal(fittingSteps(3000, { rows: new Int32Array(25_601) } as typeof data, 256), 2001);
  assert.equal(fittingSteps(3000, { rows: new Int32Array(100) } as typeof data, 256), 1000);
  assert.equal(fittingSteps(3000, { rows: new Int32Array(1e6) } as typeof data, 256), 3000);
  assert.equal(fittingSteps(500, { rows: new Int32Array(100) } as typeof data, 256), 500);
});

test("rows count as positive from where relevance says, 4 of ratings and more than 0 of weights by time, else all", () => {
  const rated = {
    ...data,
    dataset: {
      ...dataset,
      interactions: {
        ...dataset.interactions,
        weightKind: "rating" as const,
        weights: dataset.interactions.weights.map((_, row) => 1 + (row % 5)), // stars
      },
    },
  };
  assert.equal(minimumWeight({ relevantAt: 3, protocol: "temporal" }, data), 3);
  const least = minimumWeight({ relevantAt: null, protocol: "temporal" }, data)!;
  assert.ok(least > 0 && Math.fround(1e-30) >= least);
  assert.equal(minimumWeight({ relevantAt: null, protocol: "temporal" }, rated), 4);
  assert.equal(minimumWeight({ relevantAt: null, protocol: "leave-one-out" }, rated), undefined);
});
