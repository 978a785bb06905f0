import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOfLists } from "../data/histories";
import { exactIndex } from "../retrieval/exactIndex";
import { rankedBy } from "../retrieval/scorer";
import type { OpenRun } from "./openRun";
import { servedDistribution } from "./servedDistribution";

/** Five items with logits 4 to 0, of which item 1 has been had and item 4 cannot be. */
const run = (exploration: number): OpenRun =>
  ({
    served: {
      index: exactIndex(Float32Array.of(4, 3, 2, 1, 0), 1),
      temperature: 1,
      queries: () => Float32Array.of(1),
    },
    config: { policy: { exploration, candidates: 2 } },
    dataset: { catalog: { size: 5, numbers: { available: Float64Array.of(1, 1, 1, 1, 0) }, text: {} } },
  }) as unknown as OpenRun;

test("an opened run explores as its policy says, over what is available and was not seen", () => {
  const histories = historiesOfLists([[1]]);
  const first = 1 / (1 + Math.exp(-2)); // among the two candidates, items 0 and 2
  for (const exploration of [0, 0.3]) {
    const found = servedDistribution(run(exploration), histories)!;
    assert.deepEqual([...found.candidates.items], [0, 2]);
    assert.deepEqual([...found.available], [3]);
    const wanted = [first, 1 - first].map((share) => (1 - exploration) * share + exploration / 3);
    for (const [i, share] of wanted.entries()) assert.ok(Math.abs(found.probabilities[i] - share) < 1e-9);
    assert.ok(Math.abs(found.elsewhere[0] - exploration / 3) < 1e-12);
  }
});

test("where items may come again, what was seen is served too, by query and by score; what is unavailable is not", () => {
  const { served: _, ...shared } = run(0);
  const scores = Float64Array.of(4, 3, 2, 1, 9);
  const recommender = rankedBy({ name: "by score", items: 5, scores: () => scores });
  const scored = { recommender, temperature: 1 };
  for (const each of [run(0), { ...shared, scored } as unknown as OpenRun]) {
    const set = { ...each, config: { ...each.config, repeats: true } };
    for (const found of [
      servedDistribution(each, historiesOfLists([[1]]), 1, { repeats: true })!,
      servedDistribution(set, historiesOfLists([[1]]))!,
    ]) {
      assert.deepEqual([...found.candidates.items], [0, 1]);
      assert.deepEqual([...found.available], [4]);
      assert.ok(Math.abs(found.probabilities[0] - 1 / (1 + Math.exp(-1))) < 1e-9);
    }
  }
});
