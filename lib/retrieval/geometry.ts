/**
 * The geometry of actions and items, chosen once. A model's logit for item v with bias b is q·v/T + b. Search
 * knows inner products only, so an item enters the index as [v; b·T] and a query as [q; 1]: their product is
 * T times the logit. So nearest means most probable under the softmax (and most similar only where the biases
 * are equal), and score / T is the logit that a policy needs.
 */

/**
 * Item vectors with the bias coordinate.
 *
 * @param vectors [N × A]
 * @param bias [N] log-scale biases b, for example the log of recent popularity
 * @param temperature T > 0, the softmax temperature
 * @returns [N × (A + 1)], rows [v; b·T]
 * @throws when lengths do not fit or the temperature is not positive.
 * @example withBias(Float32Array.of(1, 0), Float32Array.of(4), 0.5) // [1, 0, 2]
 */
export function withBias(
  vectors: Float32Array,
  bias: Float32Array | Float64Array,
  temperature: number,
): Float32Array {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new Error(`withBias requires a positive temperature, got ${temperature}`);
  const size = bias.length;
  if (size === 0 || vectors.length % size !== 0)
    throw new Error(`withBias requires one bias an item, got ${size} for ${vectors.length} numbers`);
  const width = vectors.length / size;
  const result = new Float32Array(size * (width + 1));
  for (let row = 0; row < size; row++) {
    result.set(vectors.subarray(row * width, (row + 1) * width), row * (width + 1));
    result[row * (width + 1) + width] = bias[row] * temperature;
  }
  return result;
}

/**
 * Queries with a one at the end, to meet `withBias` items.
 *
 * @param queries [n × A]
 * @returns [n × (A + 1)], rows [q; 1]
 * @example queriesWithOne(Float32Array.of(0.6, 0.8), 2) // [0.6, 0.8, 1]
 */
export function queriesWithOne(queries: Float32Array, width: number): Float32Array {
  if (!(width >= 1) || queries.length % width !== 0)
    throw new Error(`queriesWithOne requires rows of ${width} numbers, got ${queries.length} in all`);
  const n = queries.length / width;
  const result = new Float32Array(n * (width + 1)).fill(1);
  for (let row = 0; row < n; row++)
    result.set(queries.subarray(row * width, (row + 1) * width), row * (width + 1));
  return result;
}
