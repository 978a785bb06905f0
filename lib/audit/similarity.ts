import { normaliseRows } from "../math/vectors";

/**
 * Cosines of some vectors, each with each, row by row: the picture of whether generated actions differ from one
 * another as much as real ones do. A collapsed actor is one bright square.
 *
 * @param vectors [n × width]
 * @returns [n × n]
 * @example cosinesOf(Float32Array.of(1, 0, 0, 2), 2) // [1, 0, 0, 1]
 */
export function cosinesOf(vectors: Float32Array, width: number): Float64Array {
  const unit = normaliseRows(vectors.slice(), width);
  const n = unit.length / width;
  const cosines = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let a = 0; a < width; a++) sum += unit[i * width + a] * unit[j * width + a];
      cosines[i * n + j] = sum;
      cosines[j * n + i] = sum;
    }
  return cosines;
}

/**
 * The cosines of pairs of different rows: what is beside the diagonal, each pair once.
 *
 * @param cosines [n × n]
 * @returns [n (n − 1) / 2]
 */
export function pairsOf(cosines: Float64Array): Float64Array {
  const n = Math.sqrt(cosines.length);
  if (!Number.isInteger(n))
    throw new Error(`pairsOf requires a square matrix, got ${cosines.length} numbers`);
  const pairs = new Float64Array((n * (n - 1)) / 2);
  let next = 0;
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) pairs[next++] = cosines[i * n + j];
  return pairs;
}
