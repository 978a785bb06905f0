import { type Tensor2D, tf } from "../tensors/tf";
import { bestOf, emptyLists } from "./bestOf";
import { faissIndex } from "./faissIndex";
import { faissInUse, type LoadedFaiss } from "./guardedFaiss";
import {
  exclusionMask,
  type ItemIndex,
  innerProduct,
  innerProducts,
  requireQueries,
  requireVectors,
} from "./itemIndex";
import { kthLargest } from "./kthLargest";
import { largestRowNorm, roundingBound, rowNorm } from "./rounding";

/** Scores held at once: half a million single-precision numbers, 2 MB, so that they stay in the processor's caches. */
const scoresAtOnce = 2 ** 19;
/** Items of a block, whose largest score says whether any of them can matter. */
const blockSize = 32;
/** Up to as many queries TypeScript finds the blocks' largest scores sooner than another native call would. */
const fewQueries = 4;

/**
 * Many queries at once: one matrix product in single precision finds the candidates, and only those within
 * the rounding bound of the k-th best are scored again in double precision. So the answer equals exactIndex's.
 *
 * Of the scores only the largest of each block of 32 items is looked at, and then the blocks that can matter: the k best
 * items score at least as much as the k-th best block.
 *
 * A single query goes through FAISS where it is compiled for this machine (`npm run setup -- --fast-faiss`), which is
 * twice as fast then; faiss-node's own takes longer than the product.
 *
 * The item matrix stays on the device until `dispose`.
 *
 * @param vectors [N × A]
 * @param options.use which FAISS; the one in use by default
 * @throws as exactIndex does.
 */
export function batchIndex(
  vectors: Float32Array,
  width: number,
  { use = faissInUse }: { readonly use?: () => LoadedFaiss } = {},
): Required<ItemIndex> {
  const size = requireVectors("batchIndex", vectors, width);
  const columns = Math.ceil(size / blockSize) * blockSize;
  const largest = largestRowNorm(vectors, width);
  const items: Tensor2D = tf().tensor2d(columnsOf(vectors, columns, width), [width, columns]);
  const candidates = candidatesOf(size, columns);
  const exact = new Float64Array(size);
  let single: ItemIndex | undefined;
  return {
    size,
    width,
    scoreOf: (queries, query, row) => innerProduct(vectors, row, queries, query, width),
    search(queries, k, options = {}) {
      const n = requireQueries("batchIndex.search", this, queries, k, options);
      if (n === 1 && !items.isDisposed && isFast(use)) {
        single ??= faissIndex(vectors, width, { use });
        return single.search(queries, k, options);
      }
      const lists = emptyLists(n, k);
      const mask = exclusionMask(size, options);
      const best = bestOf(Math.min(k, size));
      const step = Math.max(1, Math.floor(scoresAtOnce / columns));
      for (let start = 0; start < n; start += step) {
        const end = Math.min(n, start + step);
        const rough = roughScores(queries.subarray(start * width, end * width), width, items);
        for (let query = start; query < end; query++) {
          const left = mask.open(query);
          const bound = roundingBound(width, rowNorm(queries, query, width), largest);
          const count = candidates.find(rough, query - start, { k, left, excluded: mask.excluded, bound });
          innerProducts(vectors, candidates.rows, count, queries, query, width, exact);
          for (let c = 0; c < count; c++) best.offer(candidates.rows[c], exact[c]);
          best.drain(lists, query);
          mask.close(query);
        }
      }
      return lists;
    },
    dispose() {
      items.dispose();
      single = undefined;
    },
  };
}

function isFast(use: () => LoadedFaiss): boolean {
  try {
    return use().fast;
  } catch {
    return false; // No FAISS at all: the product does without.
  }
}

/** The vectors as columns [A × columns], filled up to whole blocks by copies of the last one. */
function columnsOf(vectors: Float32Array, columns: number, width: number): Float32Array {
  const size = vectors.length / width;
  const turned = new Float32Array(width * columns);
  for (let column = 0; column < columns; column++) {
    const from = Math.min(column, size - 1) * width;
    for (let a = 0; a < width; a++) turned[a * columns + column] = vectors[from + a];
  }
  return turned;
}

interface Rough {
  /** Q Vᵀ [n × columns] in single precision. */
  readonly scores: Float32Array;
  /** [n × blocks] the largest score of each block. */
  readonly maxima: Float32Array;
}

function roughScores(queries: Float32Array, width: number, items: Tensor2D): Rough {
  const n = queries.length / width;
  const blocks = items.shape[1] / blockSize;
  let scores: Float32Array = new Float32Array(0);
  let maxima: Float32Array = new Float32Array(0);
  // Not given back by `tidy`: it would look for tensors in the object.
  tf().tidy(() => {
    const product = tf().matMul(tf().tensor2d(queries, [n, width]), items);
    if (n > fewQueries)
      maxima = product
        .reshape([n * blocks, blockSize])
        .max(1)
        .dataSync<"float32">();
    scores = product.dataSync<"float32">();
  });
  return { scores, maxima: n > fewQueries ? maxima : maximaOf(scores) };
}

/** The largest score of each block. */
function maximaOf(scores: Float32Array): Float32Array {
  const maxima = new Float32Array(scores.length / blockSize);
  for (let block = 0, at = 0; block < maxima.length; block++) {
    let most = scores[at];
    for (const end = at + blockSize; at < end; at++) if (scores[at] > most) most = scores[at];
    maxima[block] = most;
  }
  return maxima;
}

interface Wanted {
  readonly k: number;
  /** How many items are excluded. */
  readonly left: number;
  readonly excluded: Uint8Array;
  /** How far a rough score may lie from the true one. */
  readonly bound: number;
}

/**
 * Finds the items whose rough scores let them be among the k best. With x items excluded, the k + x best blocks hold k
 * items that are not: a true k-th best lies at most one rounding bound below the last of these blocks' maxima, and its
 * rough score at most one bound below that. The k-th best of the items found so then says the same more closely.
 */
function candidatesOf(size: number, columns: number) {
  const blocks = columns / blockSize;
  const rows = new Int32Array(size);
  const scores = new Float32Array(size);
  const ranked = new Float32Array(size);
  return {
    /** [size] the items found, by ascending row. */
    rows,
    /** How many there are for one query. */
    find(rough: Rough, place: number, { k, left, excluded, bound }: Wanted): number {
      const maxima = rough.maxima.subarray(place * blocks, (place + 1) * blocks);
      const needed = k + left;
      let least = Number.NEGATIVE_INFINITY;
      if (needed <= blocks) {
        ranked.set(maxima);
        least = kthLargest(ranked, blocks, needed) - 2 * bound;
      }
      let count = 0;
      for (let block = 0; block < blocks; block++) {
        if (maxima[block] < least) continue;
        const from = block * blockSize;
        const to = Math.min(size, from + blockSize);
        for (let row = from, at = place * columns + from; row < to; row++, at++) {
          if (rough.scores[at] < least || excluded[row] !== 0) continue;
          rows[count] = row;
          scores[count++] = rough.scores[at];
        }
      }
      if (count <= k) return count;
      ranked.set(scores.subarray(0, count));
      const threshold = kthLargest(ranked, count, k) - 2 * bound;
      let kept = 0;
      for (let c = 0; c < count; c++) if (scores[c] >= threshold) rows[kept++] = rows[c];
      return kept;
    },
  };
}
