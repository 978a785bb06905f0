import assert from "node:assert/strict";
import { test } from "node:test";
import { loggedRounds } from "../bandit/loggedRounds";
import { slateEstimators } from "./slateEstimators";
import { loggedSlates } from "./slateRounds";

test("slates of very many positions are judged without what divides position by position", () => {
  const column = (value: number) => new Float64Array(101).fill(value);
  const slots = loggedRounds({
    rewards: column(1),
    propensities: column(0.5),
    targetProbabilities: column(0.5),
  });
  assert.deepEqual(
    slateEstimators(loggedSlates(slots, Int32Array.of(0, 101))).map((each) => each.name),
    ["sips", "snsips", "iips", "rips"],
  );
});
