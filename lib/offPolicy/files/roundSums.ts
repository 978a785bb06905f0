import type { Database } from "../../data/duckdb";
import { InputError } from "../../data/inputError";
import type { LogColumns } from "./readLog";

/** Rounds joined at a time: 100,000 rounds of 100 actions are 200 MB a table. */
const slice = 100_000;

/**
 * Sums by round, [n] in the log's order, some rounds at a time, so that joins of large tables stay small. "coded" is
 * the log as a table: row, and the hash of what was done.
 *
 * @param query.slicedToo a row column on the right side of the last outer join, which is cut the same way
 */
export async function roundSums(
  database: Database,
  log: LogColumns,
  query: {
    readonly columns: readonly string[];
    readonly from: string;
    readonly by: string;
    readonly slicedToo?: string;
  },
): Promise<Float64Array[]> {
  await database.run("CREATE TABLE IF NOT EXISTS coded AS SELECT row, hash(action) AS code FROM log");
  const size = log.rounds.length;
  const found = query.columns.map(() => new Float64Array(size));
  for (let first = 0; first < size; first += slice) {
    const among = (column: string): string => `${column} >= ${first} AND ${column} < ${first + slice}`;
    // A condition on the right side of an outer join belongs to the join, not to the rows that come out.
    const from = query.slicedToo ? `${query.from} AND ${among(query.slicedToo)}` : query.from;
    const columns = query.columns.map((each) => `coalesce(CAST(${each} AS DOUBLE), 0)`).join(", ");
    const [rows, ...values] = (await database.columns(
      `SELECT ${query.by}, ${columns} FROM ${from} WHERE ${among(query.by)} GROUP BY ${query.by}`,
    )) as [Int32Array, ...Float64Array[]];
    values.forEach((column, c) => {
      for (let i = 0; i < rows.length; i++) found[c][rows[i]] = column[i];
    });
  }
  return found;
}

/** An error at the line of a row of the log. */
export async function atRow(
  log: LogColumns,
  row: number,
  { what, expected }: { readonly what: string; readonly expected: string },
): Promise<InputError> {
  const place = (await log.placeOf?.(row)) ?? {};
  const said = place.row === undefined ? what : `row ${place.row}: ${what}`;
  return new InputError(said, {
    file: log.file,
    expected,
    ...(place.line === undefined ? {} : { line: place.line }),
  });
}
