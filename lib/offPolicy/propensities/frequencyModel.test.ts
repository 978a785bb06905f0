import assert from "node:assert/strict";
import { test } from "node:test";
import { frequencyModel } from "./frequencyModel";

test("frequencies by hand: each action counts as if done pseudo-count times more, and all sum to 1", () => {
  const actions = Int32Array.of(0, 2, 2, 0, 2, 1);
  const shares = new Float64Array(4);
  const model = frequencyModel({ actions, actionCount: 4 }, Int32Array.of(0, 1, 2, 4), { pseudoCount: 0.5 });
  model.write(new Float64Array(0), shares);
  assert.deepEqual([...shares], [1.5 / 6, 0.5 / 6, 3.5 / 6, 0.5 / 6]);
  frequencyModel({ actions, actionCount: 4 }, Int32Array.of()).write(new Float64Array(0), shares);
  assert.deepEqual([...shares], [0.25, 0.25, 0.25, 0.25]);
  assert.throws(
    () => frequencyModel({ actions, actionCount: 4 }, actions, { pseudoCount: 0 }),
    /above 0, got 0/,
  );
});
