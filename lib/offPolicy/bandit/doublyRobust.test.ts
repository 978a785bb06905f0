import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateOf } from "../../math/sumStatistic";
import { switchDr } from "./doublyRobust";
import { importanceWeights } from "./importanceWeights";
import { loggedRounds } from "./loggedRounds";

test("Switch-DR corrects by weights up to τ, τ itself among them, and by no larger one", () => {
  // Weights .5, 2 and 4; the model misses by 1, 3 and 5 and expects 1 everywhere.
  const rounds = loggedRounds({
    rewards: Float64Array.of(1, 3, 5),
    propensities: Float64Array.of(0.5, 0.25, 0.125),
    targetProbabilities: Float64Array.of(0.25, 0.5, 0.5),
    model: { logged: Float64Array.of(0, 0, 0), expected: Float64Array.of(1, 1, 1) },
  });
  const weights = importanceWeights(rounds);
  const values = [0, 0.5, 1.9, 2, 3.9, 4].map((tau) => estimateOf(switchDr(tau).on(rounds, weights)));
  const corrected = [0, 0.5, 0.5, 6.5, 6.5, 26.5].map((sum) => 1 + sum / 3);
  for (const [i, wanted] of corrected.entries()) assert.ok(Math.abs(values[i] - wanted) < 1e-12);
});
