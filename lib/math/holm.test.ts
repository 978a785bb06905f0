import assert from "node:assert/strict";
import { test } from "node:test";
import { holm } from "./holm";

const near = (got: readonly number[], wanted: readonly number[]): void => {
  assert.equal(got.length, wanted.length);
  got.forEach((value, i) => {
    assert.ok(Math.abs(value - wanted[i]) < 1e-12, `${got} is not ${wanted}`);
  });
};

test("Holm's step-down by hand: multiplied by the tests that are left, never below one before", () => {
  near(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  // R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")
  near(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]);
  near(holm([0.9, 0.6, 0.001]), [1, 1, 0.003]);
  near(holm([0.02, 0.02]), [0.04, 0.04]);
  near(holm([0.03]), [0.03]);
  near(holm([]), []);
  assert.throws(() => holm([0.1, Number.NaN]), /in \[0, 1\], got NaN/);
});
