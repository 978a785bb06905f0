import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf, takeHistories } from "../data/histories";
import { allRows, smallLog } from "../data/smallLog.fixture";
import { random } from "../math/random";
import { itemKnn } from "./itemKnn";
import { recencyWeighted } from "./positives";
import { sequenceRules } from "./sequenceRules";

const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i] - value) < 1e-6, `${i}: ${actual[i]} is not ${value}`);
  });
};

// Who read what: u0 {0, 1}, u1 {0, 1, 2}, u2 {2, 3}.
const log = smallLog(
  [
    [0, 0, 5],
    [0, 1, 5],
    [1, 0, 5],
    [1, 1, 5],
    [1, 2, 5],
    [2, 2, 5],
    [2, 3, 3],
    [3, 0, 5],
  ],
  { users: 4, items: 4 },
);
const fitted = allRows(log).slice(0, 7);
const histories = historiesOf(log, allRows(log));
const reader = takeHistories(histories, [3]); // has item 0

test("recency weighs the newest entry 1 and each older one less, over positives only", () => {
  const { offsets, items, weights } = recencyWeighted(historiesOf(log, fitted), {
    recency: 0.5,
    positiveAt: 4,
  });
  assert.deepEqual([...offsets], [0, 2, 5, 6]);
  assert.deepEqual([...items], [0, 1, 0, 1, 2, 2]);
  assert.deepEqual([...weights], [0.5, 1, 0.25, 0.5, 1, 1]);
  const newest = recencyWeighted(historiesOf(log, fitted), { recency: 0.5, last: 1 });
  assert.deepEqual([...newest.items], [1, 2, 3]);
  assert.throws(() => recencyWeighted(reader, { recency: 0 }), /recency in \(0, 1\], got 0/);
});

test("item-kNN: cosine with shrinkage by hand", () => {
  // Readers: item 0 two, 1 two, 2 two, 3 one. Together: 0-1 two, 0-2 one, 1-2 one, 2-3 one.
  near(itemKnn(log, fitted, { shrinkage: 0 }).scores(reader), [0, 1, 1 / 2, 0]);
  near(itemKnn(log, fitted, { shrinkage: 2 }).scores(reader), [0, 1 / 2, 1 / 4, 0]);
});

test("item-kNN: only the k nearest of each target pass on their likes, ties to the smaller row", () => {
  // Nearest to 2 is 3 (1 / √2), then 0 and 1 (1 / 2 each): with k = 1 item 0 does not lead to 2, with k = 2 it does.
  near(itemKnn(log, fitted, { shrinkage: 0, neighbours: 1 }).scores(reader), [0, 1, 0, 0]);
  near(itemKnn(log, fitted, { shrinkage: 0, neighbours: 2 }).scores(reader), [0, 1, 1 / 2, 0]);
});

test("item-kNN: recency weighs what is read, without fitting again", () => {
  const model = itemKnn(log, fitted, { shrinkage: 0 }).withRecency(0.5);
  assert.equal(model.name, "ItemKNN + recency");
  // u1 read 0, 1, 2: item 3 is near 2 only, weight 1; u0 read 0, 1: item 2 gets .5 × 1/2 + 1 × 1/2.
  near(model.scores(takeHistories(histories, [1])).slice(3), [1 / Math.SQRT2]);
  near(model.scores(takeHistories(histories, [0])).slice(2, 3), [0.75]);
});

test("sequence rules by hand: gaps, the backward rule and the penalties", () => {
  const options = { reach: 2, gapDecay: 0.5, backward: 0.25, sourcePenalty: 0, targetPenalty: 0 };
  // Forward 0→1 twice at gap 1, 0→2 once at gap 2; 2→3, 1→2 once. Backward at a quarter.
  near(sequenceRules(log, fitted, options).scores(reader), [0, 2, 0.5, 0]);
  const at2 = takeHistories(historiesOf(log, fitted), [2]); // read 2, then 3
  near(sequenceRules(log, fitted, { ...options, recency: 0.5 }).scores(at2), [
    0.5 * 0.25 * 0.5,
    0.5 * 0.25,
    0.25,
    0.5,
  ]);
  // (n_0 + 1)^.5 (n_1 + 1)^1 = √3 · 3.
  const penalised = sequenceRules(log, fitted, { ...options, sourcePenalty: 0.5, targetPenalty: 1 });
  near(penalised.scores(reader).slice(1, 2), [2 / (Math.sqrt(3) * 3)]);
});

test("refuses settings out of range", () => {
  assert.throws(() => itemKnn(log, fitted, { neighbours: 0 }), /at least 1 neighbour, got 0/);
  assert.throws(() => itemKnn(log, fitted, { shrinkage: -1 }), /shrinkage of at least 0, got -1/);
  assert.throws(() => sequenceRules(log, fitted, { backward: 2 }), /backward in \[0, 1\], got 2/);
});

test("rules counted a few at once are the same, and the largest of each item can be kept alone", () => {
  const draw = random(3);
  const made = smallLog(
    Array.from({ length: 120 }, () => [draw.integer(6), draw.integer(9), 5] as const),
    { users: 6, items: 9 },
  );
  const all = sequenceRules(made, allRows(made));
  for (const atOnce of [1, 50, 200])
    assert.deepEqual(sequenceRules(made, allRows(made), { atOnce }).links, all.links);
  const { links } = sequenceRules(made, allRows(made), { most: 2, atOnce: 50 });
  for (let item = 0; item < 9; item++) {
    const of = ({ offsets, targets, weights }: typeof links): [number, number][] =>
      [...targets.subarray(offsets[item], offsets[item + 1])].map((target, l) => [
        target,
        weights[offsets[item] + l],
      ]);
    const best = of(all.links).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    assert.deepEqual(of(links), best.slice(0, 2));
  }
});
