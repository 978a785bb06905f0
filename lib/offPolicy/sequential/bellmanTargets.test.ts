import assert from "node:assert/strict";
import { test } from "node:test";
import { bellmanTargets, censoringWeights, stepsToGo, terminalsOf } from "./bellmanTargets";
import { trajectories } from "./trajectories";

const two = trajectories({
  users: Int32Array.of(0, 0, 0, 1, 1),
  steps: [0, 1, 2, 0, 1],
  rewards: Float64Array.of(1, 2, 4, 8, 16),
  propensities: new Float64Array(5).fill(0.5),
  targetProbabilities: new Float64Array(5).fill(1),
  discount: 0.5,
});

test("targets by hand: rewards alone at first, then what follows, nothing past an end, none past the watching", () => {
  const later = Float64Array.of(10, 20, 30, 40, 50);
  assert.deepEqual([...bellmanTargets(two, new Uint8Array(5))], [1, 2, 4, 8, 16]);
  assert.deepEqual([...bellmanTargets(two, new Uint8Array(5), later)], [11, 17, Number.NaN, 33, Number.NaN]);
  assert.deepEqual(
    [...bellmanTargets(two, Uint8Array.of(0, 0, 1, 0, 0), later)],
    [11, 17, 4, 33, Number.NaN],
  );
  assert.deepEqual([...stepsToGo(two, new Uint8Array(5))], [3, 2, 1, 2, 1]);
  assert.deepEqual([...stepsToGo(two, Uint8Array.of(0, 0, 0, 0, 1))], [3, 2, 1, 3, 2]);
  assert.throws(
    () => terminalsOf(two, Uint8Array.of(0, 1, 0, 0, 0)),
    /ended world at last steps only, got one in row 2, after which user 0 goes on/,
  );
  assert.throws(() => terminalsOf(two, new Uint8Array(4)), /requires 5 terminals, got 4/);
});

test("watching that ends: those that go on stand for those cut off, or too many endings would be learned", () => {
  // Ends at once, goes on and is cut off, goes on to an end, is cut off at once, goes on and is cut off.
  const log = trajectories({
    users: Int32Array.of(0, 1, 1, 2, 2, 3, 4, 4),
    steps: [0, 0, 1, 0, 1, 0, 0, 1],
    rewards: new Float64Array(8),
    propensities: new Float64Array(8).fill(1),
    targetProbabilities: new Float64Array(8).fill(1),
    discount: 1,
  });
  const [goes, cutAll] = [4 / 3, 0];
  assert.deepEqual(
    [...censoringWeights(log, Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0))],
    [1, goes, 0, goes, cutAll, 0, goes, 0],
  );
  // Nobody cut off: nothing to stand for.
  assert.deepEqual([...censoringWeights(two, Uint8Array.of(0, 0, 1, 0, 1))], [1, 1, 1, 1, 1]);
});
