import type { Database } from "./duckdb";
import { type IdRows, idRows } from "./ids";

/** A column of ids as rows of a sorted list: an SQL expression that yields codes, and the row of each code. */
export interface IdColumn {
  readonly ids: IdRows;
  /** SQL of the INTEGER code. */
  readonly code: string;
  /** [codes] row of each code (-1 where the id is not among `ids`). */
  readonly rowOfCode: Int32Array;
}

/** Whole numbers up to here are their own code: a table of that many rows is small. */
const largestPlainCode = 1 << 26;

/**
 * Numbers the ids of a text column without moving a string per row out of the database. Whole-number ids are
 * their own codes; others become an ENUM, whose codes DuckDB gives.
 *
 * @param known the ids to number by, where they are given (an items file); by default those that occur.
 * @example // column "10","9","10": ids 9, 10; rows of the column 1, 0, 1
 */
export async function idColumn(
  database: Database,
  table: string,
  column: string,
  options: { readonly known?: IdRows } = {},
): Promise<IdColumn> {
  const value = `TRY_CAST(${column} AS INTEGER)`;
  const facts =
    await database.rows(`SELECT CAST(bool_and(coalesce(${value} >= 0 AND CAST(${value} AS VARCHAR) = ${column},
    false)) AS INTEGER), CAST(coalesce(max(${value}), 0) AS DOUBLE) FROM ${table}`);
  const [allWhole, largest] = facts[0] as [number, number];
  let ids: string[];
  let code: string;
  let codes: Int32Array;
  if (allWhole === 1 && largest < largestPlainCode) {
    code = value;
    codes = (await database.columns(`SELECT DISTINCT ${value} FROM ${table}`))[0] as Int32Array;
    ids = Array.from(codes, String);
  } else {
    const type = `ids_of_${table}_${column}`;
    await database.run(`CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${column} FROM ${table})`);
    code = `CAST(enum_code(CAST(${column} AS ${type})) AS INTEGER)`;
    const listed = await database.columns(
      `SELECT CAST(id AS VARCHAR) FROM (SELECT unnest(enum_range(NULL::${type})) AS id)`,
    );
    ids = listed[0] as string[];
    codes = Int32Array.from(ids, (_, i) => i);
  }
  const rows = options.known ?? idRows(ids);
  const rowOfCode = new Int32Array(codes.reduce((most, one) => Math.max(most, one), -1) + 1).fill(-1);
  codes.forEach((one, i) => {
    rowOfCode[one] = rows.rowOf(ids[i]!);
  });
  return { ids: rows, code, rowOfCode };
}

/** Replaces codes by rows, in place. */
export function toRows(codes: Int32Array, column: IdColumn): Int32Array {
  for (let i = 0; i < codes.length; i++) codes[i] = column.rowOfCode[codes[i]!]!;
  return codes;
}
