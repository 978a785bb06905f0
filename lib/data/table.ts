/** A table as danfojs makes it, reduced to what notebooks use; the object is a danfojs DataFrame. */
export interface Table {
  readonly columns: readonly string[];
  /** Row by row. */
  readonly values: readonly (readonly (string | number)[])[];
  /** [rows, columns] */
  readonly shape: readonly [number, number];
  head(rows?: number): Table;
  tail(rows?: number): Table;
  sortValues(column: string, options?: { readonly ascending?: boolean }): Table;
  column(name: string): { readonly values: readonly (string | number)[]; mean(): number; std(): number };
}

/**
 * A small table for a notebook, as a danfojs DataFrame: the only file that names danfojs, which is loaded on
 * first use. Made for what is shown, not for reading whole logs.
 *
 * @param columns name to values, all of one length
 * @throws when the columns differ in length or there is none.
 * @example table({ title: ["Emma", "Dune"], rating: [5, 4] }).sortValues("rating").values[0] // ["Dune", 4]
 */
export function table(columns: Readonly<Record<string, ArrayLike<string | number>>>): Table {
  const names = Object.keys(columns);
  const lengths = new Set(names.map((name) => columns[name]!.length));
  if (lengths.size !== 1)
    throw new Error(`table requires columns of one length, got lengths [${[...lengths].join(", ")}]`);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // danfojs loads TensorFlow, which is silenced as in tensors/tf
  const { DataFrame } = require("danfojs-node") as { DataFrame: new (data: object) => Table };
  return new DataFrame(Object.fromEntries(names.map((name) => [name, Array.from(columns[name]!)])));
}
