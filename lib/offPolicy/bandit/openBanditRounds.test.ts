import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogOfIds } from "../../data/catalog";
import type { OpenBanditLog } from "../../data/openBandit";
import { openBanditRounds } from "./openBanditRounds";

const log: OpenBanditLog = {
  policy: "bts",
  campaign: "men",
  label: "invented",
  origin: "made here",
  size: 3,
  catalog: catalogOfIds(["0", "1", "2", "3"]),
  actions: Int32Array.of(1, 1, 3),
  positions: Int32Array.of(1, 2, 3),
  clicks: Float64Array.of(0, 1, 0),
  propensities: Float64Array.of(0.5, 0.1, 0.4),
  times: Float64Array.of(0, 1, 2),
  userFeatures: {},
  affinities: new Float32Array(12),
};

test("uniform: 1/N of each logged item, and half its mass on the two items that were never shown", () => {
  const rounds = openBanditRounds(log, "uniform");
  assert.deepEqual([...rounds.targetProbabilities], [0.25, 0.25, 0.25]);
  assert.deepEqual([...rounds.unsupported!], [0.5, 0.5, 0.5]);
  assert.deepEqual([...rounds.rewards], [0, 1, 0]);
  assert.equal(rounds.provenance, "known");
});

test("the log's own policy has weights of 1 and leaves nothing out; the other one's log cannot judge it", () => {
  const rounds = openBanditRounds(log, "bts");
  assert.deepEqual([...rounds.targetProbabilities], [...log.propensities]);
  assert.deepEqual([...rounds.unsupported!], [0, 0, 0]);
  assert.throws(
    () => openBanditRounds({ ...log, policy: "random" }, "bts"),
    /openBanditRounds requires the bts log .* got the random log/,
  );
});
