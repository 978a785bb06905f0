import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { parseConfig } from "../settings/readConfig";
import { resolveConfig } from "../settings/resolveConfig";
import { resolveStudy } from "../settings/studyConfig";
import { resolveTune } from "../settings/tuneConfig";
import { type Confirmation, freshSeeds } from "./confirm";
import type { Trial } from "./driver";
import { comparisonFile, foundFile, foundTrial } from "./found";
import { candidates, ranked, resultsOf } from "./results";
import { stampOf, tuneText } from "./text";

const file = parseConfig(
  `data: { dataset: synthetic, users: 50, testRatio: 0.2 }
model: { type: ddpg, params: { hidden: [8] } }
training: { steps: 30, nextItem: { units: 16 } }
search:
  discount:
  optimizer:
  nextItem.width: { low: 8, high: 64 }`,
  "s.yaml",
);
const tune = resolveTune(file);
const about = { study: "s", data: "some data", protocol: "temporal", users: 1234 };

const trial = (number: number, value: number | null, changes: Partial<Trial> = {}): Trial => ({
  ...{
    number,
    value,
    state: value === null ? "pruned" : "complete",
    done: true,
    steps: [],
    retries: [],
    seconds: 1,
  },
  params: { discount: 0.1 * number, optimizer: "radam", "nextItem.width": 64 - number },
  about: {},
  ...changes,
});
const trials: readonly Trial[] = [
  trial(0, 0.2, { about: { default: true, kept: [10] } }),
  trial(1, 0.21),
  trial(2, null),
  trial(3, 0.23, { about: { values: [0.22, 0.24] } }),
  trial(4, 0.23, { params: trial(3, 0).params, retries: [9] }),
  trial(5, 0.19),
];
const interval = (mean: number, reach: number, p = 0.5) => ({
  ...{ mean, lower: mean - reach, upper: mean + reach, standardError: reach / 2, p },
});
const confirmation: Confirmation = {
  rows: [
    { seeds: [2, 3, 4], bySeed: [0.2, 0.2, 0.2], ndcg: interval(0.2, 0.01) },
    {
      trial: 3,
      seeds: [2, 3, 4],
      bySeed: [],
      ndcg: interval(0.201, 0.01),
      difference: interval(0.001, 0.002),
    },
    {
      trial: 1,
      seeds: [2, 3, 4],
      bySeed: [],
      ndcg: interval(0.205, 0.01),
      difference: interval(0.005, 0.002, 1e-4),
    },
  ],
  ...{ users: 1234, seedNoise: 0.0042, failed: [] },
};
const report = { trials, importances: { discount: 0.7, optimizer: 0.1, "nextItem.width": 0.2 } };
const results = resultsOf(report, tune, about, confirmation);

test("the best first, pruned ones nowhere; the default settings and equal ones are not trained again", () => {
  assert.deepEqual(
    ranked(trials).map(({ number }) => number),
    [3, 4, 1, 0, 5],
  );
  assert.deepEqual(
    candidates(trials, 9).map(({ number }) => number),
    [3, 1, 5],
  );
  assert.deepEqual(
    candidates(trials, 1).map(({ number }) => number),
    [3],
  );
  assert.equal(results.best, 3);
  assert.ok(Math.abs(results.trialNoise! - Math.SQRT1_2 * 0.02) < 1e-12);
  assert.deepEqual(freshSeeds([1, 4], 2), [5, 6]);
});

test("which way a number pulls is told, of names nothing", () => {
  assert.equal(results.directions.optimizer, null);
  assert.equal(results.directions.discount, -results.directions["nextItem.width"]!);
});

test("what it was, the best trials, what fresh seeds say, and what mattered", () => {
  assert.equal(
    stampOf(results),
    "s: ddpg, 5 complete, 1 pruned, 1 tried again after its worker was lost; NDCG@10 of 1,234 VALIDATION users, temporal; some data; seed 1 in each trial",
  );
  const text = tuneText(results, 2);
  assert.match(text, /\n3 +\.2300 +\+\.0300 +0\.3 +radam +61\n/);
  assert.match(text, /\n0 \(default\) +\.2000 +10 +0 +radam +64\n/); // though not among the two best
  assert.doesNotMatch(text, /\n5 +\.19/);
  assert.match(text, /The best of 5 trials looks better than it is/);
  assert.match(text, /fresh seeds 2, 3, 4, the same 1,234 validation users/);
  assert.match(
    text,
    /\ntrial 3 +\.2010 +\.1910 to \.2110 +\.2300 +\+\.0010 \(−\.0010 to \+\.0030\) +no difference from the default settings shown; up to \+\.0030 \(\+1\.5%\) is left open\n/,
  );
  assert.match(text, /\ntrial 1 .* \+\.0050 \(\+\.0030 to \+\.0070\)\* +better than the default settings\n/);
  assert.match(text, /2 paired differences were looked at/);
  assert.match(text, /\ndiscount +0\.70 +[+−]0\.\d\d\nnextItem\.width +0\.20/);
  assert.match(
    tuneText({ ...results, importances: null }),
    /What mattered is not told: it takes 8 complete trials/,
  );
});

test("what was found is a file of settings, with what it is worth above them", () => {
  assert.equal(foundTrial(results)?.number, 1); // the best under fresh seeds
  const text = foundFile(results, tune, ["about it"])!;
  assert.match(
    text,
    /^# about it\n# Trial 1: \.2100\. Under fresh seeds \.2050, the default settings \.2000: better than/,
  );
  const config = resolveConfig({ file: parseConfig(text, "best.yaml") });
  const { base } = tune;
  assert.deepEqual(config, {
    ...base,
    agent: { ...base.agent, discount: 0.1, optimizer: "radam" },
    nextItem: { ...base.nextItem, width: 63 },
  });
  const alone = { ...results };
  Reflect.deleteProperty(alone, "confirmation");
  assert.equal(foundTrial(alone)?.number, 3);
  assert.match(foundFile(alone, tune, [])!, /Not trained again/);
  assert.equal(foundFile({ ...alone, trials: [] }, tune, []), undefined);
});

test("and an experiment's file that compares it with the default settings on the test rows", () => {
  const text = comparisonFile(results, tune, file)!;
  const study = resolveStudy(parseConfig(text, "experiment.yaml"));
  const { seed: _, ...base } = tune.base;
  const [first, second] = study.models.map(({ config: { seed: __, ...config } }) => config);
  assert.deepEqual(first, base);
  assert.deepEqual(second.agent, { ...base.agent, discount: 0.1, optimizer: "radam" });
  assert.deepEqual(
    [second.nextItem.width, second.nextItem.units, second.steps, second.testRatio],
    [63, 16, 30, 0.2],
  );
  assert.deepEqual(parse(text).data, { dataset: "synthetic", users: 50, testRatio: 0.2 });
});
