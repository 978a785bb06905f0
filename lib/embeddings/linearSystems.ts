/*
 * Small dense systems of equations in typed arrays, for the least-squares steps of factorisations.
 *
 * Why not ml-matrix (6.15.1), against which the tests check them: 10,000 systems of 64 unknowns take 1.0 s here and 2.9 s
 * to 4.4 s there (a matrix is made anew for each), 72 columns of 10,000 are made orthonormal in 0.4 s and 1.4 s. Its
 * eigenvectors are quicker (72 × 72 in 10 ms, here 17 ms, once a log) but have other signs, and every model that
 * starts from co-reading vectors would be another.
 */

/** VᵀV [F × F] of a matrix V [n × F]. */
export function gramOf(vectors: Float64Array, factors: number): Float64Array {
  const gram = new Float64Array(factors * factors);
  for (let start = 0; start < vectors.length; start += factors)
    for (let i = 0; i < factors; i++) {
      const value = vectors[start + i];
      if (value !== 0) for (let j = 0; j <= i; j++) gram[i * factors + j] += value * vectors[start + j];
    }
  for (let i = 0; i < factors; i++) for (let j = 0; j < i; j++) gram[j * factors + i] = gram[i * factors + j];
  return gram;
}

/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's A = L Lᵀ. Only the lower triangle of A is
 * read, and it is overwritten by L; b is overwritten by x.
 *
 * @throws when A is not positive definite (a pivot is not above 0).
 * @example solvePositive(Float64Array.of(4), Float64Array.of(8), 1) // b is [2]
 */
export function solvePositive(matrix: Float64Array, b: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
      if (j < i) matrix[row + j] = sum / matrix[other + j];
      else if (sum > 0) matrix[row + i] = Math.sqrt(sum);
      else throw new Error(`solvePositive requires a positive definite matrix, got pivot ${sum} in row ${i}`);
    }
  }
  for (let i = 0; i < size; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= matrix[i * size + k] * b[k];
    b[i] = sum / matrix[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < size; k++) sum -= matrix[k * size + i] * b[k];
    b[i] = sum / matrix[i * size + i];
  }
}

/**
 * Makes the columns of M [n × C] orthonormal, in place (Gram-Schmidt, twice, so that it holds to rounding).
 * A column that depends on the ones before it becomes zero.
 */
export function orthonormalise(matrix: Float64Array, columns: number): void {
  for (let c = 0; c < columns; c++) {
    const before = columnNorm(matrix, c, columns);
    for (let pass = 0; pass < 2; pass++)
      for (let other = 0; other < c; other++) {
        let product = 0;
        for (let at = 0; at < matrix.length; at += columns) product += matrix[at + c] * matrix[at + other];
        for (let at = 0; at < matrix.length; at += columns) matrix[at + c] -= product * matrix[at + other];
      }
    const norm = columnNorm(matrix, c, columns);
    const scale = norm > 1e-12 * before && norm > 0 ? 1 / norm : 0;
    for (let at = 0; at < matrix.length; at += columns) matrix[at + c] *= scale;
  }
}

function columnNorm(matrix: Float64Array, column: number, columns: number): number {
  let sum = 0;
  for (let at = column; at < matrix.length; at += columns) sum += matrix[at] ** 2;
  return Math.sqrt(sum);
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, 8.5).
 *
 * @param matrix [C × C], overwritten
 * @returns values [C], and vectors [C × C] whose column c belongs to value c (in no particular order)
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { values: Float64Array; vectors: Float64Array } {
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        all += matrix[i * size + j] ** 2;
        if (i !== j) off += matrix[i * size + j] ** 2;
      }
    if (off <= 1e-26 * all) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]), vectors };
}

function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = matrix[p * size + q];
  if (apq === 0) return;
  const theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(t * t + 1);
  const sine = t * cosine;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [matrix[k * size + p], matrix[k * size + q]];
    matrix[k * size + p] = cosine * kp - sine * kq;
    matrix[k * size + q] = sine * kp + cosine * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [matrix[p * size + k], matrix[q * size + k]];
    matrix[p * size + k] = cosine * pk - sine * qk;
    matrix[q * size + k] = sine * pk + cosine * qk;
    const [vp, vq] = [vectors[k * size + p], vectors[k * size + q]];
    vectors[k * size + p] = cosine * vp - sine * vq;
    vectors[k * size + q] = sine * vp + cosine * vq;
  }
}
