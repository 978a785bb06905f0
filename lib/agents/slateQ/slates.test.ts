import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { fillSlate, improveSlate, type Offer, slateGain, slateRules } from "./slates";

function offerOf(weights: readonly number[], gains: readonly number[], nullWeight: number): Offer {
  return { weights: Float64Array.from(weights), gains: Float64Array.from(gains), nullWeight };
}

function filled(rule: (typeof slateRules)[number], offer: Offer, slots: number): Int32Array {
  const slate = new Int32Array(slots);
  fillSlate(rule, offer, slate);
  return slate;
}

/** All sets of `slots` of `size` places. */
function* sets(size: number, slots: number, from = 0): Generator<number[]> {
  if (slots === 0) yield [];
  else
    for (let first = from; first <= size - slots; first++)
      for (const rest of sets(size, slots - 1, first + 1)) yield [first, ...rest];
}

test("the paper's examples: neither top-k nor greedy finds the best slate, exact does", () => {
  const first = offerOf([2, 1, 1], [0.8, 1, 1], 1);
  for (const rule of ["top-k", "greedy"] as const) {
    const slate = filled(rule, first, 2);
    assert.deepEqual([...slate], [0, 1]);
    assert.ok(Math.abs(slateGain(first, slate) - 2.6 / 4) < 1e-15);
  }
  assert.deepEqual([...filled("exact", first, 2)], [1, 2]);
  assert.ok(Math.abs(slateGain(first, [1, 2]) - 2 / 3) < 1e-15);
  // top-k may be as bad as one likes: an item that is taken often and brings little.
  const second = offerOf([0.01, 1], [1, 0.011], 0.01);
  assert.deepEqual([...filled("top-k", second, 1)], [1]);
  assert.deepEqual([...filled("exact", second, 1)], [0]);
});

test("exact is the best of all slates; all rules fill with different places", () => {
  const draw = random(1);
  const better = [0, 0];
  for (let round = 0; round < 2000; round++) {
    const size = 1 + draw.integer(9);
    const slots = 1 + draw.integer(Math.min(size, 5));
    const shift = 3 * draw.normal(); // gains of both signs, of one alone, and equal ones
    const weights = Array.from({ length: size }, () => (draw.next() < 0.1 ? 0 : Math.exp(2 * draw.normal())));
    const gains = Array.from({ length: size }, () =>
      round % 3 === 0 ? draw.integer(3) - 1 : shift + draw.normal(),
    );
    const offer = offerOf(weights, gains, Math.exp(draw.normal()));
    const values = slateRules.map((rule) => {
      const slate = filled(rule, offer, slots);
      assert.equal(new Set(slate).size, slots, rule);
      assert.ok(slate.every((place) => place >= 0 && place < size));
      return slateGain(offer, slate);
    });
    let best = Number.NEGATIVE_INFINITY;
    for (const slate of sets(size, slots)) best = Math.max(best, slateGain(offer, slate));
    assert.ok(Math.abs(values[2] - best) <= 1e-12 * (1 + Math.abs(best)), `round ${round}`);
    assert.ok(values[0] <= best + 1e-12 && values[1] <= best + 1e-12);
    for (const rule of [0, 1]) if (values[2] > values[rule] + 1e-9) better[rule]++;
    const slate = Int32Array.from({ length: slots }, (_, k) => size - 1 - k);
    improveSlate(offer, slate); // from the last places
    assert.ok(Math.abs(slateGain(offer, slate) - best) <= 1e-12 * (1 + Math.abs(best)));
  }
  assert.ok(better[0] > 200 && better[1] > 0, `better than top-k and greedy ${better} times`);
});

test("top-k ranks by weight times gain, greedy by what the slate so far is worth with it", () => {
  const offer = offerOf([1, 4, 1.5, 1], [3, 1.9, 2.6, 3], 1);
  assert.deepEqual([...filled("top-k", offer, 3)], [1, 2, 0]); // 7.6, 3.9, then the first of two 3s
  // 3.9/2.5 before 7.6/5; then (3.9 + 3)/3.5 before (3.9 + 7.6)/6.5
  assert.deepEqual([...filled("greedy", offer, 3)], [2, 0, 3]);
});

test("what all items bring beyond nothing moves slates; what nothing brings by itself does not", () => {
  // Q of 100 and 103 beside 99 of nothing: gains 1 and 4, not 100 and 103
  const offer = offerOf([2, 1], [1, 4], 1);
  assert.deepEqual([...filled("top-k", offer, 1)], [1]);
  assert.deepEqual([...filled("top-k", offerOf([2, 1], [100, 103], 1), 1)], [0]);
});
