import type { Interactions } from "../data/interactions";

export interface PopularityBiasOptions {
  /** How many of the last given rows are counted; all by default. */
  readonly window?: number;
  /** Rows rated or weighing less are not counted. */
  readonly minimumWeight?: number;
  /** Multiplies the log share: 1 is the share itself, 0 switches popularity off. From 0; 1 by default. */
  readonly strength?: number;
  /** Added to every count, above 0; 1 by default. It says how rare an unseen item is taken to be. */
  readonly smoothing?: number;
}

/**
 * What everybody read last, as biases in logits: strength × log((count + smoothing) · N / total), so that an
 * item of average popularity has bias 0. Added to q·v/T (see retrieval/geometry) it multiplies an item's
 * probability by its popularity to the power of `strength`.
 *
 * @param rows rows of the log that may be fitted, ascending (train)
 * @returns [N]
 * @throws when a setting is out of range or no row is given.
 * @example popularityBias(interactions, split.train, { window: 5000, minimumWeight: 4 })
 */
export function popularityBias(
  interactions: Interactions,
  rows: Int32Array,
  options: PopularityBiasOptions = {},
): Float32Array {
  const {
    window = rows.length,
    minimumWeight = Number.NEGATIVE_INFINITY,
    strength = 1,
    smoothing = 1,
  } = options;
  if (rows.length === 0) throw new Error("popularityBias requires at least one row, got none");
  if (!(window >= 1)) throw new Error(`popularityBias requires a window of at least 1, got ${window}`);
  if (!(strength >= 0)) throw new Error(`popularityBias requires a strength from 0, got ${strength}`);
  if (!(smoothing > 0)) throw new Error(`popularityBias requires smoothing above 0, got ${smoothing}`);
  const items = interactions.itemIds.length;
  const counts = new Float64Array(items).fill(smoothing);
  let total = smoothing * items;
  for (const row of rows.subarray(Math.max(0, rows.length - Math.floor(window)))) {
    if (interactions.weights[row] < minimumWeight) continue;
    counts[interactions.items[row]]++;
    total++;
  }
  return Float32Array.from(counts, (count) => strength * Math.log((count * items) / total));
}
