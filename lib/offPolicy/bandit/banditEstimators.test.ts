import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateOf } from "../../math/sumStatistic";
import { diagnosticsOf } from "../report/diagnostics";
import { banditEstimators } from "./banditEstimators";
import { banditFixture } from "./banditRounds.fixture";
import { importanceWeights } from "./importanceWeights";

const keys: Readonly<Record<string, string>> = {
  ips: "ips",
  snips: "snips",
  dm: "dm",
  dr: "dr",
  sndr: "sndr",
  switchDr: "switch_dr_tau_2",
  dros: "dros_lambda_1",
  sgIps: "sg_ips_lambda_0.1",
  sgDr: "sg_dr_lambda_0.1",
};

for (const name of ["binary_overlap", "poor_overlap", "ratings"])
  test(`nine estimators and three diagnostics agree with the reference on ${name}`, () => {
    const { rounds, expected } = banditFixture(name);
    const value = (clip?: number) => (estimator: ReturnType<typeof banditEstimators>[number]) =>
      estimateOf(estimator.on(rounds, importanceWeights(rounds, clip)));
    const estimators = banditEstimators(rounds);
    assert.deepEqual(
      estimators.map((each) => each.name),
      Object.keys(keys),
    );
    for (const estimator of estimators) {
      const [got, wanted] = [value()(estimator), expected[keys[estimator.name]]!];
      assert.ok(Math.abs(got - wanted) < 1e-9, `${estimator.name} ${got} is not ${wanted}`);
    }
    assert.ok(Math.abs(value(10)(estimators[0]) - expected.ips_clip_10!) < 1e-9);
    const { effectiveSampleSize, maxWeight, meanWeight } = diagnosticsOf(rounds, importanceWeights(rounds));
    for (const [got, wanted] of [
      [effectiveSampleSize, expected.ess],
      [maxWeight, expected.max_weight],
      [meanWeight, expected.mean_weight],
    ])
      assert.ok(Math.abs(got! - wanted!) < 1e-9, `${got} is not ${wanted}`);
  });
