import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf } from "../data/histories";
import { smallLog } from "../data/smallLog.fixture";
import { leaveOneOutSplit } from "../data/split";
import type { Recommender } from "../retrieval/recommender";
import type { ScoringRecommender } from "../retrieval/scorer";
import { tuneBaselines } from "./tuneBaselines";

// User 0 trains on item 0, validates on 1 and is tested on 2; in between the others have 3, and nobody else has 1.
const log = smallLog(
  [
    [1, 0, 5],
    [2, 0, 5],
    [0, 0, 5],
    [0, 1, 5],
    [1, 3, 5],
    [2, 3, 5],
    [0, 2, 5],
    [1, 4, 5],
    [2, 4, 5],
    [1, 2, 5],
    [2, 2, 5],
  ],
  { users: 3, items: 5 },
);
const split = leaveOneOutSplit(log);

test("of all settings the ones are kept that are judged best, whatever comes first", () => {
  for (const sign of [1, -1]) {
    let calls = 0;
    const settings = tuneBaselines(log, split, () => sign * ++calls);
    const last = sign > 0;
    assert.equal(settings.recentPopularity.window, last ? 160_000 : 1000);
    assert.deepEqual(settings.itemKnn, {
      shrinkage: last ? 50 : 0,
      neighbours: last ? 1000 : 20,
      recency: 1,
    });
    assert.equal(settings.itemKnnRecency.recency, last ? 0.5 : 0.95);
    assert.equal(settings.ease.regularisation, last ? 2000 : 20);
    assert.equal(settings.easeRecency.recency, last ? 0.5 : 0.95);
    assert.equal(settings.popularityWeight, last ? 0.5 : 0.01);
  }
});

test("what is judged was fitted on train rows alone, and knows nothing from after the request", () => {
  const asked = historiesOf(log, split.train, { users: Int32Array.of(0) });
  const seen: Float64Array[] = [];
  const judge = (recommender: Recommender): number => {
    seen.push((recommender as ScoringRecommender).scores(asked));
    return 0;
  };
  tuneBaselines(log, split, judge);
  for (const scores of seen) assert.equal(scores[1], 0); // only a validation row has it
  // Recent popularity comes first: before user 0's validation row item 0 was had three times, and 3 by nobody yet.
  const [first] = seen;
  assert.ok(first[0] > 2.5);
  assert.ok(first[3] < 0.5);
});
