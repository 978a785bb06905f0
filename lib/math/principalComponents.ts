import type { Random } from "./random";
import { dot, norm } from "./vectors";

export interface PrincipalComponents {
  /** [rows × count] where each row lies along the components, row by row. */
  readonly coordinates: Float32Array;
  /** [count × width] the components, each of length 1. */
  readonly directions: Float64Array;
  /** [width] what was subtracted from every row. */
  readonly mean: Float64Array;
  /** [count] share of the rows' total variance that each component holds, largest first. */
  readonly shares: Float64Array;
}

/**
 * The directions in which the rows of a matrix differ most (Pearson 1901; Hotelling 1933): a flat map of a space of
 * many dimensions, the one that keeps most of the variance. Found by power iteration on the covariance matrix,
 * one component after another, each kept at right angles to those before.
 *
 * A component's sign is free; it is fixed so that its largest entry (by size) is positive.
 *
 * @param matrix [rows × width]
 * @param draw where the iteration starts
 * @throws when the sizes do not fit or there are fewer than two rows.
 * @example principalComponents(Float32Array.of(0, 0, 3, 4), 2, { count: 1, draw: random(1) }).directions // [.6, .8]
 */
export function principalComponents(
  matrix: Float32Array,
  width: number,
  { count = 2, iterations = 200, draw }: { count?: number; iterations?: number; draw: Random },
): PrincipalComponents {
  const rows = matrix.length / width;
  if (!(Number.isInteger(width) && width >= 1 && Number.isInteger(rows) && rows >= 2))
    throw new Error(
      `principalComponents requires at least two rows of ${width}, got ${matrix.length} numbers`,
    );
  if (!(Number.isInteger(count) && count >= 1 && count <= width))
    throw new Error(`principalComponents requires a count in 1 .. ${width}, got ${count}`);
  const mean = meanRow(matrix, width);
  const covariance = covarianceOf(matrix, width, mean);
  let total = 0;
  for (let i = 0; i < width; i++) total += covariance[i * width + i]!;

  const directions = new Float64Array(count * width);
  const shares = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    let direction = Float64Array.from({ length: width }, () => draw.normal());
    let variance = 0;
    for (let step = 0; step < iterations; step++) {
      const image = step === 0 ? direction : product(covariance, direction);
      for (let earlier = 0; earlier < c; earlier++) {
        const other = directions.subarray(earlier * width, (earlier + 1) * width);
        const along = dot(image, other);
        for (let i = 0; i < width; i++) image[i]! -= along * other[i]!;
      }
      const length = norm(image);
      if (step > 0) variance = length;
      if (length === 0) break;
      direction = image.map((value) => value / length);
    }
    let largest = 0;
    for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value;
    directions.set(largest < 0 ? direction.map((value) => -value) : direction, c * width);
    shares[c] = total > 0 ? variance / total : 0;
  }

  const coordinates = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < count; c++) {
      let sum = 0;
      for (let i = 0; i < width; i++)
        sum += (matrix[row * width + i]! - mean[i]!) * directions[c * width + i]!;
      coordinates[row * count + c] = sum;
    }
  return { coordinates, directions, mean, shares };
}

function meanRow(matrix: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let at = 0; at < matrix.length; at += width)
    for (let i = 0; i < width; i++) mean[i]! += matrix[at + i]!;
  return mean.map((sum) => (sum * width) / matrix.length);
}

function covarianceOf(matrix: Float32Array, width: number, mean: Float64Array): Float64Array {
  const covariance = new Float64Array(width * width);
  for (let at = 0; at < matrix.length; at += width)
    for (let i = 0; i < width; i++) {
      const left = matrix[at + i]! - mean[i]!;
      for (let j = i; j < width; j++) covariance[i * width + j]! += left * (matrix[at + j]! - mean[j]!);
    }
  const scale = width / matrix.length;
  for (let i = 0; i < width; i++)
    for (let j = i; j < width; j++)
      covariance[j * width + i] = covariance[i * width + j] = covariance[i * width + j]! * scale;
  return covariance;
}

function product(square: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  return vector.map((_, i) => dot(square.subarray(i * width, (i + 1) * width), vector));
}
