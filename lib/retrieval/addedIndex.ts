import type { AddedLogits } from "./addedLogits";
import { bestOf, emptyLists } from "./bestOf";
import { exclusionMask, type ItemIndex, innerProduct, requireQueries, requireVectors } from "./itemIndex";

/**
 * An index whose queries bring something of their own for a few items: score = q·v, plus what the query adds to
 * that item. A query is [q; C item rows; C additions], as `queriesWithAdded` makes it. Only the best items of q·v
 * alone and the C items named can be among the best, so the answer is exact, and whatever index finds the former
 * (FAISS) still does.
 *
 * @param first finds the largest q·v
 * @param vectors [N × first.width] the same vectors
 * @param most C
 * @throws when the items do not fit or are more than single precision counts (2²⁴), or C is below 1.
 */
export function addedIndex(first: ItemIndex, vectors: Float32Array, most: number): ItemIndex {
  const size = requireVectors("addedIndex", vectors, first.width);
  if (size !== first.size || size > 2 ** 24)
    throw new Error(
      `addedIndex requires the items of its index, at most 2^24, got ${size} and ${first.size}`,
    );
  if (!(Number.isSafeInteger(most) && most >= 1))
    throw new Error(`addedIndex requires at least 1 added item a query, got ${most}`);
  const { width } = first;
  const whole = width + 2 * most;
  return {
    size,
    width: whole,
    search(queries, k, options = {}) {
      const n = requireQueries("addedIndex.search", this, queries, k, options);
      const plain = new Float32Array(n * width);
      for (let query = 0; query < n; query++)
        plain.set(queries.subarray(query * whole, query * whole + width), query * width);
      const found = first.search(plain, Math.min(size, k + most), options);
      const mask = exclusionMask(size, options);
      const lists = emptyLists(n, k);
      const best = bestOf(Math.min(k, size));
      const namedBy = new Int32Array(size).fill(-1);
      for (let query = 0; query < n; query++) {
        const rows = query * whole + width;
        mask.open(query);
        for (let c = rows; c < rows + most; c++) {
          const row = queries[c];
          if (row < 0 || namedBy[row] === query) continue;
          namedBy[row] = query;
          if (mask.excluded[row] === 0)
            best.offer(row, innerProduct(vectors, row, plain, query, width) + queries[c + most]);
        }
        mask.close(query);
        for (let place = query * found.k; place < (query + 1) * found.k; place++) {
          const row = found.items[place];
          if (row >= 0 && namedBy[row] !== query) best.offer(row, found.scores[place]);
        }
        best.drain(lists, query);
      }
      return lists;
    },
    scoreOf(queries, query, row) {
      const own = queries.subarray(query * whole, (query + 1) * whole);
      const named = own.subarray(width, width + most).indexOf(row);
      return first.scoreOf(own.subarray(0, width), 0, row) + (named < 0 ? 0 : own[width + most + named]);
    },
    dispose: () => first.dispose?.(),
  };
}

/**
 * Queries [n × width] with what they add to a few items, to meet an `addedIndex`.
 *
 * @param temperature T: logits × T are scores
 * @returns [n × (width + 2C)]
 * @throws when there is not one row of additions a query.
 */
export function queriesWithAdded(
  queries: Float32Array,
  width: number,
  { added, temperature }: { readonly added: AddedLogits; readonly temperature: number },
): Float32Array {
  const n = queries.length / width;
  const most = added.width;
  if (added.items.length !== n * most || added.values.length !== n * most)
    throw new Error(`queriesWithAdded requires ${n} × ${most} additions, got ${added.items.length}`);
  const whole = width + 2 * most;
  const result = new Float32Array(n * whole);
  for (let query = 0; query < n; query++) {
    const at = query * whole;
    result.set(queries.subarray(query * width, (query + 1) * width), at);
    for (let c = 0; c < most; c++) {
      result[at + width + c] = added.items[query * most + c];
      result[at + width + most + c] = added.values[query * most + c] * temperature;
    }
  }
  return result;
}
