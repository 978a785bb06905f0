import type { Database } from "./duckdb";

/** Columns beside the id and the title: text and numbers, one value a row in the order asked for. */
export interface Attributes {
  readonly text: Record<string, string[]>;
  readonly numbers: Record<string, Float64Array>;
}

/** The SQL of a text column as a number; null where it is none, or too large for the type. */
export function numberOf(column: string, type: "DOUBLE" | "FLOAT" = "DOUBLE"): string {
  return `TRY_CAST(${column} AS ${type})`;
}

/** Dates that can be read in one way only: months by name, or days first with points. "07/06/2017" is not among them. */
const writtenTimes = [
  ...["%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %H:%M:%S %Y"],
  ...["%b %d, %Y", "%b %d %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y"],
  ...["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"],
];

/** What `timeOf` reads, for messages. */
export const timesRead = "epoch seconds or ISO 8601 (or a date with the month's name)";

/** Epoch seconds as they stand, an ISO 8601 time, or one of `writtenTimes` (UTC where it names no zone). */
export function timeOf(column: string): string {
  const written = writtenTimes.map((format) => `epoch(try_strptime(${column}, '${format}'))`);
  return `coalesce(${[numberOf(column), `epoch(TRY_CAST(${column} AS TIMESTAMPTZ))`, ...written].join(", ")})`;
}

/**
 * Which of a table's columns hold finite numbers and nothing else (empty fields aside; at least one number).
 *
 * @param columns indices of the table's columns
 */
export async function numericColumns(
  database: Database,
  table: string,
  columns: readonly number[],
  type: "DOUBLE" | "FLOAT" = "DOUBLE",
): Promise<number[]> {
  if (columns.length === 0) return [];
  const tests = columns.map(
    (c) =>
      `CAST(count(c${c}) > 0 AND bool_and(c${c} IS NULL OR coalesce(isfinite(${numberOf(`c${c}`, type)}), false)) AS INTEGER)`,
  );
  const row = (await database.rows(`SELECT ${tests.join(", ")} FROM ${table}`))[0];
  return columns.filter((_, i) => row[i] === 1);
}

/**
 * Reads further columns: those that hold only numbers as numbers (NaN where empty), the others as text.
 *
 * @param always names that stay text even when every value looks like a number (a film called "1984")
 * @param target the row each of the table's rows goes to, in file order; -1 leaves it out
 */
export async function readAttributes(
  database: Database,
  table: string,
  options: {
    readonly names: readonly string[];
    readonly columns: readonly number[];
    readonly always: readonly string[];
    readonly target: Int32Array;
    readonly size: number;
  },
): Promise<Attributes> {
  const { names, columns, target, size } = options;
  const candidates = columns.filter((c) => !options.always.includes(names[c]));
  const numeric = new Set(await numericColumns(database, table, candidates));
  const text: Record<string, string[]> = {};
  const numbers: Record<string, Float64Array> = {};
  for (const c of columns) {
    const name = names[c];
    const select = numeric.has(c) ? `coalesce(${numberOf(`c${c}`)}, 'nan'::DOUBLE)` : `coalesce(c${c}, '')`;
    const values = (await database.columns(`SELECT ${select} FROM ${table}`))[0];
    if (numeric.has(c)) {
      const column = new Float64Array(size).fill(Number.NaN);
      for (let i = 0; i < target.length; i++) if (target[i] >= 0) column[target[i]] = values[i] as number;
      numbers[name] = column;
    } else {
      const column = new Array<string>(size).fill("");
      for (let i = 0; i < target.length; i++) if (target[i] >= 0) column[target[i]] = values[i] as string;
      text[name] = column;
    }
  }
  return { text, numbers };
}
