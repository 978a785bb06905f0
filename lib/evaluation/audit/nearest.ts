import { normaliseRows } from "../../math/vectors";
import { batchIndex } from "../../retrieval/batchIndex";

/**
 * How far each vector is from the nearest item, as 1 − cosine: an action that is far from everything retrieves
 * whatever happens to be least far.
 *
 * @param vectors [n × width]
 * @param items [N × width]
 * @returns [n]
 */
export function distancesToNearest(vectors: Float32Array, items: Float32Array, width: number): Float64Array {
  const index = batchIndex(normaliseRows(items.slice(), width), width);
  const found = index.search(normaliseRows(vectors.slice(), width), 1).scores;
  index.dispose();
  return found.map((cosine) => 1 - cosine);
}

/** How far each item is from its nearest other item, as 1 − cosine: what distances between real ones look like. [N] */
export function distancesAmong(items: Float32Array, width: number): Float64Array {
  const unit = normaliseRows(items.slice(), width);
  const index = batchIndex(unit, width);
  const { items: rows, scores } = index.search(unit, 2);
  index.dispose();
  // A query's own row is nearly always first; where a twin stands before it, the twin is the nearest other.
  return Float64Array.from({ length: unit.length / width }, (_, row) =>
    rows[2 * row] === row ? 1 - scores[2 * row + 1]! : 1 - scores[2 * row]!,
  );
}
