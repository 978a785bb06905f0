import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { type Batch, nextSituation, type Situation } from "../replay/batch";
import { tf } from "../tensors/tf";
import { retrievedActions } from "./catalogue";

const itemVectors = Float32Array.of(1, 0, 0.8, 0.6, 0, 1); // three items of the unit circle
const catalogue = { itemVectors };

const chosen = (items: ReturnType<typeof retrievedActions>, situation?: Parameters<typeof items.of>[1]) =>
  tf().tidy(() =>
    Array.from(
      items
        .of(
          tf().tensor2d([
            [1, 0],
            [0, 1],
          ]),
          situation,
        )
        .dataSync(),
    ),
  );

/** A situation as a compiled step has it. */
const prepared = (items: ReturnType<typeof retrievedActions>, { seen, added }: Situation): Situation =>
  nextSituation(items.prepared({ nextSeen: seen, nextAdded: added }) as Batch);

test("a situation prepared for a compiled step says the same", () => {
  const items = retrievedActions({ catalogue: { itemVectors, temperature: 0.5 }, actionSize: 2 });
  const seen = { rows: Int32Array.of(0, 1, 1, 0), items: Int32Array.of(0, 2, 0, 0) };
  const added = { ...seen, items: Int32Array.of(2, 1, 1, 0), values: Float32Array.of(2.3, 0.15, 0.15, 1) };
  const none = { rows: new Int32Array(0), items: new Int32Array(0) };
  const most = { rows: Int32Array.of(0, 0), items: Int32Array.of(0, 1) };
  for (const situation of [{ seen }, { seen: most }, { added }, { seen, added }, { seen: none }, {}])
    tf().tidy(() => assert.deepEqual(chosen(items, prepared(items, situation)), chosen(items, situation)));
  items.dispose();
});

test("what the user has had is not counted on: the next best item stands in", () => {
  const items = retrievedActions({ catalogue, actionSize: 2 });
  assert.deepEqual(chosen(items), [1, 0, 0, 1]);
  const seen = { rows: Int32Array.of(0, 1, 1, 0), items: Int32Array.of(0, 2, 0, 0) };
  const near = [0.8, 0.6].map(Math.fround);
  assert.deepEqual(chosen(items, { seen }), [...near, ...near]);
  items.dispose();
});

test("what is unavailable is not counted on", () => {
  const items = retrievedActions({ catalogue: { itemVectors, unavailable: new Set([0]) }, actionSize: 2 });
  assert.deepEqual(chosen(items), [...[0.8, 0.6].map(Math.fround), 0, 1]);
  items.dispose();
});

test("the bias that lists are made with decides, not the model's own; added logits count T in their state alone", () => {
  // Scores by q·v: 1, .8, 0 to the right and 0, .6, 1 upwards. At T = .5 a served bias of .6 adds .3 to item 1.
  const given = { itemVectors, itemBias: Float32Array.of(0.1, 0, 0), temperature: 0.5 };
  const items = retrievedActions({
    catalogue: { ...given, servedBias: Float32Array.of(0, 0.6, 0) },
    actionSize: 2,
  });
  const near = [0.8, 0.6].map(Math.fround);
  assert.deepEqual(chosen(items), [...near, 0, 1]);
  const added = (values: number[]) => ({
    rows: Int32Array.of(0, 1, 1),
    items: Int32Array.of(2, 1, 1),
    values: Float32Array.from(values),
  });
  // Upwards item 1 lacks .1, that is .2 in logits, of which two entries bring .15 each or .09 each.
  assert.deepEqual(chosen(items, { added: added([2.3, 0.15, 0.15]) }), [0, 1, ...near]);
  assert.deepEqual(chosen(items, { added: added([2.1, 0.09, 0.09]) }), [...near, 0, 1]);
  const seen = { rows: Int32Array.of(0), items: Int32Array.of(2) };
  assert.deepEqual(chosen(items, { added: added([99, 0, 0]), seen }), [...near, 0, 1]); // seen is seen
  items.dispose();
  const own = retrievedActions({ catalogue: given, actionSize: 2 });
  assert.deepEqual(chosen(own), [1, 0, 0, 1]);
  own.dispose();
  assert.throws(
    () => retrievedActions({ catalogue: { ...given, servedBias: new Float32Array(2) }, actionSize: 2 }),
    /one bias an item/,
  );
});

test("of a large catalogue a prepared situation leaves out what the plain one does", () => {
  const size = 20_010;
  const draw = random(5);
  const itemVectors = Float32Array.from({ length: 2 * size }, () => draw.normal());
  // The ten items with the smallest biases are not among those that are looked at.
  const servedBias = Float32Array.from({ length: size }, (_, row) => (row % 2001 === 7 ? -9 : draw.next()));
  const items = retrievedActions({ catalogue: { itemVectors, servedBias }, actionSize: 2 });
  tf().tidy(() => {
    const actions = tf().tensor2d([1, 0.2, -0.4, 1], [2, 2]);
    const first = [...items.of(actions).dataSync()];
    const rowOf = (x: number): number => itemVectors.findIndex((value, i) => i % 2 === 0 && value === x) / 2;
    const best = [rowOf(first[0]), rowOf(first[2])];
    const situation = {
      seen: { rows: Int32Array.of(0, 0, 1), items: Int32Array.of(7, best[0], best[1]) },
      added: { rows: Int32Array.of(1, 1), items: Int32Array.of(2008, 40), values: Float32Array.of(3, 30) },
    };
    const plain = [...items.of(actions, situation).dataSync()];
    assert.notDeepEqual(plain, first);
    assert.equal(rowOf(plain[2]), 40, "what is added counts");
    assert.deepEqual([...items.of(actions, prepared(items, situation)).dataSync()], plain);
  });
  items.dispose();
});
