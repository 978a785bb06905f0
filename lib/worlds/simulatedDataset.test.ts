import assert from "node:assert/strict";
import { test } from "node:test";
import { satiation } from "./satiation";
import { interactionRows, interactionsBy, simulatedDataset, worldDataset } from "./simulatedDataset";
import type { SimulatedLog } from "./simulatedLog";

/** Two readers of slates of two: the first takes something, then nothing, and leaves; the second is watched no longer. */
const slates: SimulatedLog = {
  users: Int32Array.of(0, 0, 1, 1, 0, 0, 1, 1),
  steps: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1),
  positions: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1),
  items: Int32Array.of(2, 1, 0, 1, 1, 0, 2, 0),
  rewards: Float64Array.of(0, 3, 1, 2, 0, 0, 5, 0),
  propensities: Float64Array.of(0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25),
  slots: 2,
  left: Uint8Array.of(1, 0),
  targets: [],
};

test("what was left alone is no interaction, and the last thing taken before leaving is terminal", () => {
  assert.deepEqual([...interactionRows(slates)], [1, 2, 3, 6]);
  const rows = [1, 2, 3, 6].map(interactionsBy(slates));
  assert.deepEqual(
    rows.map(({ user, item, weight, terminal }) => [user, item, weight, terminal]),
    [
      ["user-0", 1, 3, 1],
      ["user-1", 0, 1, 0],
      ["user-1", 1, 2, 0],
      ["user-1", 2, 5, 0],
    ],
  );
  const { interactions } = simulatedDataset({ ...satiation(), name: "slates" }, slates);
  assert.deepEqual([...interactions.extra.terminal], [1, 0, 0, 0]);
});

test("who leaves has one terminal row, who is no longer watched has none", () => {
  const options = { policy: "random", epsilon: 0.1, users: 30, discount: 1, seed: 2 };
  const ends = (steps?: number): number =>
    worldDataset(satiation({ leave: [0.3] }), { ...options, steps }).interactions.extra.terminal.reduce(
      (sum, value) => sum + value,
      0,
    );
  assert.equal(ends(), 30);
  const some = ends(2);
  assert.ok(some > 5 && some < 28, `${some}`);
});
