import type { Database } from "./duckdb";
import { type IdRows, idRows } from "./ids";

/** A text column of ids as whole-number codes, so that no string per row leaves the database. */
export interface IdCodes {
  /** SQL of the INTEGER code. */
  readonly code: string;
  /** The id of each code; absent where a code is the id itself, a whole number. */
  readonly ids?: readonly string[];
}

/** Whole numbers below this are their own code: a table of that many rows is small. */
const largestPlainCode = 1 << 26;

/**
 * Chooses the codes of a column's ids: whole numbers as they are; others through an ENUM, whose codes DuckDB
 * gives.
 *
 * @param column a text column without nulls
 */
export async function idCodes(database: Database, table: string, column: string): Promise<IdCodes> {
  const value = `TRY_CAST(${column} AS INTEGER)`;
  // Cast back and compare: "007" and "7" are two ids.
  const facts = await database.rows(`SELECT CAST(bool_and(coalesce(${value} BETWEEN 0 AND ${largestPlainCode}
    AND CAST(${value} AS VARCHAR) = ${column}, false)) AS INTEGER) FROM ${table}`);
  if (facts[0][0] === 1) return { code: value };
  const type = `ids_of_${table}_${column}`;
  await database.run(`CREATE TYPE ${type} AS ENUM (SELECT DISTINCT ${column} FROM ${table})`);
  const listed = await database.columns(
    `SELECT CAST(id AS VARCHAR) FROM (SELECT unnest(enum_range(NULL::${type})) AS id)`,
  );
  return { code: `CAST(enum_code(CAST(${column} AS ${type})) AS INTEGER)`, ids: listed[0] as string[] };
}

/**
 * Replaces the codes by rows of the sorted ids, in place.
 *
 * @param known the ids to number by (an items file's); by default those that occur
 * @returns the ids the rows belong to
 * @example // codes of "10", "9", "10" become 1, 0, 1 with ids "9", "10"
 */
export function codesToRows(
  codes: Int32Array,
  coding: IdCodes,
  options: { readonly known?: IdRows } = {},
): IdRows {
  let largest = -1;
  for (let i = 0; i < codes.length; i++) if (codes[i] > largest) largest = codes[i];
  const present = new Uint8Array(largest + 1);
  for (let i = 0; i < codes.length; i++) present[codes[i]] = 1;
  const occurring: number[] = [];
  for (let code = 0; code <= largest; code++) if (present[code] === 1) occurring.push(code);
  const idOf = (code: number): string => coding.ids?.[code] ?? String(code);
  const rows = options.known ?? idRows(occurring.map(idOf));

  const rowOfCode = new Int32Array(largest + 1).fill(-1);
  for (const code of occurring) rowOfCode[code] = rows.rowOf(idOf(code));
  for (let i = 0; i < codes.length; i++) codes[i] = rowOfCode[codes[i]];
  return rows;
}
