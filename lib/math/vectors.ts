/**
 * Inner product of two rows of equal width, summed in double precision.
 *
 * @example dot(new Float32Array([1, 2]), new Float32Array([3, 4])) // 11
 */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`dot requires equal widths, got ${a.length} and ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Euclidean length. @example norm([3, 4]) // 5 */
export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

/**
 * Cosine of the angle between two vectors; 0 when one of them is zero.
 *
 * @example cosine([1, 0], [1, 1]) // .7071
 */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const product = dot(a, b);
  const lengths = norm(a) * norm(b);
  return lengths === 0 ? 0 : product / lengths;
}

/**
 * Scales each row to length 1, in place, and returns the same array; a zero row stays zero.
 *
 * @param matrix [rows × width], row by row
 * @throws when the size is no multiple of the width.
 * @example normaliseRows(new Float32Array([3, 4]), 2) // [.6, .8]
 */
export function normaliseRows(matrix: Float32Array, width: number): Float32Array {
  if (!(Number.isInteger(width) && width >= 1 && matrix.length % width === 0))
    throw new Error(`normaliseRows requires a width that divides ${matrix.length}, got ${width}`);
  for (let start = 0; start < matrix.length; start += width) {
    let squares = 0;
    for (let i = start; i < start + width; i++) squares += matrix[i] ** 2;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let i = start; i < start + width; i++) matrix[i] *= scale;
  }
  return matrix;
}
