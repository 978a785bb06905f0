import assert from "node:assert/strict";
import { test } from "node:test";
import { smallLog } from "../data/smallLog.fixture";
import type { Split } from "../data/split";
import { emptyLists } from "../retrieval/bestOf";
import type { Recommender } from "../retrieval/recommender";
import { ratedReplay } from "./ratedReplay";

/** Always the same order, whoever asks and whatever they had. */
const inOrder = (...order: number[]): Recommender => ({
  name: "in order",
  recommend(histories, k) {
    const lists = emptyLists(histories.size, k);
    for (let h = 0; h < histories.size; h++) lists.items.set(order.slice(0, k), h * k);
    return lists;
  },
});

test("an item is asked for once, liked or not, and what was had before is not asked for", () => {
  const interactions = smallLog([
    [0, 0, 3],
    [0, 1, 4],
    [0, 0, 5],
    [0, 2, 1],
    [0, 3, 5],
  ]);
  const split: Split = {
    protocol: "temporal",
    train: Int32Array.of(0),
    validation: Int32Array.of(1),
    test: Int32Array.of(2, 3, 4),
  };
  const played = (...order: number[]) => ratedReplay(inOrder(...order), interactions, split, { steps: 2 });
  // Rated anew are 2 (disliked) and 3 (liked); 0 was had, whatever it is rated now.
  const first = played(0, 3, 2, 1);
  assert.deepEqual([...first.precision, ...first.ndcg], [0.5, 1]);
  const second = played(0, 2, 3, 1);
  assert.deepEqual([...second.precision, ...second.ndcg], [0.5, 1 / Math.log2(3)]);
});
