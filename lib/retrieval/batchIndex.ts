import { type Tensor2D, tf } from "../tensors/tf";
import { bestOf, emptyLists } from "./bestOf";
import {
  availableTo,
  exclusionMask,
  type ItemIndex,
  innerProduct,
  requireQueries,
  requireVectors,
} from "./itemIndex";
import type { Lists } from "./lists";
import { largestRowNorm, roundingBound, rowNorm } from "./rounding";

/** Scores held at once: 4 million single-precision numbers, 16 MB. */
const scoresAtOnce = 2 ** 22;
/** Items of a block, whose largest score says whether any of them can matter. */
const blockSize = 16;
/** Blocks brought back beyond those that are needed, for scores that lie within the rounding of each other. */
const sparePlaces = 14;

/**
 * Many queries at once: one matrix product in single precision finds the candidates, and only those within
 * the rounding bound of the k-th best are scored again in double precision. So the answer equals exactIndex's.
 *
 * Where k and what is excluded are few beside the catalogue, only blocks of 16 items whose largest score may matter are
 * brought back and looked at; else all scores are.
 *
 * The item matrix stays on the device until `dispose`.
 *
 * @param vectors [N × A]
 * @throws as exactIndex does.
 */
export function batchIndex(vectors: Float32Array, width: number): Required<ItemIndex> {
  const size = requireVectors("batchIndex", vectors, width);
  const blocks = Math.ceil(size / blockSize);
  const columns = blocks * blockSize;
  const largest = largestRowNorm(vectors, width);
  const items: Tensor2D = tf().tensor2d(filledUp(vectors, columns, width), [columns, width]);
  const searched = { vectors, width, size, blocks, columns, largest, items };
  return {
    size,
    width,
    search(queries, k, options = {}) {
      const n = requireQueries("batchIndex.search", this, queries, k, options);
      const lists = emptyLists(n, k);
      const mask = exclusionMask(size, options);
      const left = options.seen || options.unavailable ? availableTo(size, n, options) : undefined;
      const step = Math.max(1, Math.floor(scoresAtOnce / columns));
      for (let start = 0; start < n; start += step) {
        const end = Math.min(n, start + step);
        // Of the query that may get fewest.
        const excluded = left ? size - left.subarray(start, end).reduce((a, b) => Math.min(a, b)) : 0;
        const wanted = k + excluded + sparePlaces;
        const part = { ...searched, queries, k, start, end, mask };
        if (2 * wanted < blocks) searchBlocks(part, wanted, lists);
        else searchAll(part, lists);
      }
      return lists;
    },
    dispose: () => items.dispose(),
  };
}

interface Part {
  readonly vectors: Float32Array;
  readonly width: number;
  readonly size: number;
  readonly blocks: number;
  readonly columns: number;
  /** Norm of the longest item vector. */
  readonly largest: number;
  /** [columns, A] */
  readonly items: Tensor2D;
  readonly queries: Float32Array;
  readonly k: number;
  /** Which of the queries. */
  readonly start: number;
  readonly end: number;
  readonly mask: ReturnType<typeof exclusionMask>;
}

/** The vectors, filled up to whole blocks by copies of the last one. */
function filledUp(vectors: Float32Array, columns: number, width: number): Float32Array {
  const filled = new Float32Array(columns * width);
  filled.set(vectors);
  const last = vectors.subarray(vectors.length - width);
  for (let at = vectors.length; at < filled.length; at += width) filled.set(last, at);
  return filled;
}

/** Looks at every score. */
function searchAll(part: Part, lists: Lists): void {
  const { vectors, width, size, columns, largest, items, queries, k, start, end, mask } = part;
  const scores = tf().tidy(() => productOf(part, items).dataSync<"float32">());
  const rough = bestOf(Math.min(k, size));
  const best = bestOf(Math.min(k, size));
  for (let query = start; query < end; query++) {
    const { excluded } = mask;
    mask.open(query);
    const at = (query - start) * columns;
    for (let row = 0; row < size; row++)
      if (excluded[row] === 0 && scores[at + row] > rough.worst()) rough.offer(row, scores[at + row]);
    const bound = roundingBound(width, rowNorm(queries, query, width), largest);
    // A true k-th best lies at most one bound above its rough score, a rival at most one below.
    const threshold = rough.worst() - 2 * bound;
    for (let row = 0; row < size; row++)
      if (excluded[row] === 0 && scores[at + row] >= threshold)
        best.offer(row, innerProduct(vectors, row, queries, query, width));
    best.drain(lists, query);
    rough.clear();
    mask.close(query);
  }
}

/**
 * Looks at the blocks with the `wanted` largest scores. The first k + x of them, where x items are excluded, hold k items
 * that are not: so a true k-th best lies at most one rounding bound below the last of these.
 */
function searchBlocks(part: Part, wanted: number, lists: Lists): void {
  const { vectors, width, size, blocks, largest, items, queries, k, start, end, mask } = part;
  const rows = end - start;
  let tops: Float32Array = new Float32Array(0); // [rows × wanted] the largest score of each block
  let places: Int32Array = new Int32Array(0); // [rows × wanted] which block
  let scores: Float32Array = new Float32Array(0); // [rows × wanted × 16]
  // Not given back by `tidy`: it would look for tensors in arrays of millions of numbers.
  tf().tidy(() => {
    const all = productOf(part, items).reshape([rows * blocks, blockSize]);
    const { values, indices } = tf().topk(all.max(1).reshape([rows, blocks]), wanted);
    const firsts = tf()
      .range(0, rows * blocks, blocks, "int32")
      .reshape([rows, 1]);
    const picked = tf().gather(
      all,
      indices
        .add(firsts)
        .reshape([rows * wanted])
        .cast("int32"),
    );
    tops = values.dataSync<"float32">();
    places = indices.dataSync<"int32">();
    scores = picked.dataSync<"float32">();
  });
  const best = bestOf(Math.min(k, size));
  for (let query = start; query < end; query++) {
    const { excluded } = mask;
    const left = mask.open(query);
    const first = (query - start) * wanted;
    const bound = roundingBound(width, rowNorm(queries, query, width), largest);
    const threshold = tops[first + k + left - 1] - 2 * bound;
    if (tops[first + wanted - 1] >= threshold) {
      // Too many blocks are as good as each other: any item may matter.
      for (let row = 0; row < size; row++)
        if (excluded[row] === 0) best.offer(row, innerProduct(vectors, row, queries, query, width));
    } else
      for (let j = first; tops[j] >= threshold; j++) {
        const from = places[j] * blockSize;
        const to = Math.min(size, from + blockSize);
        for (let row = from, at = j * blockSize; row < to; row++, at++)
          if (scores[at] >= threshold && excluded[row] === 0)
            best.offer(row, innerProduct(vectors, row, queries, query, width));
      }
    best.drain(lists, query);
    mask.close(query);
  }
}

/** Q Vᵀ [rows, columns] in single precision; call it inside a `tidy`. */
function productOf({ queries, width, start, end }: Part, items: Tensor2D): Tensor2D {
  const asked = tf().tensor2d(queries.subarray(start * width, end * width), [end - start, width]);
  return tf().matMul(asked, items, false, true);
}
