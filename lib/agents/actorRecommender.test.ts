import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { exactIndex } from "../retrieval/exactIndex";
import { actorRecommender } from "./actorRecommender";

const histories: Histories = {
  size: 2,
  users: Int32Array.of(0, 1),
  offsets: Int32Array.of(0, 1, 2),
  items: Int32Array.of(0, 2),
  weights: Float32Array.of(1, 1),
  rows: Int32Array.of(-1, -1),
};
// An agent and an encoder written by hand: the state is the item row, the action points right or left.
const agent = {
  name: "compass",
  act: (states: Float32Array) =>
    Float32Array.from({ length: 2 * states.length }, (_, i) =>
      i % 2 === 0 ? (states[i / 2]! > 1 ? -1 : 1) : 0,
    ),
};
const encoder = {
  name: "last item",
  stateSize: 1,
  encode: (h: Histories) => Float32Array.from({ length: h.size }, (_, i) => h.items[h.offsets[i + 1]! - 1]!),
  encodePositions: (h: Histories) => Float32Array.from(h.items),
  dispose() {},
};
const itemVectors = Float32Array.of(1, 0, 0.9, 0, -1, 0, -0.8, 0);

test("lists follow the action, leave out the history, and bias moves them by b·T", () => {
  const plain = actorRecommender(agent, encoder, { itemVectors });
  assert.equal(plain.name, "compass");
  assert.deepEqual([...plain.recommend(histories, 2).items], [1, 3, 3, 1]);
  plain.dispose();
  const catalogue = { itemVectors, itemBias: Float32Array.of(0, -4, 0, 0), temperature: 0.5 };
  const biased = actorRecommender(agent, encoder, catalogue, { index: exactIndex, name: "biased" });
  const lists = biased.recommend(histories, 3);
  assert.deepEqual([...lists.items], [3, 2, 1, 3, 0, 1]);
  assert.ok(Math.abs(lists.scores[2]! - (0.9 - 2)) < 1e-6);
  assert.throws(
    () => actorRecommender(agent, encoder, { itemVectors: new Float32Array(3) }),
    /item vectors of 2/,
  );
});
