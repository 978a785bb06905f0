import assert from "node:assert/strict";
import { test } from "node:test";
import { loggedRounds } from "../bandit/loggedRounds";
import { loggedSlates } from "./slateRounds";
import { slatesOfRows } from "./slatesOfRows";

const rows = loggedRounds({
  rewards: Float64Array.of(21, 10, 20, 22, 50),
  propensities: Float64Array.of(0.21, 0.1, 0.2, 0.22, 0.5),
  targetProbabilities: Float64Array.of(0.3, 0.4, 0.5, 0.6, 0.7),
  model: { logged: Float64Array.of(1, 2, 3, 4, 5), expected: Float64Array.of(6, 7, 8, 9, 10) },
  users: Int32Array.of(7, 3, 7, 7, 7),
  provenance: "estimated",
});

test("rows in any order become slates by their numbers, each from its first slot down", () => {
  const given = { slates: Int32Array.of(2, 1, 2, 2, 5), positions: Int32Array.of(2, 1, 1, 3, 1) };
  const { slates, order } = slatesOfRows(rows, given);
  assert.deepEqual([...order], [1, 2, 0, 3, 4]);
  assert.deepEqual([...slates.offsets], [0, 1, 4, 5]);
  assert.deepEqual([...slates.slots.rewards], [10, 20, 21, 22, 50]);
  assert.deepEqual([...slates.slots.propensities], [0.1, 0.2, 0.21, 0.22, 0.5]);
  assert.deepEqual([...slates.slots.targetProbabilities], [0.4, 0.5, 0.3, 0.6, 0.7]);
  assert.deepEqual([...slates.slots.model!.logged], [2, 3, 1, 4, 5]);
  assert.deepEqual([...slates.slots.model!.expected], [7, 8, 6, 9, 10]);
  assert.deepEqual([...slates.users!], [3, 7, 7]);
  assert.equal(slates.longest, 3);
  assert.equal(slates.slots.provenance, "estimated");
  const fromZero = { ...given, positions: given.positions.map((position) => position - 1) };
  assert.deepEqual(slatesOfRows(rows, fromZero), { slates, order });
});

test("there may be many slates", () => {
  const count = 200_000;
  const column = new Float64Array(count).fill(0.5);
  const { slates } = slatesOfRows(
    loggedRounds({ rewards: column, propensities: column, targetProbabilities: column }),
    { slates: Int32Array.from({ length: count }, (_, i) => i), positions: new Int32Array(count) },
  );
  assert.equal(slates.size, count);
});

test("a position that is missing, there twice, or counted from elsewhere is refused", () => {
  const slates = Int32Array.of(0, 0, 0, 1, 1);
  const at = (...positions: number[]) =>
    slatesOfRows(rows, { slates, positions: Int32Array.from(positions) });
  assert.throws(() => at(1, 2, 4, 1, 2), /each position once: 3 in slate 0, got 4 in row 3/);
  assert.throws(() => at(1, 2, 2, 1, 2), /each position once: 3 in slate 0, got 2 in row 3/);
  assert.throws(() => at(0, 1, 2, 1, 2), /each position once: 0 in slate 1, got 1 in row 4/);
  assert.throws(() => at(2, 3, 4, 2, 3), /positions from 0 or from 1, got 2/);
  assert.throws(() => at(1, 2), /positions of 5 rows, got 5 and 2/);
});

test("slates that miss a slot, are empty, or belong to two users are refused", () => {
  assert.throws(() => loggedSlates(rows, Int32Array.of(0)), /at least one slate, got none/);
  assert.throws(() => loggedSlates(rows, Int32Array.of(0, 4)), /offsets from 0 to 5, got 0 to 4/);
  assert.throws(() => loggedSlates(rows, Int32Array.of(0, 1, 1, 5)), /slots in every slate, got none in 2/);
  assert.throws(() => loggedSlates(rows, Int32Array.of(0, 2, 5)), /one user a slate, got 7 and 3 in 1/);
  const offsets = Int32Array.of(0, 1, 2, 5);
  assert.throws(
    () => loggedSlates(rows, offsets, { slotWeights: Float64Array.of(1, 1) }),
    /3 finite slot weights, got 1,1/,
  );
  const marginals = { propensities: rows.propensities, targetProbabilities: rows.targetProbabilities };
  assert.equal(loggedSlates(rows, offsets, { marginals }).marginals, marginals);
  const zero = { ...marginals, propensities: Float64Array.of(0.2, 0, 1, 1, 1) };
  assert.throws(() => loggedSlates(rows, offsets, { marginals: zero }), /propensities in \(0, 1\], got 0/);
  const many = { ...marginals, targetProbabilities: Float64Array.of(0.2, 2, 1, 1, 1) };
  assert.throws(() => loggedSlates(rows, offsets, { marginals: many }), /probabilities in \[0, 1\], got 2/);
  const short = { ...marginals, targetProbabilities: Float64Array.of(0.2) };
  assert.throws(() => loggedSlates(rows, offsets, { marginals: short }), /marginals of 5 slots, got 1/);
});
