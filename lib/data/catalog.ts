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
