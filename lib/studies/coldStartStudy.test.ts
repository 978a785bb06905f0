import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogOfIds } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { nextItemConfig } from "../encoders/nextItemConfig";
import { type NextItemModel, nextItemModel } from "../encoders/nextItemModel";
import { sequenceNetwork } from "../encoders/sequenceNetworks";
import { random, shuffle } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { prepareData } from "../runs/preparedData";
import { coldStartStudy, removeItems } from "./coldStartStudy";

// Sixty readers take 30 of 60 items in turn, each in an order of its own; even items get 5 stars, odd ones 1.
const [users, items, each] = [60, 60, 30];
const draw = random(4);
const orders = Array.from({ length: users }, () => shuffle([...Array(items).keys()], draw));
const size = users * each;
const ids = (count: number): string[] => Array.from({ length: count }, (_, id) => String(id));
const read = Int32Array.from({ length: size }, (_, row) => orders[row % users][Math.floor(row / users)]);
const dataset: Dataset = {
  name: "stars",
  label: "stars",
  origin: "made here",
  catalog: catalogOfIds(ids(items)),
  interactions: {
    size,
    users: Int32Array.from({ length: size }, (_, row) => row % users),
    items: read,
    weights: Float32Array.from(read, (item) => (item % 2 === 0 ? 5 : 1)),
    times: Float64Array.from({ length: size }, (_, row) => row),
    userIds: ids(users),
    itemIds: ids(items),
    order: "row order",
    weightKind: "rating",
    extra: {},
  },
  skippedRows: 0,
  notices: [],
};
const data = prepareData(dataset);
const { removed, learned } = removeItems(data, { random: random(2), share: 0.3 });

/** A model that asks for (1, 0) always; even items lie around there, odd ones opposite, those `without` anywhere. */
function modelWithout(without: ReadonlySet<number>): NextItemModel {
  const config = nextItemConfig({ width: 2, units: 3 });
  const weights = sequenceNetwork(config).arrays.map(
    ({ shape }) => new Float32Array(shape.reduce((a, b) => a * b, 1)),
  );
  const itemVectors = Float32Array.from({ length: items }, (_, item) => item).reduce<number[]>(
    (all, item) => {
      const angle = without.has(item) ? 7 * draw.next() : (item % 2) * Math.PI + 0.4 * draw.normal();
      return all.concat([Math.cos(angle), Math.sin(angle)]);
    },
    [],
  );
  return nextItemModel({
    config,
    sequence: {
      itemVectors: Float32Array.from(itemVectors),
      weights,
      weightScale: { centre: 3, spread: 2 },
    },
    itemBias: Float32Array.from({ length: items }, (_, item) => (without.has(item) ? -4 : 0)),
    temperature: 0.1,
    headWeights: new Float32Array(6),
    headBias: Float32Array.of(1, 0),
    training: [],
    bestEpoch: 1,
  });
}
const texts = normaliseRows(
  Float32Array.from(
    { length: items * 4 },
    (_, at) => ((at >> 2) % 2 === at % 4 ? 1 : 0) + 0.1 * draw.normal(),
  ),
  4,
);

test("removed items are gone from what is learned, the others' entries stay in order", () => {
  assert.equal(removed.length, 18);
  const gone = new Set(removed);
  assert.deepEqual(
    [...learned.histories.items],
    [...data.histories.items].filter((item) => !gone.has(item)),
  );
  assert.equal(learned.itemCount, items);
  assert.equal(learned.validation, data.validation);
  assert.deepEqual(removeItems(data, { random: random(2), share: 0.3 }).removed, removed);
  assert.notDeepEqual(removeItems(data, { random: random(3), share: 0.3 }).removed, removed);
  assert.throws(() => removeItems(data, { random: random(2), share: 1 }), /share in \(0, 1\), got 1/);
});

test("where text says what readers like, items without a past are found: both maps, in both rankings", () => {
  const reduced = modelWithout(new Set(removed));
  const trained = modelWithout(new Set());
  const options = { texts, random: random(1), cold: removed, trained, k: 4 };
  const { table, made, model } = coldStartStudy(data, reduced, options);
  assert.deepEqual(
    table.rows.map(({ name }) => name),
    [
      "as training left them",
      "random vectors",
      "text, straight map",
      "text, near texts",
      "trained with them",
      "MostPopular",
    ],
  );
  assert.equal(table.coldItems, 18);
  const [left, drawn, straight, near, hoped, popular] = table.rows;
  for (const row of [straight, near]) {
    assert.ok(row.alone!.recall.mean > 0.8 && row.alone!.recall.mean <= hoped.alone!.recall.mean + 0.05);
    assert.ok(row.alone!.recall.difference!.lower > 0);
    assert.ok(row.alone!.recall.mean > 2 * drawn.alone!.recall.mean);
    assert.ok(row.coldRecall.mean > 0.2 && row.coldRecall.difference!.lower > 0);
  }
  assert.equal(left.coldRecall.mean, 0); // its bias, −4, hides them
  // It counts what is left to learn from, too: with counts of the removed ones, lists of six would hold some.
  const longer = coldStartStudy(data, reduced, { ...options, random: random(1), k: 6 });
  assert.equal(longer.table.rows[5].coldRecall.mean, 0);
  assert.equal(popular.alone, undefined);
  assert.equal(made.ridge.learnedFrom, 42);
  const changed = [...Array(items).keys()].filter(
    (item) => model.itemVectors[2 * item] !== reduced.itemVectors[2 * item],
  );
  assert.deepEqual(changed, [...removed]);
});

test("vectors and counts of the cold items themselves play no part", () => {
  const reduced = modelWithout(new Set(removed));
  const other = nextItemModel({
    ...reduced.parameters,
    sequence: {
      ...reduced.parameters.sequence,
      itemVectors: reduced.itemVectors.map((value, at) => (removed.includes(at >> 1) ? -value : value)),
    },
  });
  const options = { texts, cold: removed, k: 4 };
  const [one, two] = [reduced, other].map((model) =>
    coldStartStudy(data, model, { ...options, random: random(1) }),
  );
  assert.deepEqual(one.made, two.made);
  assert.deepEqual(
    one.table.rows.slice(1, 4).map((row) => row.alone!.recall.mean),
    two.table.rows.slice(1, 4).map((row) => row.alone!.recall.mean),
  );
});
