import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { statisticIntervals } from "../../math/statisticIntervals";
import type { SumStatistic } from "../../math/sumStatistic";
import { banditFixture } from "./banditRounds.fixture";
import { directMethod, doublyRobust } from "./doublyRobust";
import type { Estimator } from "./estimator";
import {
  candidatesOf,
  clippedFamily,
  type EstimatorFamily,
  optimisticShrinkageFamily,
  subGaussianDrFamily,
  subGaussianIpsFamily,
  switchDrFamily,
} from "./estimatorFamilies";
import { importanceWeights } from "./importanceWeights";
import { ips, snips } from "./inversePropensity";
import { loggedRounds } from "./loggedRounds";

const { rounds } = banditFixture("poor_overlap");
const families = [
  clippedFamily(ips),
  clippedFamily(snips),
  switchDrFamily(),
  optimisticShrinkageFamily(),
  subGaussianIpsFamily(),
  subGaussianDrFamily(),
];
const measured = (statistic: SumStatistic) => statisticIntervals([statistic], random(1), { method: "t" })[0];
const near = (got: number, wanted: number) =>
  assert.ok(Math.abs(got - wanted) < 1e-12, `${got} is not ${wanted}`);

test("the first setting is the estimator that lets every weight through, the model's last the model alone", () => {
  const value = (estimator: Estimator) => measured(estimator.on(rounds, importanceWeights(rounds))).value;
  const firsts = [ips, snips, doublyRobust, doublyRobust, ips, doublyRobust];
  families.forEach((family, f) => {
    near(candidatesOf(family, rounds)[0].value, value(firsts[f]));
  });
  for (const family of [switchDrFamily(), optimisticShrinkageFamily()])
    near(candidatesOf(family, rounds).slice(-1)[0].value, value(directMethod));
});

test("values and errors are those of the statistic on the log, over users where rounds say whose they are", () => {
  for (const family of families)
    for (const [c, { setting, value, standardError }] of candidatesOf(family, rounds).entries()) {
      assert.equal(setting, family.settings[c]);
      const expected = measured(family.at(setting, rounds));
      near(value, expected.value);
      near(standardError, expected.standardError);
    }
  const twice = (column: Float64Array) =>
    Float64Array.from({ length: 2 * rounds.size }, (_, i) => column[i >> 1]);
  const doubled = loggedRounds({
    rewards: twice(rounds.rewards),
    propensities: twice(rounds.propensities),
    targetProbabilities: twice(rounds.targetProbabilities),
    users: Int32Array.from({ length: 2 * rounds.size }, (_, i) => i >> 1),
  });
  const family = clippedFamily(ips, [Number.POSITIVE_INFINITY, 2]);
  const [once, again] = [candidatesOf(family, rounds), candidatesOf(family, doubled)];
  again.forEach(({ value, standardError }, c) => {
    near(value, once[c].value);
    near(standardError, once[c].standardError);
  });
});

test("each setting lets less of a large weight through than the one before", () => {
  // A reward of 1 where the model says 0, and a weight of 2,000: the estimate is what is left of the weight.
  const one = (propensity: number) => Float64Array.of(propensity, propensity);
  const large = loggedRounds({
    ...{ rewards: one(1), propensities: one(1 / 2000), targetProbabilities: one(1) },
    model: { logged: one(0), expected: one(0) },
  });
  const left = (family: EstimatorFamily) => candidatesOf(family, large).map(({ value }) => value);
  for (const family of families) {
    if (family.name === "snips") continue;
    const values = left(family);
    near(values[0], 2000);
    const falls =
      family.name === "switchDr"
        ? values[1] === 0
        : values.every((value, c) => c === 0 || value < values[c - 1]);
    assert.ok(falls, `${family.name} ${values}`);
  }
  // The same largest weights under every name, for a weight that makes the most of them.
  near(left(clippedFamily(ips, [50]))[0], 50);
  assert.ok(left(subGaussianIpsFamily([1 / 50]))[0] < 50 && left(subGaussianIpsFamily([1 / 50]))[0] > 48);
});

test("a family without settings and an estimate that is not a number are refused", () => {
  assert.throws(() => candidatesOf(clippedFamily(ips, []), rounds), /at least one setting, got none/);
  const never = loggedRounds({
    rewards: Float64Array.of(1, 0),
    propensities: Float64Array.of(0.5, 0.5),
    targetProbabilities: Float64Array.of(0, 0),
  });
  assert.throws(
    () => candidatesOf(clippedFamily(snips), never),
    /finite estimates, got NaN ± NaN from snips at Infinity/,
  );
});
