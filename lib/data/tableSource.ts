import { sqlText } from "./duckdb";

/** A Parquet file's rows, in SQL. */
export function parquetRows(file: string): string {
  return `read_parquet(${sqlText(file)})`;
}

/**
 * A CSV file's rows, in SQL: these columns, in the file's order, and nothing guessed.
 *
 * @param columns names; text unless `types` says otherwise
 */
export function csvRows(
  file: string,
  columns: readonly string[],
  separator: string,
  options: {
    readonly header: boolean;
    readonly newLine?: string;
    readonly types?: Readonly<Record<string, string>>;
  },
): string {
  const types = columns.map((column) => `${column}: '${options.types?.[column] ?? "VARCHAR"}'`).join(", ");
  const newLine = options.newLine === undefined ? "" : `, new_line = ${sqlText(options.newLine)}`;
  return `read_csv(${sqlText(file)}, auto_detect = false, header = ${options.header}, delim = ${sqlText(separator)},
    quote = '"', escape = '"', columns = {${types}}${newLine})`;
}
