import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../tensors/tf";
import { retrievedActions } from "./retrievedActions";

const itemVectors = Float32Array.of(1, 0, 0.8, 0.6, 0, 1); // three items of the unit circle
const catalogue = { itemVectors };

const chosen = (items: ReturnType<typeof retrievedActions>, seen?: Parameters<typeof items.of>[1]) =>
  tf().tidy(() =>
    Array.from(
      items
        .of(
          tf().tensor2d([
            [1, 0],
            [0, 1],
          ]),
          seen,
        )
        .dataSync(),
    ),
  );

test("what the user has had is not counted on: the next best item stands in", () => {
  const items = retrievedActions({ catalogue, actionSize: 2 });
  assert.deepEqual(chosen(items), [1, 0, 0, 1]);
  const seen = { rows: Int32Array.of(0, 1, 1, 0), items: Int32Array.of(0, 2, 0, 0) };
  const near = [0.8, 0.6].map(Math.fround);
  assert.deepEqual(chosen(items, seen), [...near, ...near]);
  items.dispose();
});

test("what cannot be had is not counted on", () => {
  const items = retrievedActions({ catalogue: { itemVectors, unavailable: new Set([0]) }, actionSize: 2 });
  assert.deepEqual(chosen(items), [...[0.8, 0.6].map(Math.fround), 0, 1]);
  items.dispose();
});
