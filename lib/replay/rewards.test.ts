import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";
import { fitNormalisedReward, rewardColumn, userMeansOf } from "./rewardColumn";
import {
  centredReward,
  clippedReward,
  explicitReward,
  implicitReward,
  mixtureReward,
  normalisedReward,
} from "./rewards";

const log: Interactions = {
  size: 5,
  users: Int32Array.of(0, 1, 0, 1, 0),
  items: Int32Array.of(0, 1, 2, 0, 1),
  weights: Float32Array.of(5, 2, 3, 4, 1),
  times: Float64Array.of(1, 2, 3, 4, 5),
  userIds: ["a", "b", "c"],
  itemIds: ["x", "y", "z"],
  order: "timestamp",
  weightKind: "rating",
  extra: { clicks: Float32Array.of(1, 0, 2, 1, 0), seconds: Float32Array.of(10, 0, 30, 5, 0) },
};
const train: Histories = {
  size: 2,
  users: Int32Array.of(0, 1),
  offsets: Int32Array.of(0, 2, 4),
  items: Int32Array.of(0, 2, 1, 0),
  weights: Float32Array.of(5, 3, 2, 4),
  rows: Int32Array.of(0, 2, 1, 3),
};
const row = (rating: number) => ({ rating, userMean: 3.5 });

test("the given rewards, by hand", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((rating) => explicitReward(row(rating))),
    [-1, -0.5, 0, 0.5, 1],
  );
  assert.equal(explicitReward(row(10)), 1);
  assert.equal(implicitReward(row(2)), 1);
  assert.equal(centredReward(row(5)), 1.5);
  assert.equal(clippedReward(centredReward, -1, 1)(row(5)), 1);
  assert.equal(normalisedReward(centredReward, 0.5, 2)(row(5)), 0.5);
  assert.equal(mixtureReward({ clicks: 1, watchTime: 0.1 })({ ...row(1), clicks: 2, watchTime: 30 }), 5);
  assert.throws(() => mixtureReward({ likes: 1 })(row(1)), /a column "likes", got only rating, userMean/);
  assert.throws(() => mixtureReward({}), /at least one column/);
  assert.throws(() => clippedReward(centredReward, 1, 1), /low below high, got 1 and 1/);
  assert.throws(() => normalisedReward(centredReward, 0, 0), /scale above 0, got 0/);
});

test("a column of rewards sees ratings, train means and the file's further columns", () => {
  assert.deepEqual([...userMeansOf(train, 3)], [4, 3, 3.5]);
  assert.deepEqual([...rewardColumn(log, train, centredReward)], [1, -1, -1, 1]);
  assert.deepEqual(
    [...rewardColumn(log, train, ({ clicks, seconds }) => clicks + seconds / 10)],
    [2, 5, 0, 1.5],
  );
  const means = Float64Array.of(0, 0, 0);
  assert.deepEqual([...rewardColumn(log, train, centredReward, { userMeans: means })], [5, 3, 2, 4]);
  assert.throws(
    () => rewardColumn(log, train, ({ rating }) => Math.log(rating - 2)),
    /finite rewards, got -Infinity in row 1/,
  );
  const holed = { ...log, extra: { ...log.extra, clicks: Float32Array.of(1, 0, 2, Number.NaN, 0) } };
  assert.deepEqual([...rewardColumn(holed, train, implicitReward)], [1, 1, 1, 1]);
  assert.throws(
    () => rewardColumn(holed, train, mixtureReward({ clicks: 1 })),
    (error) => error instanceof InputError && /user b had item x: clicks is empty/.test(error.message),
  );
});

test("normalisation is fitted on the given histories alone", () => {
  const values = rewardColumn(
    log,
    train,
    fitNormalisedReward(log, train, ({ rating }) => rating),
  );
  const mean = values.reduce((a, b) => a + b) / 4;
  assert.ok(Math.abs(mean) < 1e-7);
  assert.ok(Math.abs(values.reduce((a, b) => a + b * b, 0) / 4 - 1) < 1e-6);
  // The log's last rating, 1, is not among them and changes nothing.
  const changed = { ...log, weights: Float32Array.of(5, 2, 3, 4, 100) };
  assert.deepEqual(
    rewardColumn(
      log,
      train,
      fitNormalisedReward(changed, train, ({ rating }) => rating),
    ),
    values,
  );
  assert.throws(() => fitNormalisedReward(log, train, implicitReward), /scale above 0, got 0/);
});
