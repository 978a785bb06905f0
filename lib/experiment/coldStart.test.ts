import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../data/task";
import { nextItemConfig } from "../encoders/nextItemConfig";
import { type NextItemModel, nextItemModel } from "../encoders/nextItemModel";
import { sequenceNetwork } from "../encoders/sequenceNetworks";
import { random } from "../math/random";
import type { Recommender } from "../retrieval/recommender";
import { coldStart } from "./coldStart";
import { chooseColdBias, coldItems, withColdItems } from "./coldStartModel";

// A model whose query is (1, 0) for everybody: its head is a bias alone. Items 3, 4 and 5 were never trained.
const [width, units, items] = [2, 3, 6];
const config = nextItemConfig({ width, units });
const zeros = sequenceNetwork(config).arrays.map(
  ({ shape }) => new Float32Array(shape.reduce((a, b) => a * b, 1)),
);
const at = (degrees: number): [number, number] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];
const vectors = Float32Array.from([10, 20, 30, 180, 170, 160].flatMap(at));
const model = (): NextItemModel =>
  nextItemModel({
    config,
    sequence: {
      itemVectors: vectors.slice(),
      weights: zeros,
      weightScale: { centre: 3, spread: 2 },
    },
    itemBias: Float32Array.of(2, 1, 0, -9, -9, -9),
    temperature: 0.5,
    headWeights: new Float32Array(units * width),
    headBias: Float32Array.of(1, 0),
    training: [],
    bestEpoch: 1,
  });

/** Three users who had item 0: the first wants cold item 3, the second warm item 1, the third 2 and 4. */
const task: Task = {
  stage: "test",
  histories: {
    size: 3,
    users: Int32Array.of(0, 1, 2),
    offsets: Int32Array.of(0, 1, 2, 3),
    items: Int32Array.of(0, 0, 0),
    weights: Float32Array.of(5, 5, 5),
    rows: Int32Array.of(0, 1, 2),
  },
  relevantOffsets: Int32Array.of(0, 1, 2, 4),
  relevantItems: Int32Array.of(3, 1, 2, 4),
  relevantGains: new Float64Array(4).fill(1),
};
const cold = Int32Array.of(3, 4, 5);
const made = Float32Array.from([0, 0, 0, 5, 40, 90].flatMap(at));

test("cold items are those of no history", () => {
  assert.deepEqual([...coldItems({ ...task.histories, items: Int32Array.of(0, 1, 2) }, items)], [3, 4, 5]);
});

test("only the named rows change, in what is scored and in what the encoder reads; the model given stays", () => {
  const before = model();
  const after = withColdItems(before, { rows: cold, vectors: made, bias: -1 });
  assert.deepEqual([...after.itemBias], [2, 1, 0, -1, -1, -1]);
  assert.deepEqual(after.itemVectors.slice(0, 6), vectors.slice(0, 6));
  assert.deepEqual(after.itemVectors.slice(6), made.slice(6));
  assert.equal(after.parameters.sequence.itemVectors, after.itemVectors);
  assert.deepEqual(before.itemVectors, vectors);
  assert.deepEqual([...before.itemBias], [2, 1, 0, -9, -9, -9]);
  assert.deepEqual(withColdItems(before, { rows: cold, bias: 4 }).itemVectors, vectors);
  assert.throws(() => withColdItems(before, { rows: Int32Array.of(6) }), /rows below 6, got 6/);
  assert.throws(() => withColdItems(before, { rows: cold, vectors: made.slice(2) }), /6 × 2, got 10 numbers/);
});

test("cold items alone are ranked by their vectors, the whole catalogue with biases; by hand", () => {
  const before = model();
  // Alone: as trained, 160° is nearest to the query, then 170°, then 180°; as made, 5°, 40°, 90°.
  const after = withColdItems(before, { rows: cold, vectors: made, bias: 0.5 });
  const nothing: Recommender = {
    name: "nothing",
    recommend: (histories, k) => ({
      size: histories.size,
      k,
      items: new Int32Array(histories.size * k).fill(-1),
      scores: new Float64Array(histories.size * k).fill(Number.NEGATIVE_INFINITY),
    }),
  };
  const table = coldStart(
    [
      { name: "as trained", by: before },
      { name: "made", by: after, share: 0.25 },
      { name: "nothing", by: nothing },
    ],
    task,
    { cold, random: random(1), k: 2 },
  );
  const { coldUsers, coldRelevant, relevant, users, chance } = table;
  assert.deepEqual(
    { coldUsers, coldRelevant, relevant, users },
    { coldUsers: 2, coldRelevant: 2, relevant: 4, users: 3 },
  );
  assert.equal(chance, 2 / 3);
  const [first, second, third] = table.rows;
  // As trained, the two best cold ones are 5 and 4: the first user finds nothing, the third finds 4 in second place.
  assert.equal(first!.alone!.recall.mean, 0.5);
  assert.ok(Math.abs(first!.alone!.ndcg.mean - 0.5 / Math.log2(3)) < 1e-12);
  assert.equal(first!.alone!.recall.difference, undefined);
  // As made, they are 3 and 4: each finds its own.
  assert.equal(second!.alone!.recall.mean, 1);
  assert.ok(Math.abs(second!.alone!.ndcg.mean - (1 + 1 / Math.log2(3)) / 2) < 1e-12);
  assert.equal(second!.alone!.recall.difference!.mean, 0.5);
  assert.equal(second!.share, 0.25);
  // Whole catalogue, logits q·v / .5 + b: item 1 has 2.88, 2 has 1.73; as made 3 has 2.49 and passes item 2.
  assert.equal(first!.coldRecall.mean, 0);
  assert.equal(second!.coldRecall.mean, 0.5);
  const ideal2 = 1 + 1 / Math.log2(3);
  const before2 = (0 + 1 + 1 / Math.log2(3) / ideal2) / 3;
  assert.ok(Math.abs(first!.ndcg.mean - before2) < 1e-12);
  assert.ok(Math.abs(second!.ndcg.mean - (1 / Math.log2(3) + 1 + 0) / 3) < 1e-12);
  assert.equal(third!.alone, undefined);
  assert.ok(Math.abs(third!.ndcg.difference!.mean + before2) < 1e-12);
});

test("the bias of cold items is the quantile that serves validation users best, ties to the least popular", () => {
  const before = withColdItems(model(), { rows: cold, vectors: made });
  const wants = (...wanted: number[]): Task => ({
    ...task,
    relevantOffsets: Int32Array.of(0, 1, 2, 3),
    relevantItems: Int32Array.from(wanted),
    relevantGains: new Float64Array(3).fill(1),
  });
  const hoped = chooseColdBias(before, cold, wants(3, 3, 3));
  assert.ok(hoped.bias > 0 && hoped.validationNdcg === 1); // first place, above item 1's logit
  const shunned = chooseColdBias(before, cold, wants(2, 2, 2));
  assert.equal(shunned.share, 0);
  assert.equal(shunned.bias, 0); // the least popular of the items that were trained, not of the cold ones
});

test("without a user who wanted a cold item there is no table", () => {
  assert.throws(
    () => coldStart([{ name: "a", by: model() }], task, { cold: Int32Array.of(5), random: random(1) }),
    /a user who wanted a cold item/,
  );
});
