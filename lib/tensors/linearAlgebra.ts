import { fusedOp, fusedOpsAvailable } from "./fusedOps";
import { tf } from "./tf";

/**
 * Inverse of a symmetric positive definite matrix [n × n]: TensorFlow's, in single precision, or the plain one
 * below where its operations cannot be called by name.
 *
 * @param matrix n × n numbers, row by row; left as it is
 * @throws when the size does not fit or the inverse is not finite.
 * @example inverse(new Float32Array([2, 0, 0, 4]), 2) // [.5, 0, 0, .25]
 */
export function inverse(matrix: Float32Array, size: number): Float32Array {
  if (matrix.length !== size * size)
    throw new Error(`inverse requires ${size} × ${size} numbers, got ${matrix.length}`);
  const found = fusedOpsAvailable()
    ? tf().tidy(() => {
        const input = tf().tensor2d(matrix, [size, size]);
        const attributes = [
          ["T", "type", "float32"],
          ["adjoint", "bool", false],
        ] as const;
        return fusedOp("MatrixInverse", attributes, [input], 1)[0].dataSync<"float32">();
      })
    : plainInverse(matrix, size);
  for (const value of found)
    if (!Number.isFinite(value))
      throw new Error(`inverse requires a matrix that has one, got ${value} in it`);
  return found;
}

/**
 * The same by Cholesky's factor in double precision (Golub and Van Loan 2013, section 4.2): A = L Lᵀ, then
 * A⁻¹ = L⁻ᵀ L⁻¹. About n³ multiplications.
 *
 * @throws when the matrix is not positive definite.
 */
export function plainInverse(matrix: Float32Array, size: number): Float32Array {
  const factor = new Float64Array(matrix);
  for (let j = 0; j < size; j++)
    for (let i = j; i < size; i++) {
      let sum = factor[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (i > j) factor[i * size + j] = sum / factor[j * size + j];
      else if (sum > 0) factor[j * size + j] = Math.sqrt(sum);
      else throw new Error(`plainInverse requires a positive definite matrix, got pivot ${sum} in row ${j}`);
    }
  // Column c of L⁻¹ is kept as row c, so that both loops below run along rows.
  const columns = new Float64Array(size * size);
  for (let c = 0; c < size; c++)
    for (let i = c; i < size; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k++) sum -= factor[i * size + k] * columns[c * size + k];
      columns[c * size + i] = sum / factor[i * size + i];
    }
  const found = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++) sum += columns[i * size + k] * columns[j * size + k];
      found[i * size + j] = sum;
      found[j * size + i] = sum;
    }
  return found;
}

/**
 * Product of two matrices [n × m] and [m × p], on TensorFlow's threads.
 *
 * @example product(new Float32Array([1, 2]), new Float32Array([3, 4]), { inner: 2 }) // [11]
 */
export function product(a: Float32Array, b: Float32Array, options: { readonly inner: number }): Float32Array {
  const { inner } = options;
  if (a.length % inner !== 0 || b.length % inner !== 0)
    throw new Error(`product requires multiples of ${inner} numbers, got ${a.length} and ${b.length}`);
  return tf().tidy(() =>
    tf()
      .matMul(tf().tensor2d(a, [a.length / inner, inner]), tf().tensor2d(b, [inner, b.length / inner]))
      .dataSync<"float32">(),
  );
}
