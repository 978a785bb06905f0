import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChoiceRow } from "../offPolicy/report/policyChoice";
import type { SelectedRuns } from "./selectRuns";
import { selectText } from "./selectText";

const row = (name: string, value: number, about: Partial<ChoiceRow> = {}): ChoiceRow => ({
  ...{ name, value, lower: value - 0.01, upper: value + 0.01 },
  gain: { value: value - 0.1, lower: value - 0.11, upper: value - 0.09 },
  fromBest: { lower: -0.004, upper: 0.02 },
  ...{ mayBeBest: true, first: 0.5, verdict: "ok", reasons: ["fine"] },
  ...about,
});
const choiceOf = (about: Partial<SelectedRuns>): SelectedRuns => ({
  ...{
    log: "log.csv",
    sources: [],
    passedOver: [],
    same: [],
    rounds: 1000,
    units: 100,
    level: 0.95,
    discount: 0.9,
  },
  estimator: { name: "snips", per: "round", why: "because" },
  ...{ logged: { value: 0.1, lower: 0.09, upper: 0.11 }, rows: [], best: [], leftOpen: 0 },
  ...about,
});
const pick = { name: "a", value: 0.2, gain: 0.1, corrected: 0.15, correctedGain: 0.05, again: 0.7 };

test("it says what cannot be told apart, what is left open, and what the pick comes to", () => {
  const text = selectText(
    choiceOf({ rows: [row("a", 0.2), row("b", 0.19)], best: ["a", "b"], leftOpen: 0.004, send: "a", pick }),
  );
  assert.match(text, /cannot be told apart: a; b; the best is among them \(95% sure/);
  assert.match(text, /another of them may still be better than a by up to 0\.004000, \+2\.0% of 0\.2000/);
  assert.match(text, /better than what is served now: shown of a: \+0\.1000 \(\+0\.09000 to \+0\.1100/);
  assert.match(text, /send to a test: a, whose gain is the surest\n/);
  assert.match(
    text,
    /comes to 0\.1500 \(\+0\.05000, \+50\.0% of 0\.1000\) in place of 0\.2000; 70% of the halves pick it/,
  );
});

test("a run beside its own log gains nothing, in words", () => {
  const own = row("a", 0.1, { gain: { value: 0, lower: 0, upper: 0 } });
  const text = selectText(choiceOf({ rows: [own], best: ["a"], pick }));
  assert.match(text, /a +0\.1000 .* none +beyond rounding/);
  assert.match(text, /not shown of any; every one of them is shown to be no better/);
});

test("nothing is sent that is not shown to be better, or cannot be judged, and the reason is given", () => {
  const unsure = { value: 0.01, lower: -0.02, upper: 0.04 };
  const unshown = selectText(choiceOf({ rows: [row("a", 0.11, { gain: unsure })], best: ["a"], pick }));
  assert.match(
    unshown,
    /better than what is served now: not shown of any; up to \+0\.04000.* is left open \(a\)/,
  );
  assert.match(unshown, /send to a test: none on this log's word; keep what is served/);
  assert.match(unshown, /only a can be judged on this log/);
  const bad = row("a", 0.9, {
    verdict: "unreliable",
    reasons: ["one user holds it all"],
    mayBeBest: false,
    first: 0,
  });
  const none = selectText(choiceOf({ rows: [bad] }));
  assert.match(none, /- a, unreliable: one user holds it all/);
  assert.match(none, /send to a test: none; no policy here can be judged/);
  assert.doesNotMatch(none, /the best|picked/);
  const other = selectText(
    choiceOf({ rows: [row("b", 0.2), bad], best: ["b"], send: "b", pick: { ...pick, name: "b" } }),
  );
  assert.match(other, /only b can be judged on this log; one more could not be judged/);
  const weak = row("b", 0.2, { verdict: "weak", reasons: ["few readers"] });
  assert.match(
    selectText(choiceOf({ rows: [weak], best: ["b"], send: "b", pick: { ...pick, name: "b" } })),
    /send to a test: b, .*its verdict is weak: few readers/,
  );
  const alone = selectText(
    choiceOf({ rows: [row("a", 0.2), row("b", 0.1, { mayBeBest: false })], best: ["a"], send: "a", pick }),
  );
  assert.match(alone, /the best of those that can be judged is a: shown \(95% sure/);
});
