import assert from "node:assert/strict";
import { test } from "node:test";
import { smallLog } from "./smallLog.fixture";
import { summaryOf } from "./summary";

test("a log counted by hand", () => {
  // Ten rows: each decile is one row.
  const log = smallLog(
    [
      [0, 0, 5],
      [0, 1, 4],
      [1, 0, 5],
      [1, 0, 3],
      [0, 2, 5],
      [2, 0, 1],
      [0, 3, 5],
      [0, 0, 4],
      [1, 1, 5],
      [2, 2, 5],
    ],
    { items: 5 },
  );
  const summary = summaryOf(log);
  assert.deepEqual(
    [summary.users, summary.items, summary.itemsWithRows, summary.rows, summary.repeatedRows],
    [3, 5, 4, 10, 2],
  );
  assert.equal(summary.density, 8 / 15);
  assert.deepEqual(summary.weights, [
    { weight: 1, rows: 1 },
    { weight: 3, rows: 1 },
    { weight: 4, rows: 2 },
    { weight: 5, rows: 6 },
  ]);
  assert.equal(summary.meanWeight, 4.2);
  assert.deepEqual([...summary.popularity], [5, 2, 2, 1, 0]);
  assert.equal(summary.topTenthShare, 0.5);
  // Ascending 0, 1, 2, 2, 5: (-4·0 - 2·1 + 0·2 + 2·2 + 4·5) / (5 · 10)
  assert.equal(summary.popularityGini, 22 / 50);
  assert.deepEqual(summary.perUser, {
    least: 2,
    lowerQuartile: 2.5,
    median: 3,
    upperQuartile: 4,
    most: 5,
    mean: 10 / 3,
  });
  assert.deepEqual(summary.perItem, {
    least: 1,
    lowerQuartile: 1.75,
    median: 2,
    upperQuartile: 2.75,
    most: 5,
    mean: 2.5,
  });
  assert.deepEqual(
    summary.deciles.map((decile) => decile.newItemRows),
    [1, 1, 0, 0, 1, 0, 1, 0, 0, 0],
  );
  assert.deepEqual(
    summary.deciles.map((decile) => decile.newUserRows),
    [1, 0, 1, 0, 0, 1, 0, 0, 0, 0],
  );
  assert.deepEqual(
    summary.deciles.map((decile) => decile.keptPopular),
    [Number.NaN, 0, 0, 1, 0, 0, 0, 0, 0, 0],
  );
});

test("an empty log is refused", () => {
  assert.throws(() => summaryOf(smallLog([])), /summaryOf requires at least one row/);
});
