import { type IdRows, idRows } from "./ids";

/** The items that can be recommended. Row i here is item row i everywhere; rows are sorted by id. */
export interface Catalog {
  readonly size: number;
  readonly ids: readonly string[];
  /** One title an item; the id where the file has none. */
  readonly titles: readonly string[];
  /** Further text columns of the items file (authors, genres, description ...), each [size]; "" where missing. */
  readonly text: Readonly<Record<string, readonly string[]>>;
  /** Further numeric columns of the items file, each [size]; NaN where missing. */
  readonly numbers: Readonly<Record<string, Float64Array>>;
  /** Item row of an id, or -1. */
  rowOf(id: string): number;
}

/**
 * The catalogue of a log without an items file: its ids, which are also the titles.
 *
 * @example catalogOfIds(["9", "10"]).titles // ["9", "10"]
 */
export function catalogOfIds(ids: readonly string[] | IdRows): Catalog {
  const rows = "rowOf" in ids ? ids : idRows(ids);
  return { size: rows.ids.length, ids: rows.ids, titles: rows.ids, text: {}, numbers: {}, rowOf: rows.rowOf };
}
