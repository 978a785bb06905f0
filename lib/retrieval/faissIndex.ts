import { bestOf, emptyLists } from "./bestOf";
import { type FaissKind, type Found, guardedFaiss, type LoadedFaiss } from "./guardedFaiss";
import {
  exclusionMask,
  type ItemIndex,
  innerProduct,
  innerProducts,
  requireQueries,
  requireVectors,
  type SearchOptions,
} from "./itemIndex";
import { largestRowNorm, roundingBound, rowNorm } from "./rounding";

export interface FaissIndex extends ItemIndex {
  readonly kind: FaissKind;
}

export interface FaissOptions {
  readonly kind?: FaissKind;
  /**
   * Items fetched beyond k and what is excluded (at least 0): 4 by default, 16 for hnsw. A larger margin helps hnsw's
   * recall.
   */
  readonly margin?: number;
  /** Which FAISS; the one in use by default. */
  readonly use?: () => LoadedFaiss;
}

/**
 * Items behind FAISS. More is fetched than asked for, scored again in double precision, and fetched once more
 * while single-precision rounding could still hide a better item, so that a flat index equals exactIndex to
 * the bit, ties included. An hnsw index is approximate: what it finds is scored exactly, what it misses is
 * missed.
 *
 * @param vectors [N × A]
 * @example faissIndex(Float32Array.of(1, 0, 0, 1), 2).search(Float32Array.of(0, 2), 1).items // [1]
 */
export function faissIndex(
  vectors: Float32Array,
  width: number,
  { kind = "flat", margin = kind === "hnsw" ? 16 : 4, use }: FaissOptions = {},
): FaissIndex {
  requireVectors("faissIndex", vectors, width);
  const raw = guardedFaiss(width, kind, use);
  raw.add(vectors);
  if (!(Number.isSafeInteger(margin) && margin >= 0))
    throw new Error(`faissIndex requires a margin of at least 0, got ${margin}`);
  const size = vectors.length / width;
  const largest = largestRowNorm(vectors, width);
  const rows = new Int32Array(size);
  const exact = new Float64Array(size);
  return {
    size,
    width,
    kind,
    scoreOf: (queries, query, row) => innerProduct(vectors, row, queries, query, width),
    search(queries: Float32Array, k: number, searchOptions: SearchOptions = {}) {
      const n = requireQueries("faissIndex.search", this, queries, k, searchOptions);
      const lists = emptyLists(n, k);
      const best = bestOf(Math.min(k, size));
      const mask = exclusionMask(size, searchOptions);
      // Requests that fetch equally many items go to FAISS together: fetch size -> queries.
      const waiting = new Map<number, number[]>();
      const enqueue = (query: number, wanted: number): void => {
        const fetch = Math.min(size, n === 1 ? wanted : roundedUp(wanted));
        const queue = waiting.get(fetch);
        if (queue) queue.push(query);
        else waiting.set(fetch, [query]);
      };
      for (let query = 0; query < n; query++) {
        enqueue(query, k + margin + mask.open(query));
        mask.close(query);
      }
      for (const [fetch, asking] of waiting) {
        waiting.delete(fetch); // a later retry of this size opens a new queue, which this loop then reaches
        const found = raw.search(asking.length === n ? queries : taken(queries, asking, width), fetch);
        for (let place = 0; place < asking.length; place++) {
          const query = asking[place];
          const bound = roundingBound(width, rowNorm(queries, query, width), largest);
          mask.open(query);
          const count = candidatesAmong(
            found,
            place * fetch,
            fetch,
            { k, bound, excluded: mask.excluded },
            rows,
          );
          mask.close(query);
          innerProducts(vectors, rows, count, queries, query, width, exact);
          // The worst first: then a heap with the worst on top has nothing to move.
          for (let c = count - 1; c >= 0; c--) best.offer(rows[c], exact[c]);
          // Whatever was not fetched scores at most the last rough score and one bound.
          const safe = best.worst() > found.distances[(place + 1) * fetch - 1] + bound;
          if (fetch === size || safe || (kind === "hnsw" && best.count() === k)) best.drain(lists, query);
          else {
            best.clear();
            enqueue(query, 2 * fetch);
          }
        }
      }
      return lists;
    },
  };
}

/** A size not below `wanted`, of four in each doubling, so that many queries share few sizes. */
function roundedUp(wanted: number): number {
  const grain = 2 ** Math.max(0, Math.floor(Math.log2(wanted)) - 2);
  return Math.ceil(wanted / grain) * grain;
}

/** Some of the queries, end to end. */
function taken(queries: Float32Array, asking: readonly number[], width: number): Float32Array {
  const rows = new Float32Array(asking.length * width);
  for (const [place, query] of asking.entries())
    rows.set(queries.subarray(query * width, (query + 1) * width), place * width);
  return rows;
}

/**
 * Which of one query's found items may be among the k best: those not excluded, until a rough score lies more than two
 * rounding bounds below the k-th of them. Writes their rows and says how many.
 */
function candidatesAmong(
  { labels, distances }: Found,
  start: number,
  fetch: number,
  { k, bound, excluded }: { readonly k: number; readonly bound: number; readonly excluded: Uint8Array },
  rows: Int32Array,
): number {
  let count = 0;
  let least = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + fetch; i++) {
    const row = labels[i];
    if (row < 0 || excluded[row] !== 0) continue;
    if (distances[i] < least) break;
    rows[count++] = row;
    if (count === k) least = distances[i] - 2 * bound;
  }
  return count;
}
