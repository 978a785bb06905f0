import assert from "node:assert/strict";
import { test } from "node:test";
import { returnsByDiscount } from "./returnsByDiscount";

test("quartiles of 0 … 100, and discounts in order of value although 0 looks like an index", () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
  const figure = returnsByDiscount({
    returns: { "0.9": values, "0": values },
    bounds: { "0.9": 10 },
    dataset: "x",
  });
  const [boxes, marks] = figure.data as Record<string, unknown[]>[];
  assert.deepEqual(boxes!.x, ["discount 0", "discount 0.9"]);
  assert.deepEqual(
    [boxes!.q1![0], boxes!.median![0], boxes!.q3![0], boxes!.upperfence![0]],
    [25, 50, 75, 95],
  );
  assert.deepEqual([marks!.x, marks!.y], [["discount 0.9"], [10]]);
});
