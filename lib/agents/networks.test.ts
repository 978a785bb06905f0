import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tensors/tf";
import { predict } from "./networks";

test("each row is its state followed by what stands beside it", () => {
  const before = tf().memory().numTensors;
  const network = { apply: (rows: Parameters<Parameters<typeof predict>[0]["apply"]>[0]) => rows };
  const states = Float32Array.of(1, 2, 3, 4);
  const answer = predict(network, states, { stateSize: 2, beside: Float32Array.of(5, 6) });
  assert.deepEqual(Array.from(answer), [1, 2, 5, 3, 4, 6]);
  assert.equal(tf().memory().numTensors, before);
  for (const [stateSize, beside] of [
    [3, 2],
    [2, 3],
  ] as const)
    assert.throws(
      () => predict(network, states, { stateSize, beside: new Float32Array(beside) }),
      /as many rows/,
    );
});
