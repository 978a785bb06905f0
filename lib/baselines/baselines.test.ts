import assert from "node:assert/strict";
import { test } from "node:test";
import { plantFuture } from "../data/plantedFuture.fixture";
import { smallLog } from "../data/smallLog.fixture";
import { fittingRows, leaveOneOutSplit, temporalSplit } from "../data/split";
import { taskOf } from "../data/task";
import { random } from "../math/random";
import { rankingMetrics } from "../metrics/metrics";
import { type BaselineName, baselineNames, fitBaseline, fitBaselines } from "./fitBaselines";
import { defaultSettings } from "./settings";
import { tuneBaselines } from "./tuneBaselines";

/** 40 users who go through one of two series of 15 items, with slips, in random turns. */
function seriesLog() {
  const draw = random(11);
  const rows: [number, number, number][] = [];
  const place = new Int32Array(40);
  for (let turn = 0; turn < 600; turn++) {
    const user = draw.integer(40);
    const series = user % 2;
    const item = draw.next() < 0.8 ? 15 * series + (place[user]++ % 15) : draw.integer(30);
    rows.push([user, item, 1 + draw.integer(5)]);
  }
  return smallLog(rows, { users: 40, items: 30 });
}

const log = seriesLog();
for (const [protocol, split] of [
  ["temporal", temporalSplit(log)],
  ["leave-one-out", leaveOneOutSplit(log)],
] as const) {
  const settings = defaultSettings(log, split);
  const fit = (name: BaselineName, from: typeof log, refit: boolean) =>
    fitBaseline(name, from, fittingRows(split, { refit }), { settings, random: random(1) });

  for (const name of baselineNames)
    test(`${name}, ${protocol}: a planted future changes nothing that was fitted`, () => {
      const { histories } = taskOf(log, split, "validation");
      const planted = plantFuture(log, split);
      assert.deepEqual(fit(name, planted, false).scores(histories), fit(name, log, false).scores(histories));
      const test = taskOf(log, split, "test").histories;
      const later = plantFuture(log, split, { keep: "train and validation" });
      assert.deepEqual(fit(name, later, true).scores(test), fit(name, log, true).scores(test));
    });
}

test("all baselines fill lists without what was had, and those that read histories beat random", () => {
  const split = temporalSplit(log);
  const task = taskOf(log, split, "test");
  const fitted = fitBaselines(log, split.train, { settings: defaultSettings(log, split), random: random(1) });
  assert.equal(new Set(fitted.map((baseline) => baseline.name)).size, baselineNames.length);
  const ndcg = fitted.map((baseline) => {
    const lists = baseline.recommend(task.histories, 5);
    for (let h = 0; h < lists.size; h++) {
      const had = task.histories.items.subarray(task.histories.offsets[h], task.histories.offsets[h + 1]);
      for (let place = 0; place < 5; place++) assert.ok(!had.includes(lists.items[h * 5 + place]));
    }
    return rankingMetrics(lists, task, [5]).at[5].ndcg;
  });
  for (const name of ["item-knn-recency", "ease-recency", "sequence-rules"] as const)
    assert.ok(ndcg[baselineNames.indexOf(name)] > ndcg[0], name);
});

test("tuning sees train and validation only, and reports what it chose", () => {
  const split = temporalSplit(log);
  const tune = (from: typeof log): [string, number][] => {
    const task = taskOf(from, split, "validation");
    const values: [string, number][] = [];
    const settings = tuneBaselines(
      from,
      split,
      (recommender) => rankingMetrics(recommender.recommend(task.histories, 5), task, [5]).at[5].ndcg,
      { onChosen: (what, chosen, value) => values.push([`${what} ${JSON.stringify(chosen)}`, value]) },
    );
    assert.equal(settings.positiveAt, 4);
    return values;
  };
  const chosen = tune(log);
  assert.equal(chosen.length, 7);
  assert.deepEqual(tune(plantFuture(log, split, { keep: "train and validation" })), chosen);
});
