/** The plane that keeps most of the spread of a cloud of vectors. */
export interface PrincipalPlane {
  /** Share of the total variance along each of the two axes. */
  readonly shares: readonly [number, number];
  /** Positions of vectors [n × width] on the plane, [n × 2]; also for vectors the plane was not made from. */
  project(vectors: ArrayLike<number>): Float64Array;
}

const rounds = 200;

/**
 * Principal component analysis to two axes (Pearson 1901) by power iteration on the covariance matrix with
 * deflation; deterministic, and each axis points to where its largest coordinate is positive.
 *
 * @param vectors [n × width], n ≥ 2
 */
export function principalPlane(vectors: ArrayLike<number>, width: number): PrincipalPlane {
  const n = vectors.length / width;
  if (!Number.isInteger(n) || n < 2)
    throw new Error(
      `principalPlane requires at least two vectors of ${width} numbers, got ${vectors.length} numbers`,
    );
  const mean = new Float64Array(width);
  for (let i = 0; i < vectors.length; i++) mean[i % width] += vectors[i] / n;
  const covariance = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < width; i++) row[i] = vectors[r * width + i] - mean[i];
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) covariance[i * width + j] += (row[i] * row[j]) / n;
  }
  let total = 0;
  for (let i = 0; i < width; i++) {
    total += covariance[i * width + i];
    for (let j = 0; j < i; j++) covariance[j * width + i] = covariance[i * width + j];
  }
  const axes = [0, 1].map(() => {
    const { axis, value } = leadingAxis(covariance, width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) covariance[i * width + j] -= value * axis[i] * axis[j];
    return { axis, share: total > 0 ? value / total : 0 };
  });
  return {
    shares: [axes[0].share, axes[1].share],
    project(others) {
      const size = others.length / width;
      const places = new Float64Array(size * 2);
      for (let r = 0; r < size; r++)
        for (let a = 0; a < 2; a++)
          for (let i = 0; i < width; i++)
            places[r * 2 + a] += (others[r * width + i] - mean[i]) * axes[a].axis[i];
      return places;
    },
  };
}

function leadingAxis(matrix: Float64Array, width: number): { axis: Float64Array; value: number } {
  let axis = Float64Array.from({ length: width }, (_, i) => 1 / (i + 1));
  let value = 0;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) next[i] += matrix[i * width + j] * axis[j];
    value = Math.hypot(...next);
    if (value === 0) break;
    axis = next.map((entry) => entry / value);
  }
  const largest = axis.reduce((best, entry, i) => (Math.abs(entry) > Math.abs(axis[best]) ? i : best), 0);
  const sign = axis[largest] < 0 ? -1 : 1;
  return { axis: axis.map((entry) => entry * sign), value };
}
