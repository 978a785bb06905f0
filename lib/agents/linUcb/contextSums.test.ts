import assert from "node:assert/strict";
import { test } from "node:test";
import { contextSums, explainedBy } from "./contextSums";
import { ridgeRegression } from "./ridgeRegression";

test("what a model explains of the rewards, by hand: 1 − squared misses / squared distance from the mean", () => {
  const contexts = [
    [1, 0],
    [1, 1],
    [1, 2],
    [1, 3],
  ] as const;
  const rewards = [1, 2, 2, 5];
  const sums = contextSums(2);
  for (const [i, reward] of rewards.entries()) sums.add(reward, (row, at) => row.set(contexts[i], at));
  const totals = sums.take();
  assert.deepEqual([...totals.gram], [4, 6, 6, 14]);
  assert.deepEqual([...totals.moments], [10, 21]);
  assert.deepEqual([totals.rows, totals.total, totals.squares], [4, 10, 34]);

  const model = ridgeRegression(2, { ridge: 3 });
  model.absorb(totals.gram, totals.moments);
  const [start, slope] = model.coefficients() as unknown as [number, number];
  const misses = rewards.reduce((sum, reward, x) => sum + (reward - start - slope * x) ** 2, 0);
  assert.ok(misses > 1); // shrunken, so not the least squares, of which R² would be the explained share too
  assert.ok(Math.abs(explainedBy(model, totals) - (1 - misses / 9)) < 1e-9);
  const equal = contextSums(2);
  for (const context of contexts) equal.add(2, (row, at) => row.set(context, at));
  assert.equal(explainedBy(model, equal.take()), 0);
});
