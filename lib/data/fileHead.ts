import { stat } from "node:fs/promises";
import { columnName } from "./columnRoles";
import { csvRecords } from "./csvRecords";
import { type Database, sqlText } from "./duckdb";
import { InputError } from "./inputError";

/** What a file is before its rows are read: its kind and its columns' names. */
export type FileHead =
  | {
      readonly kind: "csv";
      readonly file: string;
      readonly columns: readonly string[];
      readonly separator: string;
      readonly headerLine: number;
    }
  | { readonly kind: "parquet"; readonly file: string; readonly columns: readonly string[] };

/** Where a fault of the header is reported. */
export function headerPlace(head: FileHead): { readonly file: string; readonly line?: number } {
  return { file: head.file, ...(head.kind === "csv" ? { line: head.headerLine } : {}) };
}

/** Files by these endings are separated by tabs. */
const tabbed = /\.(tsv|tab|inter|item|user)$/i;

/** What separates a text file's columns, by the file's name. */
export function separatorOf(file: string): string {
  return tabbed.test(file) ? "\t" : ",";
}

/**
 * Reads the names of a file's columns. `.parquet` files are Parquet; `.tsv` and RecBole's `.inter`, `.item`
 * and `.user` are separated by tabs; all others by commas.
 *
 * @throws InputError when the file is missing, a folder, unreadable, empty, not UTF-8, or plainly separated by
 *   another character.
 */
export async function readHead(database: Database, file: string): Promise<FileHead> {
  const facts = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? new InputError("there is no such file", { file, expected: "a CSV or Parquet file" })
      : new InputError(`cannot be read (${error.code})`, { file, expected: "a readable file" });
  });
  if (facts.isDirectory()) throw new InputError("is a folder", { file, expected: "a CSV or Parquet file" });
  if (facts.size === 0)
    throw new InputError("the file is empty", { file, line: 1, expected: "a header and at least one row" });
  return /\.parquet$/i.test(file) ? parquetHead(database, file) : csvHead(file);
}

async function parquetHead(database: Database, file: string): Promise<FileHead> {
  try {
    const rows = await database.rows(`DESCRIBE SELECT * FROM read_parquet(${sqlText(file)})`);
    return { kind: "parquet", file, columns: rows.map((row) => columnName(String(row[0]))) };
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new InputError(`cannot be read as Parquet (${reason})`, { file, expected: "a Parquet file" });
  }
}

async function csvHead(file: string): Promise<FileHead> {
  const separator = separatorOf(file);
  try {
    for await (const { line, fields, problem } of csvRecords(file, separator)) {
      if (problem !== undefined)
        throw new InputError(problem, { file, line, expected: "a header that names every column" });
      const columns = fields.map((field) => columnName(utf8(field, file, line)));
      const other = [",", ";", "\t", "|"].find((mark) => mark !== separator && columns[0]!.includes(mark));
      if (columns.length === 1 && other !== undefined)
        throw new InputError(`columns are separated by ${shown(other)}`, {
          file,
          line,
          expected: shown(separator),
        });
      return { kind: "csv", file, columns, separator, headerLine: line };
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`cannot be read (${code ?? message})`, { file, expected: "a readable file" });
  }
  throw new InputError("only blank lines", { file, line: 1, expected: "a header and at least one row" });
}

function utf8(bytes: Buffer, file: string, line: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError("the header is not UTF-8", { file, line, expected: "UTF-8 text" });
  }
}

function shown(separator: string): string {
  return separator === "\t" ? "tabs" : `"${separator}"`;
}
