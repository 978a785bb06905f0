import assert from "node:assert/strict";
import { test } from "node:test";
import { type StepLog, trajectories, withModel } from "./trajectories";

test("rows become trajectories, and bad logs are refused by row", () => {
  const good: StepLog = {
    users: Int32Array.of(4, 1, 4),
    steps: [2, 0, 1],
    rewards: Float64Array.of(1, 2, 3),
    propensities: Float64Array.of(0.5, 0.5, 0.5),
    targetProbabilities: Float64Array.of(0.5, 0.5, 0.5),
    discount: 1,
  };
  const { users, offsets, rows, rewards, horizon } = trajectories(good);
  assert.deepEqual(
    [[...users], [...offsets], [...rows], [...rewards]],
    [
      [1, 4],
      [0, 1, 3],
      [1, 2, 0],
      [2, 3, 1],
    ],
  );
  assert.equal(horizon, 2);
  for (const [changes, wanted] of [
    [{ steps: [2, 0, 2] }, /each step of a user once, got step 2 of user 4 in rows 1 and 3/],
    [{ steps: [2, 0] }, /requires 3 steps, got 2/],
    [{ steps: [2, 0, Number.NaN] }, /finite steps, got NaN in row 3/],
    [{ discount: 1.5 }, /discount in \[0, 1\], got 1.5/],
    [{ propensities: Float64Array.of(0.5, 0, 0.5) }, /propensities in \(0, 1\], got 0 in round 2/],
    [{ users: Int32Array.of(0, -1, 0) }, /user rows from 0, got -1/],
    [{ rewards: new Float64Array(0) }, /at least one round/],
    [
      { model: { logged: new Float64Array(2), expected: new Float64Array(3) } },
      /reward model for 3 rounds, got 2/,
    ],
  ] as const)
    assert.throws(() => trajectories({ ...good, ...changes }), wanted);
  assert.throws(
    () =>
      withModel(trajectories(good), {
        logged: new Float64Array(3),
        expected: Float64Array.of(1, 2, Number.NaN),
      }),
    /finite numbers, got NaN in row 3/,
  );
});
