import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsAt, rowsFrom, summedAt } from "./rows";
import { withSwitch } from "./switches";
import { type Scalar, type Tensor, type Tensor2D, tf } from "./tf";

/** Without TensorFlow's own operations the plain ones must give the same. */
function both(work: () => void): void {
  work();
  withSwitch("OFFSHELF_PLAIN_OPS", work);
}

const matrix = tf().tensor2d([
  [1, 2],
  [3, 4],
  [5, 6],
]);

test("rows at places come in their order, and their gradients are summed where they were taken from", () => {
  both(() => {
    const places = tf().tensor1d([1, 1, 0], "int32");
    const weights = tf().tensor2d([[1], [10], [100]]);
    const { value, grad } = tf().valueAndGrad(
      (x: Tensor) =>
        rowsAt(x as Tensor2D, places)
          .mul(weights)
          .sum() as Scalar,
    )(matrix);
    assert.equal(value.dataSync()[0], 7 * 11 + 300);
    assert.deepEqual(grad.arraySync(), [
      [100, 100],
      [11, 11],
      [0, 0],
    ]);
  });
});

test("sums have as many rows as what they are like", () => {
  both(() => {
    const sums = summedAt(tf().tensor2d([[1], [2], [4]]), tf().tensor1d([1, 1, 0], "int32"), matrix);
    assert.deepEqual(sums.arraySync(), [[4], [3], [0]]);
    const numbers = summedAt(tf().tensor1d([1, 2, 4]), tf().tensor1d([2, 2, 2], "int32"), matrix);
    assert.deepEqual(numbers.arraySync(), [0, 0, 7]);
  });
});

test("rows from a place on: at the end fewer, beyond it none", () => {
  both(() => {
    assert.deepEqual(rowsFrom(matrix, 1, 1).arraySync(), [[3, 4]]);
    assert.deepEqual(rowsFrom(matrix, 1, 9).arraySync(), [
      [3, 4],
      [5, 6],
    ]);
    assert.deepEqual(rowsFrom(matrix, 7, 2).shape, [0, 2]);
    assert.deepEqual(rowsFrom(tf().tensor1d([1, 2, 3], "int32"), 2, 2).arraySync(), [3]);
  });
});
