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
    itemBias: Float32Array.of(2, 1, 0, -9, -9, -20),
    temperature: 0.5,
    headWeights: new Float32Array(units * width),
    headBias: Float32Array.of(1, 0),
    training: [],
    bestEpoch: 1,
  });

/** All had item 0, the third also 1 and 3. The first wants cold item 3, the second warm item 1, the third 2 and 4. */
const task: Task = {
  stage: "test",
  histories: {
    size: 3,
    users: Int32Array.of(0, 1, 2),
    offsets: Int32Array.of(0, 1, 2, 5),
    items: Int32Array.of(0, 0, 0, 1, 3),
    weights: Float32Array.of(5, 5, 5, 5, 5),
    rows: Int32Array.of(0, 1, 2, 3, 4),
  },
  relevantOffsets: Int32Array.of(0, 1, 2, 4),
  relevantItems: Int32Array.of(3, 1, 2, 4),
  relevantGains: new Float64Array(4).fill(1),
};
const cold = Int32Array.of(3, 4, 5);
const allAt = (bias: number): Float32Array => new Float32Array(items).fill(bias);
const made = Float32Array.from([0, 0, 0, 5, 40, 90].flatMap(at));

test("cold items are those of no history", () => {
  assert.deepEqual([...coldItems({ ...task.histories, items: Int32Array.of(0, 1, 2) }, items)], [3, 4, 5]);
});

test("only the named rows change, in what is scored and in what the encoder reads; the model given stays", () => {
  const before = model();
  const after = withColdItems(before, { rows: cold, vectors: made, biases: allAt(-1) });
  assert.deepEqual([...after.itemBias], [2, 1, 0, -1, -1, -1]);
  assert.deepEqual(after.itemVectors.slice(0, 6), vectors.slice(0, 6));
  assert.deepEqual(after.itemVectors.slice(6), made.slice(6));
  assert.equal(after.parameters.sequence.itemVectors, after.itemVectors);
  assert.deepEqual(before.itemVectors, vectors);
  assert.deepEqual([...before.itemBias], [2, 1, 0, -9, -9, -20]);
  assert.deepEqual(withColdItems(before, { rows: cold, biases: allAt(4) }).itemVectors, vectors);
  assert.throws(() => withColdItems(before, { rows: Int32Array.of(6) }), /rows below 6, got 6/);
  assert.throws(
    () => withColdItems(before, { rows: cold, vectors: made.slice(2) }),
    /6 × 2 and as many biases, got 10 and 6/,
  );
});

test("cold items alone are ranked by their vectors, the whole catalogue with biases; by hand", () => {
  const before = model();
  // Alone: as trained, 160° is nearest to the query, then 170°, then 180°; as made, 5°, 40°, 90°.
  const after = withColdItems(before, { rows: cold, vectors: made, biases: allAt(0.5) });
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
  assert.equal(first.alone!.recall.mean, 0.5);
  assert.ok(Math.abs(first.alone!.ndcg.mean - 0.5 / Math.log2(3)) < 1e-12);
  assert.equal(first.alone!.recall.difference, undefined);
  // As made, they are 3 and 4, for the third user 4 and 5: each finds its own in first place.
  assert.equal(second.alone!.recall.mean, 1);
  assert.equal(second.alone!.ndcg.mean, 1);
  assert.equal(second.alone!.recall.difference!.mean, 0.5);
  assert.equal(second.share, 0.25);
  // Whole catalogue, logits q·v / .5 + b: 1 has 2.88, 2 has 1.73; as made 3 has 2.49, 4 has 2.03 and passes 2.
  // The third user's list is filled up with 4 even where its bias is −9.
  assert.equal(first.coldRecall.mean, 0.5);
  assert.equal(second.coldRecall.mean, 1);
  assert.ok(Math.abs(first.ndcg.mean - 2 / 3) < 1e-12);
  assert.ok(Math.abs(second.ndcg.mean - (1 / Math.log2(3) + 1 + 1) / 3) < 1e-12);
  assert.equal(third.alone, undefined);
  assert.ok(Math.abs(third.ndcg.difference!.mean + 2 / 3) < 1e-12);
});

test("recall of cold items counts what was wanted of them, and no other item found", () => {
  // One place each: the third user, who wanted the known 2 and the cold 4, is shown 2.
  const table = coldStart([{ name: "as trained", by: model() }], task, { cold, random: random(1), k: 1 });
  assert.equal(table.rows[0].coldRecall.mean, 0);
});

test("the bias of cold items is the quantile that serves validation users best, ties to the least popular", () => {
  const before = withColdItems(model(), { rows: cold, vectors: made });
  const wants = (...wanted: number[]): Task => ({
    ...task,
    relevantOffsets: Int32Array.of(0, 1, 2, 3),
    relevantItems: Int32Array.from(wanted),
    relevantGains: new Float64Array(3).fill(1),
  });
  const hoped = chooseColdBias(before, cold, { validation: wants(3, 3, 4) });
  assert.ok(hoped.biases[3] > 0 && hoped.validationNdcg === 1); // first place, above item 1's logit
  const shunned = chooseColdBias(before, cold, { validation: wants(2, 2, 2) });
  assert.equal(shunned.share, 0);
  assert.deepEqual([...shunned.biases], [2, 1, 0, 0, 0, 0]); // the least popular of the items that were trained, not of the cold ones
  assert.equal(shunned.trials.length, 8);
  const spread = Float32Array.of(9, 9, 9, 7, 6, 5);
  const apart = chooseColdBias(before, cold, { validation: wants(2, 2, 2), spread });
  assert.deepEqual([...apart.biases], [2, 1, 0, 1, 0, -1]);
});

test("without a user who wanted a cold item there is no table", () => {
  assert.throws(
    () => coldStart([{ name: "a", by: model() }], task, { cold: Int32Array.of(5), random: random(1) }),
    /a user who wanted a cold item/,
  );
});
