import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import type { NextItemModel } from "./nextItemModel";
import { recentPopularityBias, tuneRecentPopularity } from "./recentPopularityBias";

/** Items read, in time; user u reads every third row from the u-th on. */
const logOf = (items: readonly number[], weights = items.map(() => 1)) => ({
  ...{ size: items.length, items: Int32Array.from(items), weights: Float32Array.from(weights) },
  users: Int32Array.from(items, (_, row) => row % 3),
  times: Float64Array.from(items, (_, row) => row),
  userIds: ["a", "b", "c"],
  itemIds: ["0", "1", "2", "3", "4", "5"],
  ...{ order: "row order" as const, weightKind: "weight" as const, extra: {} },
});
const rowsTo = (end: number, from = 0): Int32Array =>
  Int32Array.from({ length: end - from }, (_, i) => from + i);

/** A model that knows nothing: its biases alone rank. */
function blank(bias: readonly number[]): NextItemModel {
  const encode = ({ size }: Histories): Float32Array => new Float32Array(size);
  return {
    encoder: { name: "blank", stateSize: 1, encode, encodePositions: encode, dispose() {} },
    itemVectors: new Float32Array(bias.length),
    itemBias: Float32Array.from(bias),
    headBias: new Float32Array(1),
    temperature: 1,
    queries: (states: Float32Array) => states,
  } as unknown as NextItemModel;
}
const close = (got: ArrayLike<number>, wanted: readonly number[]): void => {
  assert.equal(got.length, wanted.length);
  wanted.forEach((value, i) => {
    assert.ok(Math.abs(got[i] - value) < 1e-5, `${i}: ${got[i]} is not ${value}`);
  });
};

test("own · b + strength · log of the recent share, by hand", () => {
  const log = logOf([0, 0, 0, 1, 1, 2], [1, 1, 1, 1, 5, 5]);
  const model = { itemBias: Float32Array.of(1, 2, 3, 4, 5, 6) };
  // The last three rows: 1, 1, 2. One is added to each of six items: counts 1, 3, 2, 1, 1, 1 of 9.
  const shares = [1, 3, 2, 1, 1, 1].map((count) => Math.log((6 * count) / 9));
  const setting = { window: 3, strength: 2, own: 0.5 };
  close(
    recentPopularityBias(model, log, rowsTo(6), setting),
    shares.map((share, i) => 2 * share + 0.5 * (i + 1)),
  );
  // Rows that weigh less than 5 are in the window and not counted: 1, 2 of 2 + 6.
  const heavy = [1, 2, 2, 1, 1, 1].map((count) => Math.log((6 * count) / 8));
  close(
    recentPopularityBias(model, log, rowsTo(6), { ...setting, own: 0, strength: 1, minimumWeight: 5 }),
    heavy,
  );
});

test("a setting is chosen with the rows before the gap, and the bias handed back counts to the end of train", () => {
  // Three users read 0 and 1, then 4, 5, 4, in the gap 2, and on validation they want 5, 4, 5.
  const log = logOf([0, 0, 0, 1, 1, 1, 4, 5, 4, 2, 2, 2, 5, 4, 5]);
  const split = {
    ...{ protocol: "temporal" as const, train: rowsTo(12), validation: rowsTo(15, 12), test: rowsTo(0) },
  };
  const grid = { windows: [3], strengths: [1], own: [0] };
  const model = blank([9, 8, 7, 6, 0, 0]); // it would show item 3 first, which nobody wants
  const second = 1 / Math.log2(3);
  const { best, trials, bias } = tuneRecentPopularity(model, log, split, { ...grid, gap: 3 });
  assert.deepEqual(
    trials.map((trial) => [trial.strength, trial.validationNdcg]),
    [
      [0, second],
      [1, 1],
    ],
  );
  assert.equal(best.strength, 1);
  // To the end of train: item 2 three times, and one more of each.
  close(
    bias,
    [1, 1, 4, 1, 1, 1].map((count) => Math.log((6 * count) / 9)),
  );
  // Without the gap what was read last is of no help, and the model's own bias stands.
  const fresh = tuneRecentPopularity(model, log, split, grid);
  assert.deepEqual([fresh.best.strength, fresh.trials[1].validationNdcg], [0, second]);
  close(fresh.bias, [9, 8, 7, 6, 0, 0]);
});

test("ties go to the model's own bias", () => {
  const log = logOf([0, 1, 2, 3, 3, 3, 4, 4, 4]);
  const split = {
    ...{ protocol: "temporal" as const, train: rowsTo(6), validation: rowsTo(9, 6), test: rowsTo(0) },
  };
  const { best } = tuneRecentPopularity(blank([0, 0, 0, 0, 9, 0]), log, split, {
    ...{ windows: [3, 6], strengths: [0.5, 1], own: [1, 0] },
  });
  assert.deepEqual([best.strength, best.own, best.validationNdcg], [0, 1, 1]);
});
