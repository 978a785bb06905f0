import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type CheckedRows, canonicalCopy, unescaped } from "./canonicalCopy";
import { type Database, sqlText } from "./duckdb";
import type { FileHead } from "./fileHead";
import { InputError } from "./inputError";

/** A file's rows in SQL: text columns c0, c1, ... in the file's order, null where empty. */
export interface TableSource {
  /** A table expression. */
  readonly sql: string;
  /** SQL of a row's line in the file (of its number in Parquet), over a table made of `sql`. */
  readonly line: string;
  /** Rows that are not among them, because they do not have the shape of one. */
  readonly torn: CheckedRows;
  /** Removes the copy that is read, where there is one. */
  release(): Promise<void>;
}

/** A path in SQL that means this one file: DuckDB takes `*`, `?` and `[` for patterns. */
function filePath(file: string): string {
  return sqlText(resolve(file).replace(/[*?[]/g, (mark) => `[${mark}]`));
}

/** A Parquet file's rows, in SQL. */
export function parquetRows(file: string): string {
  return `read_parquet(${filePath(file)}, hive_partitioning = false)`;
}

let copies = 0;

/**
 * Makes a file's rows readable for the database. Plain text files and Parquet it reads itself; of all others it reads a
 * copy in which nothing can be read in two ways.
 *
 * @param options.types DuckDB's types of some columns (of c0, c1, ...), text otherwise
 * @throws InputError on a record that is too long to be one
 */
export async function tableSource(
  database: Database,
  head: FileHead,
  options: { readonly types?: Readonly<Record<string, string>> } = {},
): Promise<TableSource> {
  const typed = (column: string, text: string): string => {
    const type = options.types?.[column];
    return type === undefined ? text : `CAST(${text} AS ${type})`;
  };
  const names = head.columns.map((_, c) => `c${c}`);
  const none = { torn: { count: 0, first: [] }, release: async () => {} };
  if (head.kind === "Parquet") {
    const columns = names.map(
      (name, c) => `CAST(#${c + 1} AS ${options.types?.[name] ?? "VARCHAR"}) AS ${name}`,
    );
    return {
      ...none,
      sql: `(SELECT ${columns.join(", ")} FROM ${parquetRows(head.path)})`,
      line: "rowid + 1",
    };
  }
  if (head.kind === "csv" && head.plain !== undefined) {
    const types = names.map((name) => `${name}: '${options.types?.[name] ?? "VARCHAR"}'`);
    const sql = csvRows(head.path, types, {
      separator: head.separator,
      newLine: head.plain,
      skip: head.headerLine,
    });
    return { ...none, sql, line: `rowid + ${head.headerLine + 1}` };
  }
  const copy = join(await database.folder(), `rows-${copies++}`);
  const made = await canonicalCopy(head, copy).catch((error: Error) => {
    if (error instanceof RangeError)
      throw new InputError(error.message, { file: head.file, expected: "shorter lines" });
    throw error;
  });
  const types = ["line: 'BIGINT'", ...names.map((name) => `${name}: 'VARCHAR'`)];
  const columns = names.map(
    (name, c) => `${typed(name, made.escaped[c] ? unescaped(name) : name)} AS ${name}`,
  );
  const rows = csvRows(copy, types, { separator: "\t", newLine: "\n", skip: 0, longest: made.longest });
  return {
    sql: `(SELECT line, ${columns.join(", ")} FROM ${rows})`,
    line: "line",
    torn: made.torn,
    release: () => rm(copy, { force: true }),
  };
}

/** Longest line that DuckDB reads unless told otherwise. */
const usualLongest = 2_000_000;

function csvRows(
  path: string,
  columns: readonly string[],
  options: {
    readonly separator: string;
    readonly newLine: "\n" | "\r\n";
    readonly skip: number;
    readonly longest?: number;
  },
): string {
  const newLine = options.newLine === "\n" ? "\\n" : "\\r\\n";
  const longest = Math.max(usualLongest, 2 * (options.longest ?? 0));
  return `read_csv(${filePath(path)}, auto_detect = false, header = false, skip = ${options.skip},
    delim = ${sqlText(options.separator)}, quote = '', escape = '', new_line = '${newLine}', compression = 'none',
    hive_partitioning = false, max_line_size = ${longest}, columns = {${columns.join(", ")}})`;
}
