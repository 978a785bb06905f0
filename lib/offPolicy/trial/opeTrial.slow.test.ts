import assert from "node:assert/strict";
import { test } from "node:test";
import { satiationSettings, satiationTables } from "../../worlds/satiation";
import { bestOf, knownPolicies, oneStepLimit, playedOut, withChance } from "../../worlds/tablePolicies";
import { type OpeCase, opeTrial } from "./opeTrial";
import { opeSummary, opeTable } from "./opeTrialTable";

const near = (got: number, wanted: number, within = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);
const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const greedy = (effects: boolean, epsilon: number) => {
  const tables = satiationTables(satiationSettings.parse({ effects }));
  return { name: `ε ${epsilon}`, probabilities: withChance(bestOf(tables.rewards, 3), epsilon, 3) };
};

test("of the log's own policy all that weighs says the same: the log's mean return, near the truth", () => {
  const cases = opeTrial({
    ...{ behaviours: [0.5], logs: 2, users: 400, steps: 5, seed: 1 },
    policies: [greedy(true, 0.5)],
  });
  for (const log of [0, 1]) {
    const own = (name: string): OpeCase => cases.find((c) => c.log === log && c.estimator === name)!;
    const { value, truth, verdict } = own("tis");
    for (const name of ["wtis", "pdis", "wpdis"]) near(own(name).value, value, 1e-12);
    near(value, truth, 0.3);
    assert.equal(verdict, "ok");
    // Nothing is said against single rounds either: what the target does is what was done.
    assert.equal(own("snips").weights, "ok");
    near(own("snips").value, own("snips").truth, 0.06);
  }
});

test("where nothing is by chance but choices, the model is exact, and sequential DR has no spread at all", () => {
  const cases = opeTrial({
    world: { genres: 2, levels: 2, quality: [1, 0.5], leave: [0], rise: 1, recovery: 1 },
    ...{ behaviours: [1], logs: 1, users: 300, steps: 4, noise: 0, seed: 3 },
    ...{ method: "percentile", resamples: 20 },
  });
  const [exact, weighed] = ["sdr", "pdis"].map((name) => cases.filter((c) => c.estimator === name));
  assert.ok(exact.length > 8);
  for (const { value, truth, lower, upper } of exact) {
    near(value, truth, 1e-9);
    near(upper - lower, 0, 1e-9);
  }
  assert.ok(meanOf(weighed.map(({ standardError }) => standardError)) > 0.05);
});

test("with effects on one-step estimators miss by what can be counted out; with effects off they do not", () => {
  for (const effects of [true, false]) {
    const tables = satiationTables(satiationSettings.parse({ effects }));
    const target = knownPolicies(tables, 0.9).find(({ name }) => name === "worst, ε 0.5")!;
    const cases = opeTrial({
      ...{ effects, behaviours: [0.5], logs: 12, users: 400, steps: 10, seed: 5 },
      policies: [target],
    }).filter(({ estimator }) => estimator === "snips");
    const how = { discount: 0.9, steps: 10 };
    const played = playedOut(tables, greedy(effects, 0.5), how);
    const limit = oneStepLimit(tables, played, target.probabilities);
    const values = cases.map(({ value }) => value);
    const spread = Math.sqrt(meanOf(values.map((value) => (value - limit) ** 2)) / values.length);
    near(meanOf(values), limit, 4 * spread);
    assert.ok(
      effects ? limit - cases[0].truth > 0.08 && spread < 0.01 : Math.abs(limit - cases[0].truth) < 1e-9,
    );
    // And the log tells: hardly a log passes where there are effects, nearly all where there are none.
    const ok = cases.filter(({ verdict }) => verdict === "ok").length;
    assert.ok(effects ? ok <= 2 : ok >= 10, `${ok} of 12 with effects ${effects}`);
  }
});

test("a model alone is never called ok, its interval being far too narrow; sequential DR's is and holds", () => {
  const names = ["greedy, ε 0.5", "greedy, ε 0.3", "optimal, ε 0.8", "random"];
  const known = knownPolicies(satiationTables(satiationSettings.parse({})), 0.9);
  const cases = opeTrial({
    ...{ behaviours: [0.5, 1], logs: 8, users: 300, steps: 6, seed: 6 },
    policies: known.filter(({ name }) => names.includes(name)),
  });
  const summary = opeSummary(cases, "weights");
  const row = (estimator: string) =>
    summary.find(
      (each) => each.estimator === estimator && each.verdict === "ok" && each.kind === "sequential",
    )!;
  assert.ok(row("sdm").held < 0.3 && row("sdr").held > 0.85, `${row("sdm").held} ${row("sdr").held}`);
  for (const { estimator, verdict } of cases)
    if (estimator === "sdm" || estimator === "dm") assert.notEqual(verdict, "ok");
  const own = opeSummary(cases);
  const sdr = own.find(({ estimator, verdict }) => estimator === "sdr" && verdict === "ok")!;
  assert.ok(
    sdr.share > row("sdr").share && sdr.held > 0.85,
    `${sdr.share} of ${row("sdr").share}, ${sdr.held}`,
  );
});

test("the same policy under two names is evaluated once", () => {
  const policies = [greedy(false, 0.5), { ...greedy(false, 0.5), name: "again" }, greedy(false, 0.2)];
  const cases = opeTrial({
    ...{ effects: false, behaviours: [1], logs: 1, users: 50, steps: 2, policies, seed: 1 },
  });
  assert.deepEqual([...new Set(cases.map(({ policy }) => policy))], ["ε 0.5", "ε 0.2"]);
});

test("the table counts by hand: bias, error, coverage, ranking and regret within a verdict", () => {
  const one = (
    log: number,
    value: number,
    truth: number,
    verdict: OpeCase["verdict"],
    half = 0.5,
  ): OpeCase => ({
    ...{
      log,
      behaviour: 1,
      policy: `${truth}`,
      estimator: "sdr",
      kind: "sequential",
      verdict,
      weights: "weak",
    },
    ...{ value, truth, lower: value - half, upper: value + half, standardError: half / 2 },
  });
  const cases = [
    one(0, 1, 1, "ok"),
    one(0, 4, 2, "ok"),
    one(0, 3, 3, "ok"),
    one(1, 9, 8, "ok"),
    one(1, 5, 5, "weak"),
  ];
  const [ok, weak] = opeSummary(cases);
  assert.deepEqual([ok.verdict, ok.cases, ok.share, weak.verdict, weak.cases], ["ok", 4, 0.8, "weak", 1]);
  near(ok.bias, 3 / 4);
  near(ok.error, Math.sqrt(5 / 4));
  assert.equal(ok.held, 0.5);
  // Of log 0 alone: truths 1, 2, 3 are put 1, 3, 2, and the one chosen is worth 2.
  near(ok.rankCorrelation, 0.5);
  assert.equal(ok.regret, 1);
  assert.ok(Number.isNaN(weak.rankCorrelation));
  assert.deepEqual(opeTable([ok, weak]).values[1].slice(0, 4), ["weak", "sequential", "sdr", 1]);
  assert.deepEqual(
    opeSummary(cases, "weights").map(({ verdict, cases: count }) => [verdict, count]),
    [["weak", 5]],
  );
});
