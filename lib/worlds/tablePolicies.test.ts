import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { playWorld } from "./playWorld";
import { satiation, satiationSettings, satiationTables } from "./satiation";
import {
  bestOf,
  knownPolicies,
  oneStepLimit,
  playedOut,
  softmaxOf,
  tableOf,
  withChance,
} from "./tablePolicies";

const near = (got: number, wanted: number, within = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);
const tablesOf = (effects: boolean) => satiationTables(satiationSettings.parse({ effects }));

test("best, softmax and chance of a row, by hand", () => {
  const values = Float64Array.of(1, 2, 2, 0, -1, -2);
  assert.deepEqual([...bestOf(values, 3)], [0, 1, 0, 1, 0, 0]);
  assert.deepEqual(
    [...withChance(bestOf(values, 3), 0.3, 3)].map((p) => Math.round(10 * p)),
    [1, 8, 1, 8, 1, 1],
  );
  const shares = softmaxOf(Float64Array.of(0, Math.log(3)), 0.5, 2);
  near(shares[1], 9 / 10);
});

test("played out to the end, policies are worth what value iteration of another program says", () => {
  const worth = (effects: boolean, name: string): number =>
    playedOut(tablesOf(effects), knownPolicies(tablesOf(effects), 0.9).find((each) => each.name === name)!, {
      discount: 0.9,
    }).value;
  near(worth(true, "optimal"), 7.05521440968, 1e-8);
  near(worth(true, "greedy"), 5.107927, 1e-6);
  near(worth(true, "random"), 5.018717, 1e-6);
  near(worth(false, "greedy"), 1 / (1 - 0.9 * 0.976), 1e-9);
  near(worth(false, "random"), 5.701754, 1e-6);
});

test("watched for some steps only: by hand, and as readers are watched", () => {
  // Always genre 0 from level 0: 1, then .976 stay, of whom 60% are at level 1 and earn .96.
  const always = {
    probabilities: Float64Array.from({ length: 64 * 3 }, (_, pair) => (pair % 3 === 0 ? 1 : 0)),
  };
  const found = playedOut(tablesOf(true), always, { discount: 0.5, steps: 2 });
  const second = 0.6 * 0.96 + 0.4;
  near(found.value, 1 + 0.5 * 0.976 * second);
  near(found.perStep, (1 + 0.976 * second) / 1.976);
  near(found.visits[0], (1 + 0.976 * 0.4) / 1.976);
  near(found.visits[16], (0.976 * 0.6) / 1.976);
  const world = satiation();
  const environments = world.environments(20_000);
  const { returns } = playWorld(world.policy("random", environments), environments, random(1), {
    ...{ discount: 0.9, steps: 6 },
  });
  const random3 = { probabilities: new Float64Array(64 * 3).fill(1 / 3) };
  const mean = returns.reduce((sum, each) => sum + each, 0) / 20_000;
  near(playedOut(tablesOf(true), random3, { discount: 0.9, steps: 6 }).value, mean, 0.03);
});

test("what one-step estimators settle on is the truth with effects off, and not with effects on", () => {
  for (const effects of [true, false]) {
    const tables = tablesOf(effects);
    const policies = knownPolicies(tables, 0.9);
    const [log, target] = ["greedy, ε 0.5", "worst, ε 0.5"].map(
      (name) => policies.find((each) => each.name === name)!,
    );
    const how = { discount: 0.9, steps: 10 };
    const lean =
      oneStepLimit(tables, playedOut(tables, log, how), target.probabilities) -
      playedOut(tables, target, how).perStep;
    // Counted out by another program (plain Python).
    if (effects) near(lean, 0.10404794482199);
    else near(lean, 0);
  }
});

test("a world's policy as a table is asked in every state", () => {
  const tables = tablesOf(true);
  const world = satiation();
  const seen = new Float32Array(64 * 3);
  for (let s = 0; s < 64; s++) seen.set([Math.floor(s / 16), Math.floor(s / 4) % 4, s % 4], 3 * s);
  const table = tableOf(world.policy("optimal", world.environments(1), { discount: 0.9 }), seen, tables);
  const known = knownPolicies(tables, 0.9).find(({ name }) => name === "optimal")!;
  assert.deepEqual([...table.probabilities], [...known.probabilities]);
});
