import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoverageStudy, EstimatorRow } from "./coverageStudy";
import { estimatorTable, heldIn, methodTable, rowOfStudy, verdictTable } from "./coverageTables";

const row = (estimator: string, bias: number, held: number): EstimatorRow => ({
  ...{ estimator, bias, spread: 0.04, error: 0.05, lower: 0, upper: 1, values: new Float64Array(20) },
  intervals: [
    { method: "percentile", held, width: 0.1, lower: new Float64Array(20), upper: new Float64Array(20) },
  ],
});
const study = (rows: EstimatorRow[], ok: number, held: number): CoverageStudy => ({
  ...{ truth: 0.4, runs: 20, rows, effectiveSampleSize: 9 },
  verdicts: { ok: { logs: ok, held }, weak: { logs: 20 - ok, held: 3 }, unreliable: { logs: 0, held: 0 } },
});
const studies = {
  near: study([row("ips", 0.001, 19), row("dm", -0.033, 2)], 12, 9),
  far: study([row("ips", -0.2, 10), row("dm", -0.1, 0)], 8, 6),
};

test("a row an estimator, two columns a situation", () => {
  const { columns, values } = estimatorTable(studies);
  assert.deepEqual(columns, ["estimator", "near: off by", "interval held", "far: off by", "interval held"]);
  assert.deepEqual(values, [
    ["IPS", "+0.001 ± 0.040", "95%", "−0.200 ± 0.040", "50%"],
    ["direct method", "−0.033 ± 0.040", "10%", "−0.100 ± 0.040", "0%"],
  ]);
});

test("verdicts are summed over situations; one that was never given has no share", () => {
  assert.deepEqual(verdictTable(studies).values, [
    ["ok", 20, "75%"],
    ["weak", 20, "30%"],
    ["unreliable", 0, "–"],
  ]);
});

test("a row a situation and estimator, a column a way of making intervals", () => {
  const { columns, values } = methodTable(studies, ["dm"], { percentile: "percentiles" });
  assert.deepEqual(columns, ["log", "estimator", "percentiles"]);
  assert.deepEqual(values, [
    ["near", "direct method", "10%"],
    ["far", "direct method", "0%"],
  ]);
  assert.throws(() => methodTable(studies, ["dm"], { bca: "BCa" }), /bca intervals of dm, got none/);
});

test("what a study does not have is named", () => {
  assert.equal(heldIn(studies.near, "dm"), 2);
  assert.throws(() => rowOfStudy(studies.near, "dr"), /one of ips, dm, got dr/);
  assert.throws(() => heldIn(studies.near, "dm", "bca"), /bca intervals of dm, got none/);
});
