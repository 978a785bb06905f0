import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveConfig } from "../settings/resolveConfig";
import { modelCard } from "./modelCard";
import type { RunSummary } from "./runFolder";
import type { RunRecord, StepZeroComparison } from "./runRecord";

const interval = { mean: 0.002, lower: -0.0006, upper: 0.0047, standardError: 0.001 };
const stepZero: StepZeroComparison = {
  ...{ users: 800, k: 10, start: 0.08, chosen: 0.082, difference: interval, changedLists: 0.43 },
  ...{ evaluatedSteps: [0, 300, 300, 600], verdict: "no difference from step 0 shown" },
};
const record: RunRecord = {
  ...{ agent: "ddpg", data: "hand", encoder: "gru", config: {}, seed: 1, steps: 3000, batchSize: 256 },
  ...{ transitions: 12_345, keep: "any", chosenStep: 300, valueBounds: [0, 10], curves: {}, warnings: [] },
  stepZero,
};
const summary = {
  ...{ format: 1, agent: "ddpg", kind: "actor-critic", seed: 1, validation: { users: 1000, ndcg: interval } },
  data: {
    name: "hand",
    label: "hand",
    users: 9,
    items: 9,
    interactions: 9,
    order: "row order",
    skippedRows: 0,
  },
  split: { protocol: "temporal", train: 7, validation: 1, test: 1, refit: false },
  code: { version: "1", commit: null, node: "20", threads: {} },
  ...{ record, warnings: ["the step that is kept, 300, followed such values"] },
} as unknown as RunSummary;
const cardOf = (changes: Partial<RunRecord>): string =>
  modelCard({ ...summary, record: { ...record, ...changes } }, resolveConfig({ agent: "ddpg" }));

test("the card says which step is kept and why, and on whom learning was judged", () => {
  const card = cardOf({});
  assert.match(
    card,
    /3,000 updates\. Kept: step 300 of 3,000: the best on validation of those better than step 0 by/,
  );
  assert.match(
    card,
    /on 800 validation users, each with a step chosen on other readers: NDCG@10 0\.0800 → 0\.0820/,
  );
  assert.match(card, /\n- the step that is kept, 300, followed such values\n/);
  assert.match(
    card,
    /\n\| `agent\.discount` \| `0\.9` \| how much the next step counts .*; a number in \[0, 1\) \|\n/,
  );
  const zero = {
    ...stepZero,
    evaluatedSteps: [0, 0, 0, 0],
    verdict: "learning was not seen to help; step 0 is kept",
  };
  const start = cardOf({ chosenStep: 0, stepZero: zero });
  assert.match(start, /\(step 0\): \*\*learning was not seen to help; step 0 is kept\.\*\*/);
  assert.doesNotMatch(start, /→/);
});
