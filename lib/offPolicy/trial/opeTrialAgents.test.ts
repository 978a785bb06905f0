import assert from "node:assert/strict";
import { test } from "node:test";
import { satiationSettings, satiationTables } from "../../worlds/satiation";
import { knownPolicies, playedOut } from "../../worlds/tablePolicies";
import { servedAgents } from "./opeTrialAgents";

test("what an agent serves is its best choice, but for a share of chance that every action has", () => {
  const [{ name, probabilities }] = servedAgents(["cql"], { chance: 0.3, users: 100, updates: 150, seed: 1 });
  assert.equal(name, "cql");
  assert.equal(probabilities.length, 64 * 3);
  for (let s = 0; s < 64; s++) {
    const row = [...probabilities.subarray(3 * s, 3 * s + 3)].sort();
    for (const [k, wanted] of [0.1, 0.1, 0.8].entries()) assert.ok(Math.abs(row[k] - wanted) < 1e-12);
  }
  // It has learned something of the world: better than choices by chance alone.
  const tables = satiationTables(satiationSettings.parse({}));
  const worth = (policy: { probabilities: Float64Array }) =>
    playedOut(tables, policy, { discount: 0.9 }).value;
  const chance = knownPolicies(tables, 0.9).find((each) => each.name === "random")!;
  assert.ok(worth({ probabilities }) > worth(chance), `${worth({ probabilities })}`);
});

test("unknown agents are refused with those that there are", () => {
  assert.throws(() => servedAgents(["oracle"], { seed: 1 }), /no agent oracle, but behaviour-cloning/);
});
