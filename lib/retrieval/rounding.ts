/**
 * How far a single-precision inner product of A numbers can lie from the double-precision one, for any order
 * of summation, with or without fused multiply-add: A·u/(1 − A·u)·‖q‖‖v‖ with u = 2⁻²⁴ (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., eq. 3.5, and Cauchy-Schwarz). A little is added for the double
 * sums themselves and for underflow. Fast indexes use it to know when their candidates hold the true best.
 *
 * @throws when the norms are so large that single precision could overflow.
 * @example roundingBound(64, 1, 1) // 3.9e-6
 */
export function roundingBound(width: number, queryNorm: number, largestNorm: number): number {
  if (!(queryNorm * largestNorm < 1e37))
    throw new Error(
      `roundingBound requires norms with a product below 1e37, got ${queryNorm} and ${largestNorm}`,
    );
  const unit = (width + 1) * 2 ** -24;
  return (unit / (1 - unit)) * queryNorm * largestNorm * 1.001 + width * 2 ** -126;
}

/** Euclidean norm of one row of a matrix [n × A], in double precision. */
export function rowNorm(matrix: Float32Array, row: number, width: number): number {
  let sum = 0;
  for (let i = row * width; i < (row + 1) * width; i++) sum += matrix[i] * matrix[i];
  return Math.sqrt(sum);
}

/** Largest row norm of a matrix [n × A]. */
export function largestRowNorm(matrix: Float32Array, width: number): number {
  let largest = 0;
  for (let row = 0; row * width < matrix.length; row++)
    largest = Math.max(largest, rowNorm(matrix, row, width));
  return largest;
}
