import { bestOf, emptyLists } from "./bestOf";
import { type ItemIndex, innerProduct, requireQueries, requireVectors } from "./itemIndex";

/**
 * Two stages: the `candidates` best items of one index, ranked again by other vectors of the same items. A query
 * is both stages' queries end to end, [n × (first.width + width)], with what it adds to a few items last. With as
 * many candidates as items the first stage decides nothing.
 *
 * @param vectors [N × width] of the second stage, whose inner products are the scores
 * @param options.added C: a second query ends in C item rows and as many additions to their scores, as
 *   `queriesWithAdded` makes it; 0 by default
 * @param options.combined what an item's score is, of both stages' scores; the second's by default
 * @throws when the items do not fit, or there is not at least one candidate.
 */
export function rerankedIndex(
  first: ItemIndex,
  vectors: Float32Array,
  {
    width,
    candidates,
    added = 0,
    combined = (_, own) => own,
  }: {
    readonly width: number;
    readonly candidates: number;
    readonly added?: number;
    readonly combined?: (first: number, own: number) => number;
  },
): ItemIndex {
  const size = requireVectors("rerankedIndex", vectors, width);
  if (size !== first.size)
    throw new Error(`rerankedIndex requires the items of both stages, got ${first.size} and ${size}`);
  if (!(Number.isSafeInteger(candidates) && candidates >= 1))
    throw new Error(`rerankedIndex requires at least 1 candidate, got ${candidates}`);
  const whole = first.width + width + 2 * added;
  return {
    size,
    width: whole,
    search(queries, k, options = {}) {
      const n = requireQueries("rerankedIndex.search", this, queries, k, options);
      const firstQueries = new Float32Array(n * first.width);
      const secondQueries = new Float32Array(n * width);
      for (let query = 0; query < n; query++) {
        const at = query * whole;
        firstQueries.set(queries.subarray(at, at + first.width), query * first.width);
        secondQueries.set(queries.subarray(at + first.width, at + first.width + width), query * width);
      }
      const found = first.search(firstQueries, Math.min(size, Math.max(k, candidates)), options);
      const lists = emptyLists(n, k);
      const best = bestOf(Math.min(k, size));
      const additions = new Float64Array(size);
      for (let query = 0; query < n; query++) {
        const rows = queries.subarray((query + 1) * whole - 2 * added, (query + 1) * whole - added);
        const values = queries.subarray((query + 1) * whole - added, (query + 1) * whole);
        rows.forEach((row, c) => {
          if (row >= 0) additions[row] = values[c];
        });
        for (let place = query * found.k; place < (query + 1) * found.k; place++) {
          const row = found.items[place];
          if (row < 0) continue;
          const own = innerProduct(vectors, row, secondQueries, query, width) + additions[row];
          best.offer(row, combined(found.scores[place], own));
        }
        for (const row of rows) if (row >= 0) additions[row] = 0;
        best.drain(lists, query);
        best.clear();
      }
      return lists;
    },
    scoreOf(queries, query, row) {
      const all = queries.subarray(query * whole, (query + 1) * whole);
      const second = all.subarray(first.width, first.width + width);
      const named = all.subarray(whole - 2 * added, whole - added).lastIndexOf(row);
      const addition = named < 0 ? 0 : all[whole - added + named];
      return combined(first.scoreOf(all, 0, row), innerProduct(vectors, row, second, 0, width) + addition);
    },
    dispose: () => first.dispose?.(),
  };
}
