import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatisticInterval } from "../../math/statisticIntervals";
import { cumulativeWeights, discountedWeights } from "../sequential/cumulativeWeights";
import { trajectories } from "../sequential/trajectories";
import { estimatorVerdicts } from "./estimatorVerdicts";
import type { Verdict } from "./verdict";

const around = (value: number, half: number): StatisticInterval => ({
  ...{ value, lower: value - half, upper: value + half },
  standardError: half / 2,
});
const ok: Verdict = { verdict: "ok", reasons: ["the weights are fine"] };
const weak: Verdict = { verdict: "weak", reasons: ["few"] };
const judged = (
  estimators: Readonly<Record<string, StatisticInterval>>,
  { base = ok, targetVariance }: { base?: Verdict; targetVariance?: number } = {},
) =>
  estimatorVerdicts({
    base: () => base,
    estimators,
    ...(targetVariance !== undefined && { targetVariance }),
  });

test("what does not lean has the verdict of its weights", () => {
  const found = judged({ ips: around(1, 0.1), snips: around(1.05, 0.02), dr: around(1, 0.1) });
  for (const each of Object.values(found)) assert.deepEqual(each, ok);
});

test("a model alone is weak, and unreliable where what was seen speaks against it", () => {
  const near = judged({ sdm: around(1.09, 0.01), sdr: around(1, 0.1) }).sdm;
  assert.equal(near.verdict, "weak");
  assert.match(near.reasons.join(), /knows nothing of its model's own error/);
  assert.doesNotMatch(near.reasons.join(), /fine/);
  for (const value of [0.89, 1.11])
    assert.equal(judged({ sdm: around(value, 0.01), sdr: around(1, 0.1) }).sdm.verdict, "unreliable");
  assert.equal(judged({ dm: around(1, 0.5), dr: around(1, 0.1) }).dm.verdict, "weak");
});

test("a lean is told in parts of half the interval, from the one that does not lean", () => {
  const of = (value: number, half = 0.1) => judged({ dros: around(value, half), dr: around(1, 0.1) }).dros;
  assert.equal(of(1.02).verdict, "ok");
  assert.equal(of(0.97).verdict, "weak");
  assert.match(of(0.97).reasons[0], /30\.0% of half its interval away from dr/);
  assert.equal(of(1.11).verdict, "unreliable");
  // Narrower than what it is held against: it saves by leaning, seen or not.
  assert.equal(of(1, 0.091).verdict, "ok");
  assert.match(of(1, 0.089).reasons[0], /its interval is 89\.0% of that of dr/);
  assert.equal(of(1, 0.089).verdict, "weak");
  assert.equal(judged({ sgIps: around(1.2, 0.1), ips: around(1, 0.1) }).sgIps.verdict, "unreliable");
  // Nothing to be held against.
  assert.equal(judged({ sgIps: around(1.2, 0.1) }).sgIps.verdict, "ok");
});

test("an estimate that few of the target's own would have told as well is too unsteady", () => {
  // Standard error .05: a variance of .5 is that of 200 trajectories, of .075 that of 30.
  const of = (targetVariance: number) => judged({ tis: around(1, 0.1) }, { targetVariance }).tis;
  assert.equal(of(0.5001).verdict, "ok");
  assert.equal(of(0.4999).verdict, "weak");
  assert.equal(of(0.0751).verdict, "weak");
  assert.equal(of(0.0749).verdict, "unreliable");
  assert.match(of(0.0749).reasons[0], /30\.0 trajectories of the target's own .*\(under 30\)/);
});

test("weights that are weak stay so, and their reasons stand behind an estimator's own", () => {
  const found = judged({ sdm: around(2, 0.01), sdr: around(1, 0.1) }, { base: weak });
  assert.deepEqual(found.sdr, weak);
  assert.equal(found.sdm.verdict, "unreliable");
  assert.deepEqual(found.sdm.reasons.slice(1), ["few"]);
});

test("one weight a trajectory by discount: by hand, an ended one keeping its last", () => {
  const even = Float64Array.of(0.5, 0.5, 0.5);
  const log = trajectories({
    users: Int32Array.of(0, 0, 1),
    steps: Int32Array.of(0, 1, 0),
    ...{
      rewards: even,
      propensities: even,
      targetProbabilities: Float64Array.of(1, 0.25, 0.75),
      discount: 0.5,
    },
  });
  // Ratios 2, ½ and 1.5; products 2, 1 | 1.5. Shares of the two steps: ⅔ and ⅓.
  const found = discountedWeights(log, cumulativeWeights(log));
  for (const [i, wanted] of [5 / 3, 1.5].entries()) assert.ok(Math.abs(found[i] - wanted) < 1e-12);
});
