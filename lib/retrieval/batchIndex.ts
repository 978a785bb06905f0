import { type Tensor2D, tf } from "../tensors/tf";
import { bestOf, emptyLists } from "./bestOf";
import { exclusionMask, type ItemIndex, innerProduct, requireQueries, requireVectors } from "./itemIndex";
import { largestRowNorm, roundingBound, rowNorm } from "./rounding";

/** Scores held at once: 4 million single-precision numbers, 16 MB. */
const scoresAtOnce = 2 ** 22;

/**
 * Many queries at once: one matrix product in single precision finds the candidates, and only those within
 * the rounding bound of the k-th best are scored again in double precision. So the answer equals exactIndex's.
 *
 * The item matrix stays on the device until `dispose`.
 *
 * @param vectors [N × A]
 * @throws as exactIndex does.
 */
export function batchIndex(vectors: Float32Array, width: number): Required<ItemIndex> {
  const size = requireVectors("batchIndex", vectors, width);
  const largest = largestRowNorm(vectors, width);
  const items: Tensor2D = tf().tensor2d(vectors, [size, width]);
  return {
    size,
    width,
    search(queries, k, options = {}) {
      const n = requireQueries("batchIndex.search", this, queries, k, options);
      const lists = emptyLists(n, k);
      const rough = bestOf(Math.min(k, size));
      const best = bestOf(Math.min(k, size));
      const mask = exclusionMask(size, options);
      const step = Math.max(1, Math.floor(scoresAtOnce / size));
      for (let start = 0; start < n; start += step) {
        const end = Math.min(n, start + step);
        const scores = products(queries.subarray(start * width, end * width), items);
        for (let query = start; query < end; query++) {
          const { excluded } = mask;
          mask.open(query);
          const at = (query - start) * size;
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
      return lists;
    },
    dispose: () => items.dispose(),
  };
}

/** Q Vᵀ [n × N] in single precision, brought back in one piece. */
function products(queries: Float32Array, items: Tensor2D): Float32Array {
  const [, width] = items.shape;
  return tf().tidy(() => {
    const rows = tf().tensor2d(queries, [queries.length / width, width]);
    return tf().matMul(rows, items, false, true).dataSync<"float32">();
  });
}
