import assert from "node:assert/strict";
import { test } from "node:test";
import { softmaxOverLists } from "./softmaxOverLists";

test("probabilities of candidates by hand, empty places and empty requests included", () => {
  const lists = {
    size: 3,
    k: 3,
    items: Int32Array.of(4, 1, 0, 2, -1, -1, -1, -1, -1),
    scores: Float64Array.of(
      Math.log(6),
      Math.log(3),
      0,
      1,
      -Infinity,
      -Infinity,
      -Infinity,
      -Infinity,
      -Infinity,
    ),
  };
  const options = { temperature: 1, exploration: 0.2 };
  const { probabilities, elsewhere } = softmaxOverLists(lists, Int32Array.of(8, 1, 0), options);
  const wanted = [0.8 * 0.6 + 0.025, 0.8 * 0.3 + 0.025, 0.8 * 0.1 + 0.025, 1, 0, 0, 0, 0, 0];
  for (const [i, value] of probabilities.entries())
    assert.ok(Math.abs(value - wanted[i]) < 1e-12, `${i}: ${value}`);
  assert.deepEqual([...elsewhere], [0.025, 0.2, 0]);
  // 3 candidates and 5 others: everything together is 1.
  assert.ok(Math.abs(probabilities[0] + probabilities[1] + probabilities[2] + 5 * elsewhere[0] - 1) < 1e-12);
  const sharp = softmaxOverLists(lists, Int32Array.of(8, 1, 0), { temperature: 0.5, exploration: 0 });
  assert.ok(Math.abs(sharp.probabilities[0] - 36 / 46) < 1e-12);
  const mixed = softmaxOverLists(lists, Int32Array.of(8, 1, 0), { temperature: [0.5, 1, 1], exploration: 0 });
  assert.deepEqual([...mixed.probabilities.subarray(0, 3)], [...sharp.probabilities.subarray(0, 3)]);
  assert.throws(
    () => softmaxOverLists(lists, Int32Array.of(8, 1, 0), { ...options, temperature: [1, 1] }),
    /one temperature a request, got 2/,
  );
  assert.throws(
    () => softmaxOverLists(lists, Int32Array.of(8, 1, 0), { ...options, temperature: 0 }),
    /positive temperature, got 0/,
  );
  assert.throws(
    () => softmaxOverLists(lists, Int32Array.of(8, 1, 0), { ...options, exploration: 2 }),
    /exploration in \[0, 1\], got 2/,
  );
});
