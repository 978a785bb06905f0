import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { plan } from "./decisionTables";
import { playWorld } from "./playWorld";
import { satiation, satiationSettings, satiationTables } from "./satiation";

interface Counted {
  readonly optimalPolicy: readonly number[];
  readonly optimalValues: readonly number[];
  readonly randomValues: readonly number[];
  readonly values: Readonly<Record<string, number>>;
}

const expected = JSON.parse(readFileSync(join(__dirname, "fixtures", "satiation-dp.json"), "utf8")) as {
  readonly on: Counted;
  readonly off: Counted;
};

for (const effects of [true, false])
  test(`effects ${effects ? "on" : "off"}: values of 64 states equal those of another program`, () => {
    const { optimalPolicy, optimalValues, values } = expected[effects ? "on" : "off"];
    const world = satiation({ effects });
    const found = plan(satiationTables(satiationSettings.parse({ effects })), 0.9);
    found.values.forEach((value, s) => {
      assert.ok(Math.abs(value - optimalValues[s]) < 1e-9, `state ${s}`);
    });
    assert.deepEqual([...found.policy], optimalPolicy);
    for (const [ours, theirs] of [
      ["greedy", "planned_gamma_0"],
      ["random", "uniform_random"],
      ["least-satiated", "least_satiated"],
    ])
      assert.ok(Math.abs(world.value!(ours, 0.9) - values[theirs]) < 1e-9, ours);
    assert.ok(Math.abs(world.value!("optimal", 0.9) - optimalValues[0]) < 1e-9);
  });

test("long-term effects off: nothing is better than greedy, at any discount; on: looking ahead is", () => {
  for (const discount of [0, 0.5, 0.9, 0.99]) {
    const [off, on] = [satiation({ effects: false }), satiation()];
    assert.ok(Math.abs(off.value!("optimal", discount) - off.value!("greedy", discount)) < 1e-9);
    const gain = on.value!("optimal", discount) / on.value!("greedy", discount);
    assert.ok(discount === 0 ? Math.abs(gain - 1) < 1e-12 : gain > 1.001, `${discount}: ${gain}`);
  }
});

for (const [name, options] of [
  ["optimal", { discount: 0.9 }],
  ["greedy", {}],
  ["random", {}],
  ["epsilon-greedy", { epsilon: 0.3 }],
] as const)
  test(`${name}: what readers bring on average is its exact value`, () => {
    const world = satiation();
    const environments = world.environments(20_000);
    const { returns } = playWorld(world.policy(name, environments, options), environments, random(5), {
      discount: 0.9,
    });
    const mean = meanOf(returns);
    const error = Math.sqrt(meanOf(returns.map((each) => (each - mean) ** 2)) / returns.length);
    const exact = world.value!(name, 0.9, options);
    assert.ok(Math.abs(mean - exact) < 3.5 * error, `${mean}, exact ${exact}, error ${error}`);
  });

test("hidden tastes and drift leave no tables, and one genre shown always is liked more and more", () => {
  const world = satiation({ drift: 0.05, fatigue: 0, leave: [0] });
  assert.equal(world.value, undefined);
  assert.throws(() => world.policy("optimal", world.environments(1)), /no policy optimal, but random/);
  const environments = world.environments(3);
  const earned: number[] = [];
  playWorld(world.policy("greedy", environments), environments, random(1), {
    steps: 5,
    watch: ({ result }) => earned.push(result.rewards[0]),
  });
  earned.forEach((reward, step) => {
    assert.ok(Math.abs(reward - 1.05 ** step) < 1e-6);
  });
});
