import type { Database } from "./duckdb";

/** A text column with few values: which value each row has. */
export interface TextColumn {
  /** [rows] places in `values`; -1 where the row has none. */
  readonly codes: Int32Array;
  /** The values, sorted. */
  readonly values: readonly string[];
}

/** A column with more values than this is a text or an id of its own, not a kind of something. */
const mostValues = 1000;

/** SQL of a text column's codes, and what they stand for. */
export interface TextCodes {
  readonly column: number;
  readonly code: string;
  readonly values: readonly string[];
}

/**
 * Which text columns of a table name kinds of something (device, channel, country): at most 1,000 values, each of which
 * comes twice or more on average. Others, such as comments, are none.
 *
 * @param columns indices of the table's columns
 */
export async function textCodes(
  database: Database,
  table: string,
  columns: readonly number[],
): Promise<TextCodes[]> {
  if (columns.length === 0) return [];
  const counts = columns.flatMap((c) => [`approx_count_distinct(c${c})`, `count(c${c})`]);
  const casts = counts.map((count) => `CAST(${count} AS DOUBLE)`);
  const facts = (await database.rows(`SELECT ${casts.join(", ")} FROM ${table}`))[0] as number[];
  const found: TextCodes[] = [];
  for (const [i, column] of columns.entries()) {
    const [values, filled] = [facts[2 * i], facts[2 * i + 1]];
    if (values === 0 || values > mostValues || values > filled / 2) continue;
    const type = `values_of_${table}_c${column}`;
    const named = `SELECT DISTINCT c${column} AS value FROM ${table} WHERE c${column} IS NOT NULL ORDER BY value`;
    await database.run(`CREATE TYPE ${type} AS ENUM (${named})`);
    const listed = await database.columns(
      `SELECT CAST(value AS VARCHAR) FROM (SELECT unnest(enum_range(NULL::${type})) AS value)`,
    );
    const code = `coalesce(CAST(enum_code(CAST(c${column} AS ${type})) AS INTEGER), -1)`;
    found.push({ column, code, values: listed[0] as string[] });
  }
  return found;
}

/**
 * A list of texts as a column of codes; empty texts are missing.
 *
 * @example textColumn(["b", "", "a", "b"]) // { codes: [1, -1, 0, 1], values: ["a", "b"] }
 */
export function textColumn(texts: readonly string[]): TextColumn {
  const values = [...new Set(texts)].filter((text) => text !== "").sort();
  const place = new Map(values.map((value, code) => [value, code]));
  return { codes: Int32Array.from(texts, (text) => place.get(text) ?? -1), values };
}
