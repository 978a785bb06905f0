import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { innerProduct, innerProducts } from "./itemIndex";
import { kthLargest } from "./kthLargest";

test("the k-th largest is the k-th of the sorted values, however many are equal or infinite", () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NEGATIVE_INFINITY), fc.float());
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), fc.nat(), fc.nat(), (drawn, a, b) => {
      const values = Float32Array.from(drawn, (each) => (Number.isNaN(each) ? 0 : each));
      const count = 1 + (a % values.length);
      const k = 1 + (b % count);
      const sorted = [...values.subarray(0, count)].sort((x, y) => (x < y ? 1 : x > y ? -1 : 0));
      const rest = values.slice(count);
      assert.equal(kthLargest(values, count, k) + 0, sorted[k - 1] + 0);
      assert.deepEqual(values.subarray(count), rest);
    }),
    { numRuns: 400, seed: 3 },
  );
});

test("products taken four at a time equal those taken one by one to the bit", () => {
  const numbers = fc.float32Array({ minLength: 40, maxLength: 40, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      numbers,
      fc.array(fc.nat({ max: 7 }), { maxLength: 11 }),
      fc.nat({ max: 7 }),
      (table, asked, query) => {
        const found = new Float64Array(asked.length);
        innerProducts(table, Int32Array.from(asked), asked.length, table, query, 5, found);
        assert.deepEqual(
          [...found],
          asked.map((row) => innerProduct(table, row, table, query, 5)),
        );
      },
    ),
    { numRuns: 100, seed: 4 },
  );
});
