import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { policySelection } from "./policySelection";

const of = (...values: number[]) => Float64Array.from(values);

test("known answers: what is chosen, what it is worth, what is lost", () => {
  const [estimated, truth] = [of(0.3, 0.9, 0.5, 0.7), of(8, 2, 16, 6)];
  const one = policySelection(estimated, truth);
  assert.deepEqual(
    { ...one, chosen: [...one.chosen] },
    {
      ...{ rankCorrelation: -0.8, chosen: [1], regret: 14, best: 2, mean: 2, worst: 2 },
    },
  );
  const three = policySelection(estimated, truth, { k: 3 });
  assert.deepEqual(
    { ...three, chosen: [...three.chosen] },
    {
      ...{ rankCorrelation: -0.8, chosen: [1, 3, 2], regret: 0, best: 16, mean: 8, worst: 2 },
    },
  );
  assert.deepEqual([...policySelection(of(1, 2, 2, 2), truth, { k: 2 }).chosen], [1, 2]);
});

test("regret is never negative, falls with k to nothing, and is nothing when the estimates are true", () => {
  const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(
    fc.property(values, (pairs) => {
      const [estimated, truth] = [of(...pairs.map(([x]) => x)), of(...pairs.map(([, y]) => y))];
      let before = Number.POSITIVE_INFINITY;
      for (let k = 1; k <= pairs.length; k++) {
        const { regret, best, mean, worst } = policySelection(estimated, truth, { k });
        assert.ok(regret >= 0 && regret <= before && worst <= mean && mean <= best);
        before = regret;
      }
      assert.equal(before, 0);
      assert.equal(policySelection(truth, truth).regret, 0);
    }),
  );
});

test("what cannot be compared is refused", () => {
  assert.throws(() => policySelection(of(), of()), /a true value a policy, got 0 for 0/);
  assert.throws(() => policySelection(of(1, 2), of(1)), /a true value a policy, got 1 for 2/);
  assert.throws(() => policySelection(of(1, 2), of(1, 2), { k: 3 }), /k from 1 to 2, got 3/);
  assert.throws(() => policySelection(of(1, Number.NaN), of(1, 2)), /finite values, got NaN/);
});
