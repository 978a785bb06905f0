import type * as Faiss from "faiss-node";
import { bestOf, emptyLists } from "./bestOf";
import {
  exclusionMask,
  type ItemIndex,
  innerProduct,
  requireQueries,
  requireVectors,
  type SearchOptions,
} from "./itemIndex";
import { largestRowNorm, roundingBound, rowNorm } from "./rounding";

/** flat: looks at every item. hnsw: a graph of neighbours (Malkov and Yashunin 2018), approximate. */
export type FaissKind = "flat" | "hnsw";
/** ivf needs training; it is here so that its guard can be shown. */
type RawKind = FaissKind | "ivf";

const descriptors: Readonly<Record<RawKind, string>> = { flat: "Flat", hnsw: "HNSW32", ivf: "IVF4,Flat" };

/**
 * FAISS with a check before every call: an exception of FAISS's own ends the whole Node process, so what could
 * raise one is refused first, as an ordinary error. Inner product is the metric throughout.
 *
 * @throws when FAISS's native part is missing, or an argument is one that FAISS would die of.
 */
export function guardedFaiss(width: number, kind: RawKind) {
  if (!(Number.isSafeInteger(width) && width >= 1 && width <= 65536))
    throw new Error(`guardedFaiss requires a width in 1 .. 65536, got ${width}`);
  if (!(kind in descriptors)) throw new Error(`guardedFaiss requires kind flat or hnsw, got "${kind}"`);
  const { Index, MetricType } = faiss();
  const index: Faiss.Index = Index.fromFactory(width, descriptors[kind], MetricType.METRIC_INNER_PRODUCT);
  const requireRows = (call: string, values: Float32Array, atLeast: number): void => {
    if (values.length % width !== 0 || values.length < atLeast * width)
      throw new Error(
        `faiss.${call} requires at least ${atLeast} rows of ${width} numbers, got ${values.length} numbers`,
      );
    for (const value of values)
      if (!Number.isFinite(value)) throw new Error(`faiss.${call} requires finite numbers, got ${value}`);
  };
  const requireTrained = (call: string): void => {
    if (!index.isTrained())
      throw new Error(`faiss.${call} requires a trained index, got an untrained ${kind} one`);
  };
  return {
    count: (): number => index.ntotal(),
    train(vectors: Float32Array): void {
      requireRows("train", vectors, kind === "ivf" ? 4 : 1);
      index.train(Array.from(vectors));
    },
    add(vectors: Float32Array): void {
      requireRows("add", vectors, 1);
      requireTrained("add");
      index.add(Array.from(vectors));
    },
    search(queries: Float32Array, k: number): Faiss.SearchResult {
      requireRows("search", queries, 1);
      requireTrained("search");
      if (!(Number.isSafeInteger(k) && k >= 1 && k <= index.ntotal()))
        throw new Error(`faiss.search requires k in 1 .. ${index.ntotal()}, got ${k}`);
      return index.search(Array.from(queries), k);
    },
    remove(rows: readonly number[]): number {
      if (kind === "hnsw")
        throw new Error("faiss.remove requires a flat index, got hnsw (build it anew instead)");
      for (const row of rows)
        if (!(Number.isSafeInteger(row) && row >= 0 && row < index.ntotal()))
          throw new Error(`faiss.remove requires rows below ${index.ntotal()}, got ${row}`);
      return index.removeIds([...rows]);
    },
  };
}

function faiss(): typeof Faiss {
  try {
    return require("faiss-node") as typeof Faiss;
  } catch (error) {
    throw new Error(
      `faissIndex requires FAISS's native part: run npm start once (${(error as Error).message})`,
    );
  }
}

export interface FaissIndex extends ItemIndex {
  readonly kind: FaissKind;
}

export interface FaissOptions {
  readonly kind?: FaissKind;
  /** Items fetched beyond k and what is excluded (at least 0). A larger margin helps hnsw's recall. */
  readonly margin?: number;
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
  { kind = "flat", margin = 16 }: FaissOptions = {},
): FaissIndex {
  requireVectors("faissIndex", vectors, width);
  const raw = guardedFaiss(width, kind);
  raw.add(vectors);
  if (!(Number.isSafeInteger(margin) && margin >= 0))
    throw new Error(`faissIndex requires a margin of at least 0, got ${margin}`);
  const size = vectors.length / width;
  const largest = largestRowNorm(vectors, width);
  return {
    size,
    width,
    kind,
    search(queries: Float32Array, k: number, searchOptions: SearchOptions = {}) {
      const n = requireQueries("faissIndex.search", this, queries, k, searchOptions);
      const lists = emptyLists(n, k);
      const best = bestOf(Math.min(k, size));
      const mask = exclusionMask(size, searchOptions);
      // Requests that fetch equally many items go to FAISS together: fetch size -> queries.
      const waiting = new Map<number, number[]>();
      const enqueue = (query: number, wanted: number): void => {
        const fetch = Math.min(size, 2 ** Math.ceil(Math.log2(wanted)));
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
        const rows = new Float32Array(asking.length * width);
        for (const [place, query] of asking.entries())
          rows.set(queries.subarray(query * width, (query + 1) * width), place * width);
        const { labels, distances } = raw.search(rows, fetch);
        for (const [place, query] of asking.entries()) {
          mask.open(query);
          for (let i = place * fetch; i < (place + 1) * fetch; i++) {
            const row = labels[i];
            if (row >= 0 && mask.excluded[row] === 0)
              best.offer(row, innerProduct(vectors, row, queries, query, width));
          }
          mask.close(query);
          const bound = roundingBound(width, rowNorm(queries, query, width), largest);
          // Whatever was not fetched scores at most the last rough score and one bound.
          const safe = best.worst() > distances[(place + 1) * fetch - 1] + bound;
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
