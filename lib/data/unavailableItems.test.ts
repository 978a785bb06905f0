import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogOfIds } from "./catalog";
import { unavailableItems } from "./unavailableItems";

const catalog = catalogOfIds(["a", "b", "c", "d"]);

test("a column says what is unavailable, in numbers or in words; where it says nothing, an item can", () => {
  assert.equal(unavailableItems(catalog), undefined);
  const numbers = { available: Float64Array.of(1, 0, Number.NaN, 0) };
  assert.deepEqual([...unavailableItems({ ...catalog, numbers })!], [1, 3]);
  const text = { available: ["yes", "No", " FALSE ", ""] };
  assert.deepEqual([...unavailableItems({ ...catalog, text })!], [1, 2]);
  assert.equal(
    unavailableItems({ ...catalog, numbers: { available: Float64Array.of(1, 1, 1, 1) } }),
    undefined,
  );
});
