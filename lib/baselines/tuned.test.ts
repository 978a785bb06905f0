import assert from "node:assert/strict";
import { test } from "node:test";
import { allRows, smallLog } from "../data/smallLog.fixture";
import { temporalSplit } from "../data/split";
import { defaultSettings } from "./settings";
import { settingsFor } from "./tuned";

const log = smallLog(
  Array.from({ length: 300 }, (_, row) => [row % 2, row % 5, 4]),
  { users: 2, items: 5 },
);

test("a log that nobody tuned on gets the defaults, and they say so", () => {
  const split = temporalSplit(log);
  assert.deepEqual(settingsFor("mine.csv", log, split), {
    settings: defaultSettings(log, split),
    source: "defaults",
  });
  // The name alone is not enough: this is another sample.
  assert.equal(settingsFor("goodbooks", log, split).source, "defaults");
});

test("a known dataset gets what was found on its validation rows", () => {
  const size = 298_176;
  const sample = { ...log, size, users: new Int32Array(size), items: new Int32Array(size) };
  const { settings, source } = settingsFor("goodbooks", sample, temporalSplit(sample));
  assert.equal(source, "tuned on validation");
  assert.equal(settings.recentPopularity.window, 5000);
  assert.equal(settings.positiveAt, 4);
  // With other shares the rows it was found on may be test rows.
  for (const shares of [{ testRatio: 0.2 }, { validationRatio: 0.2 }])
    assert.equal(settingsFor("goodbooks", sample, temporalSplit(sample, shares)).source, "defaults");
});

test("a dataset counts as tuned only where every baseline was", () => {
  const size = 298_176;
  const sample = { ...log, size, users: new Int32Array(size), items: new Int32Array(size) };
  const split = { ...temporalSplit(sample), protocol: "leave-one-out" as const };
  const { settings, source } = settingsFor("goodbooks", sample, split);
  assert.equal(source, "tuned on validation");
  assert.deepEqual([settings.popularityWeight, settings.sequenceRules.backward], [0.02, 1]);
});

test("defaults follow the log: ratings, order and protocol", () => {
  const split = temporalSplit(log);
  assert.deepEqual(
    [defaultSettings(log, split).positiveAt, defaultSettings(log, split).recentPopularity.window],
    [4, 5],
  );
  const implicit = { ...log, weightKind: "weight" as const, order: "timestamp" as const };
  const settings = defaultSettings(implicit, { ...split, protocol: "leave-one-out" });
  assert.equal(settings.positiveAt, undefined);
  assert.deepEqual(settings.recentPopularity, { window: 30, ends: "history" });
  assert.equal(allRows(log).length, 300);
});
