import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { loggedRounds } from "../bandit/loggedRounds";
import { type ReportCard, reportCard } from "./reportCard";
import { reportText } from "./reportText";

const even = new Float64Array(400).fill(0.5);
const card = reportCard(
  loggedRounds({
    ...{ rewards: even.map((_, i) => i % 2), propensities: even, targetProbabilities: even },
  }),
  random(1),
  { resamples: 20 },
);
const told = (gain: Partial<ReportCard["gain"]>): string => {
  const lines = reportText({ ...card, gain: { ...card.gain, ...gain } }).split("\n");
  return lines.find((line) => line.startsWith("the difference is"))!;
};

test("a gain whose interval holds 0 is not shown, and the largest it leaves open is told", () => {
  const open = told({ value: 0.01, lower: -0.02, upper: 0.04 });
  assert.match(open, /: no difference shown; up to \+0\.04000 is left open, \+8\.0% of what the log earned$/);
  const down = told({ value: -0.01, lower: -0.1, upper: 0.04 });
  assert.match(down, /up to -0\.1000 is left open, -20\.0% of what the log earned$/);
  assert.match(told({ value: 0.02, lower: 0.01, upper: 0.04 }), /: it would earn more$/);
  assert.match(told({ value: -0.02, lower: -0.03, upper: -0.01 }), /: it would earn less$/);
  assert.match(told({ value: 3e-10, lower: 1e-11, upper: 8e-10 }), /: none beyond rounding$/);
  assert.match(told({ lower: Number.NaN, upper: Number.NaN }), /: no difference shown$/);
});

test("each estimator has its verdict in the table, and those that are worth less than their weights a line", () => {
  const verdicts = {
    ...card.verdicts,
    sgIps: { verdict: "weak", reasons: ["it leans", "and more"] },
  } as const;
  const text = reportText({ ...card, verdict: "ok", verdicts });
  assert.match(text, /standard error\s+verdict/);
  assert.match(text, /\nIPS .* ok\n/);
  assert.match(text, /\nsub-Gaussian IPS .* weak\n/);
  assert.match(text, /\n {2}- sub-Gaussian IPS, weak: it leans\n/);
  assert.doesNotMatch(text, /- IPS, ok|and more/);
  assert.doesNotMatch(reportText({ ...card, verdict: "unreliable", verdicts }), /- sub-Gaussian IPS/);
});
