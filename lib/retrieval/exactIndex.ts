import { bestOf, emptyLists } from "./bestOf";
import { exclusionMask, type ItemIndex, innerProduct, requireQueries, requireVectors } from "./itemIndex";

/**
 * Looks at every item, in plain TypeScript and double precision: slow, obvious, and the oracle that the fast
 * indexes must equal. One query over 10,000 items of 64 numbers takes about a millisecond.
 *
 * @param vectors [N × A] item vectors, end to end
 * @throws when the vectors are not finite or not a multiple of the width.
 * @example exactIndex(Float32Array.of(1, 0, 0, 1), 2).search(Float32Array.of(0, 2), 1).items // [1]
 */
export function exactIndex(vectors: Float32Array, width: number): ItemIndex {
  const size = requireVectors("exactIndex", vectors, width);
  return {
    size,
    width,
    scoreOf: (queries, query, row) => innerProduct(vectors, row, queries, query, width),
    search(queries, k, options = {}) {
      const n = requireQueries("exactIndex.search", this, queries, k, options);
      const lists = emptyLists(n, k);
      const best = bestOf(Math.min(k, size));
      const mask = exclusionMask(size, options);
      for (let query = 0; query < n; query++) {
        mask.open(query);
        for (let row = 0; row < size; row++)
          if (mask.excluded[row] === 0) best.offer(row, innerProduct(vectors, row, queries, query, width));
        best.drain(lists, query);
        mask.close(query);
      }
      return lists;
    },
  };
}
