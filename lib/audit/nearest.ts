import type { Histories } from "../data/histories";
import { dot, normaliseRows } from "../math/vectors";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";

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
    rows[2 * row] === row ? 1 - scores[2 * row + 1] : 1 - scores[2 * row],
  );
}

/**
 * The k nearest other points of each point by Euclidean distance, nearest first. |p − q|² is
 * |p|² − 2 (p·q − |q|²/2), so nearest by distance is largest by p·q − |q|²/2, an inner product with a bias.
 * That bias is kept in single precision: points whose distances differ by less may change places.
 *
 * @param points [n × width]
 * @returns [n × k] rows of `points`, −1 where there are fewer others
 * @example nearestOthers(Float32Array.of(0, 1, 5), 1, { k: 1 }) // [1, 0, 1]
 */
export function nearestOthers(
  points: Float32Array,
  width: number,
  { k }: { readonly k: number },
): Int32Array {
  const n = points.length / width;
  const bias = Float64Array.from({ length: n }, (_, row) => {
    const point = points.subarray(row * width, (row + 1) * width);
    return -dot(point, point) / 2;
  });
  const index = batchIndex(withBias(points, bias, 1), width + 1);
  const found = index.search(queriesWithOne(points, width), k, { seen: eachItself(n) });
  index.dispose();
  return found.items;
}

/** n histories, each holding its own row alone. */
function eachItself(n: number): Histories {
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  const offsets = Int32Array.from({ length: n + 1 }, (_, at) => at);
  return { size: n, users: rows, offsets, items: rows, weights: new Float32Array(n), rows };
}
