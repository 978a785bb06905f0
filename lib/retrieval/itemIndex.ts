import type { Histories } from "../data/histories";
import type { Lists } from "./lists";

/** What a search leaves out. */
export interface SearchOptions {
  /** One history a query (n of them): its items are never returned to that query. */
  readonly seen?: Histories;
  /** Item rows that nobody may get (out of print, out of stock). */
  readonly unavailable?: ReadonlySet<number>;
}

/**
 * Finds the items with the largest inner product with a query. Every index gives the same answer to the bit,
 * because all of them take their last decision with `innerProduct` below: double-precision sums over the
 * stored single-precision numbers, ties to the smaller row.
 */
export interface ItemIndex {
  /** N: number of items. */
  readonly size: number;
  /** A: numbers in an item vector. */
  readonly width: number;
  /**
   * The k best items for each query.
   * @param queries [n × A], end to end
   * @returns Lists [n × k]; places that cannot be filled hold item -1 and score -Infinity.
   * @throws when the lengths do not fit, a query is not finite, or k is not a whole number of at least 1.
   */
  search(queries: Float32Array, k: number, options?: SearchOptions): Lists;
  /** The score that `search` gives one item for one of the queries [n × A], to the bit, whoever may get it. */
  scoreOf(queries: Float32Array, query: number, row: number): number;
  dispose?(): void;
}

/** q·v in double precision, summed from the first number to the last (the one order every index uses). */
export function innerProduct(
  vectors: Float32Array,
  row: number,
  queries: Float32Array,
  query: number,
  width: number,
): number {
  let sum = 0;
  for (let a = 0, v = row * width, q = query * width; a < width; a++) sum += vectors[v + a] * queries[q + a];
  return sum;
}

/**
 * `innerProduct` of a query with several items, to the bit: four items at a time, since one sum after another would
 * wait for each addition to end.
 *
 * @param rows [count] of the items
 * @param found [count] takes the products
 */
export function innerProducts(
  vectors: Float32Array,
  rows: Int32Array,
  count: number,
  queries: Float32Array,
  query: number,
  width: number,
  found: Float64Array,
): void {
  const start = query * width;
  const end = start + width;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    let [v0, v1, v2, v3] = [rows[i] * width, rows[i + 1] * width, rows[i + 2] * width, rows[i + 3] * width];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let q = start; q < end; q++) {
      const value = queries[q];
      s0 += vectors[v0++] * value;
      s1 += vectors[v1++] * value;
      s2 += vectors[v2++] * value;
      s3 += vectors[v3++] * value;
    }
    found[i] = s0;
    found[i + 1] = s1;
    found[i + 2] = s2;
    found[i + 3] = s3;
  }
  for (; i < count; i++) found[i] = innerProduct(vectors, rows[i], queries, query, width);
}

/** Checks item vectors [N × A] and returns N. */
export function requireVectors(name: string, vectors: Float32Array, width: number): number {
  if (!(Number.isSafeInteger(width) && width >= 1))
    throw new Error(`${name} requires a width of at least 1, got ${width}`);
  if (vectors.length === 0 || vectors.length % width !== 0)
    throw new Error(`${name} requires a positive multiple of ${width} numbers, got ${vectors.length}`);
  requireFinite(name, "item vectors", vectors, width);
  return vectors.length / width;
}

/** Checks a search's arguments against an index and returns n, the number of queries. */
export function requireQueries(
  name: string,
  index: { readonly width: number },
  queries: Float32Array,
  k: number,
  options: SearchOptions,
): number {
  if (queries.length % index.width !== 0)
    throw new Error(`${name} requires queries of ${index.width} numbers each, got ${queries.length} in all`);
  if (!(Number.isSafeInteger(k) && k >= 1))
    throw new Error(`${name} requires k to be a whole number of at least 1, got ${k}`);
  const n = queries.length / index.width;
  if (options.seen && options.seen.size !== n)
    throw new Error(`${name} requires one excluded history a query, got ${options.seen.size} for ${n}`);
  requireFinite(name, "queries", queries, index.width);
  return n;
}

function requireFinite(name: string, what: string, values: Float32Array, width: number): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new Error(`${name} requires finite ${what}, got ${values[i]} in row ${Math.floor(i / width)}`);
}

/** [n] how many items each query may get. */
export function availableTo(size: number, queries: number, options: SearchOptions): Int32Array {
  const mask = exclusionMask(size, options);
  return Int32Array.from({ length: queries }, (_, query) => {
    const left = size - mask.open(query);
    mask.close(query);
    return left;
  });
}

/**
 * A mask over the items that one query after another uses: `excluded[row]` is 1 where the row is left out.
 * `open(query)` marks the query's own history on top of what is unavailable, `close(query)` takes it back.
 */
export function exclusionMask(size: number, options: SearchOptions) {
  const excluded = options.seen || options.unavailable ? new Uint8Array(size) : nothingExcluded(size);
  let standing = 0;
  for (const row of options.unavailable ?? [])
    if (row >= 0 && row < size && excluded[row] === 0) {
      excluded[row] = 2;
      standing++;
    }
  const { seen } = options;
  const mark = (query: number, from: number, to: number): number => {
    if (!seen) return 0;
    let changed = 0;
    for (let e = seen.offsets[query]; e < seen.offsets[query + 1]; e++) {
      const row = seen.items[e];
      if (row >= 0 && row < size && excluded[row] === from) {
        excluded[row] = to;
        changed++;
      }
    }
    return changed;
  };
  return {
    excluded,
    /** Marks what this query may not get, and returns how many items that is. */
    open: (query: number): number => standing + mark(query, 0, 1),
    close: (query: number): void => void mark(query, 1, 0),
  };
}

let zeros = new Uint8Array(0);

/** A mask of zeros that all searches share which leave nothing out: nobody writes to it. */
function nothingExcluded(size: number): Uint8Array {
  if (zeros.length < size) zeros = new Uint8Array(size);
  return zeros;
}
