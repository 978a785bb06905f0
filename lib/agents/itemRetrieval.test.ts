import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { exactIndex } from "../retrieval/exactIndex";
import { itemRetrieval } from "./itemRetrieval";

const seen: Histories = {
  size: 2,
  users: Int32Array.of(0, 1),
  offsets: Int32Array.of(0, 1, 2),
  items: Int32Array.of(0, 2),
  weights: Float32Array.of(1, 1),
  rows: Int32Array.of(-1, -1),
};
/** Actions written by hand: to the right in state 0, to the left in state 2. */
const compass = {
  act: (states: Float32Array) =>
    Float32Array.from({ length: 2 * states.length }, (_, i) =>
      i % 2 === 0 ? (states[i / 2] > 1 ? -1 : 1) : 0,
    ),
};
const states = Float32Array.of(0, 2);
const actions = compass.act(states);
const itemVectors = Float32Array.of(1, 0, 0.9, 0, -1, 0, -0.8, 0);
const itemBias = new Float32Array(4);

test("lists follow the action, leave out what was seen and what cannot be found; bias moves them by b·T", () => {
  const plain = itemRetrieval({ itemVectors, itemBias });
  assert.deepEqual([...plain.search(states, actions, 2, { seen }).items], [1, 3, 3, 1]);
  plain.dispose();
  const biased = { itemVectors, itemBias: Float32Array.of(0, -4, 0, 0), temperature: 0.5 };
  const lists = itemRetrieval(biased, { index: exactIndex }).search(states, actions, 3, { seen });
  assert.deepEqual([...lists.items], [3, 2, 1, 3, 0, 1]);
  assert.ok(Math.abs(lists.scores[2] - (0.9 - 2)) < 1e-6);
  const short = itemRetrieval({ itemVectors, itemBias });
  const asked = { seen, unavailable: new Set([1]) };
  assert.deepEqual([...short.search(states, actions, 3, asked).items], [3, 2, -1, 3, 0, -1]);
  short.dispose();
  assert.throws(() => itemRetrieval({ itemVectors, itemBias: new Float32Array(3) }), /one bias an item/);
});

test("an agent with items of its own ranks the supervised model's candidates by its own scores", () => {
  // Its values say: item 3, then 2, then 1, then 0, in every state.
  const valued = {
    act: (given: Float32Array) => new Float32Array(given.length).fill(1),
    items: () => ({
      itemVectors: Float32Array.of(0, 1, 2, 0),
      itemBias: Float32Array.of(0, 0, 0, 3),
      candidates: 3 as number | null,
      temperature: 0.1,
    }),
  };
  const catalogue = { itemVectors, itemBias };
  const retrieval = itemRetrieval(catalogue, { items: valued.items(), supervised: compass.act });
  const lists = retrieval.search(states, valued.act(states), 2);
  // Likely to the right: 0, 1, 3; to the left: 2, 3, 1.
  assert.deepEqual([...lists.items], [3, 1, 3, 2]);
  assert.deepEqual([...lists.scores], [3, 1, 3, 2]);
  assert.equal(retrieval.temperature, 0.1);
  retrieval.dispose();
  const all = itemRetrieval(catalogue, { items: { ...valued.items(), candidates: null } });
  assert.deepEqual([...all.search(states, valued.act(states), 4).items], [3, 2, 1, 0, 3, 2, 1, 0]);
  assert.throws(
    () => itemRetrieval(catalogue, { items: valued.items() }),
    /supervised model to find candidates/,
  );
});
