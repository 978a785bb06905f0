/**
 * Groups sequences of like length, so that a padded batch holds little padding: longest first, at most
 * `batchSize` a group and at most `maximumEntries` padded entries a group (but at least one sequence).
 * Sequences of length 0 are left out.
 *
 * @returns indices of the sequences, group by group
 * @example lengthBuckets([1, 9, 0, 8], { batchSize: 2, maximumEntries: 100 }) // [[1, 3], [0]]
 */
export function lengthBuckets(
  lengths: ArrayLike<number>,
  { batchSize, maximumEntries }: { readonly batchSize: number; readonly maximumEntries: number },
): Int32Array[] {
  const order = Int32Array.from({ length: lengths.length }, (_, i) => i)
    .filter((i) => lengths[i] > 0)
    .sort((a, b) => lengths[b] - lengths[a] || a - b);
  const buckets: Int32Array[] = [];
  for (let start = 0; start < order.length; ) {
    const fitting = Math.max(1, Math.floor(maximumEntries / lengths[order[start]]));
    const end = Math.min(order.length, start + Math.min(batchSize, fitting));
    buckets.push(order.slice(start, end));
    start = end;
  }
  return buckets;
}
