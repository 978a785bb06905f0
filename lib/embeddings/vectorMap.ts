import { cosine } from "../math/vectors";

/** A learned way from one space of vectors into another. */
export interface VectorMap {
  /** [n × from] → [n × to] */
  apply(inputs: Float32Array): Float32Array;
}

export interface MapShape {
  /** F: numbers in an input row. */
  readonly from: number;
  /** A: numbers in a target row. */
  readonly to: number;
}

/**
 * How well a kind of map does on rows it was not learned from: the mean cosine between what it gives and what it
 * should give, as only directions are used afterwards. Row i belongs to fold i mod `folds`, so shuffle rows that
 * come in an order.
 *
 * @param inputs [n × F]
 * @param targets [n × A]
 * @param learn makes a map from some of the rows
 * @example crossValidated(texts, vectors, (x, y) => ridgeMap(x, y, { from: 384, to: 64, strength: 1 }), { from: 384, to: 64 })
 */
export function crossValidated(
  inputs: Float32Array,
  targets: Float32Array,
  learn: (inputs: Float32Array, targets: Float32Array) => VectorMap,
  { from, to, folds = 5 }: MapShape & { readonly folds?: number },
): number {
  const rows = rowsOf("crossValidated", inputs, targets, { from, to });
  const every = Array.from({ length: rows }, (_, row) => row);
  let sum = 0;
  for (let fold = 0; fold < folds; fold++) {
    const kept = every.filter((row) => row % folds !== fold);
    const out = every.filter((row) => row % folds === fold);
    const map = learn(takeRows(inputs, kept, from), takeRows(targets, kept, to));
    const found = map.apply(takeRows(inputs, out, from));
    for (const [place, row] of out.entries())
      sum += cosine(found.subarray(place * to, (place + 1) * to), targets.subarray(row * to, (row + 1) * to));
  }
  return sum / rows;
}

/**
 * The number of rows that both matrices have.
 *
 * @throws when they differ or there are fewer than two.
 */
export function rowsOf(
  name: string,
  inputs: Float32Array,
  targets: Float32Array,
  { from, to }: MapShape,
): number {
  const rows = inputs.length / from;
  if (!Number.isInteger(rows) || rows < 2 || targets.length !== rows * to)
    throw new Error(
      `${name} requires at least 2 rows of ${from} and as many of ${to}, got ${inputs.length} and ${targets.length} numbers`,
    );
  return rows;
}

/** Some rows of a matrix, in the order asked for. */
export function takeRows(matrix: Float32Array, rows: ArrayLike<number>, width: number): Float32Array {
  const taken = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    taken.set(matrix.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return taken;
}

/** [n × width] → [width × n] */
export function transposed(matrix: Float32Array, width: number): Float32Array {
  const rows = matrix.length / width;
  const across = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) across[i * rows + row] = matrix[row * width + i];
  return across;
}
