import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckedRows, copyWithLines } from "./copyWithLines";
import type { Database } from "./duckdb";
import { type FileHead, headerPlace } from "./fileHead";
import { InputError } from "./inputError";
import { csvRows, parquetRows } from "./tableSource";

/** A rule that every row must keep, as SQL over the table's columns c0, c1, ... (all text, null where empty). */
export interface RowRule {
  /** True for a row that breaks the rule; never null. */
  readonly broken: string;
  /** The column whose value the message shows. */
  readonly column: number;
  /** e.g. "is not a rating"; the message reads `rating "x" is not a number`. */
  readonly what: string;
  readonly expected: string;
}

/** A file's good rows as a table of the database: text columns c0, c1, ..., in file order (`rowid`). */
export interface Table {
  /** The table's name in SQL. */
  readonly name: string;
  readonly size: number;
  readonly skippedRows: number;
}

const rowsNamed = 3;

/**
 * Loads a CSV or Parquet file into the database and checks every row.
 *
 * DuckDB reads the file at once. Only when it refuses the file, or a row breaks a rule, is the file read a
 * second time with line numbers, so that the message can say where. With `skipBadRows` the bad rows are left
 * out and counted instead.
 *
 * @param head the file's header, from `readHead`
 * @throws InputError that names the first bad rows (file:line, what is wrong, what was expected) and counts all.
 */
export async function readTable(
  database: Database,
  head: FileHead,
  options: {
    readonly name: string;
    readonly rules: readonly RowRule[];
    readonly skipBadRows?: boolean;
    /** The caller cannot go on without the bad rows, so the message offers no way to. */
    readonly allNeeded?: boolean;
  },
): Promise<Table> {
  const { name, rules } = options;
  const isBad = rules.length === 0 ? "false" : rules.map((rule) => `(${rule.broken})`).join(" OR ");
  if (head.kind === "parquet") {
    const columns = head.columns.map((_, c) => `CAST(#${c + 1} AS VARCHAR) AS c${c}`);
    await database.run(`CREATE TABLE ${name} AS SELECT ${columns.join(", ")} FROM ${parquetRows(head.file)}`);
    await database.run(`ALTER TABLE ${name} ADD COLUMN line BIGINT`);
    await database.run(`UPDATE ${name} SET line = rowid + 1`);
  } else if (await readAtOnce(database, head, name, isBad)) {
    const size = await count(database, name, "true");
    if (size === 0) throw emptyError(head);
    return { name, size, skippedRows: 0 };
  } else {
    const folder = await mkdtemp(join(tmpdir(), "offshelf-"));
    try {
      const copy = join(folder, "rows.csv");
      const torn = await copyWithLines(head, copy);
      const columns = ["line", ...head.columns.map((_, c) => `c${c}`)];
      await database.run(`CREATE OR REPLACE TABLE ${name} AS SELECT * REPLACE (CAST(line AS BIGINT) AS line)
        FROM ${csvRows(copy, columns, ",", { header: false, newLine: "\\n" })}`);
      return await withoutBadRows(database, head, { ...options, isBad, torn });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return withoutBadRows(database, head, { ...options, isBad, torn: { count: 0, first: [] } });
}

/** The quick way; false when it did not give a table of good rows. */
async function readAtOnce(
  database: Database,
  head: FileHead & { kind: "csv" },
  name: string,
  isBad: string,
): Promise<boolean> {
  const columns = head.columns.map((_, c) => `c${c}`);
  try {
    await database.run(
      `CREATE TABLE ${name} AS SELECT * FROM ${csvRows(head.file, columns, head.separator, { header: true })}`,
    );
  } catch {
    // Whatever it was, the careful reading finds it and says where.
    return false;
  }
  return (await count(database, name, isBad)) === 0;
}

/** Throws on bad rows, or deletes them. */
async function withoutBadRows(
  database: Database,
  head: FileHead,
  options: {
    readonly name: string;
    readonly rules: readonly RowRule[];
    readonly isBad: string;
    readonly torn: CheckedRows;
    readonly skipBadRows?: boolean;
    readonly allNeeded?: boolean;
  },
): Promise<Table> {
  const { name, rules, isBad, torn } = options;
  const badRows = (await count(database, name, isBad)) + torn.count;
  if (badRows > 0 && options.skipBadRows !== true) {
    const first = [...torn.first];
    for (const rule of rules) {
      const rows = await database.rows(
        `SELECT CAST(line AS VARCHAR), c${rule.column} FROM ${name} WHERE ${rule.broken} ORDER BY line LIMIT ${rowsNamed}`,
      );
      for (const [line, value] of rows) {
        const shown = value === null ? "is empty" : `${JSON.stringify(short(String(value)))} ${rule.what}`;
        first.push({
          line: Number(line),
          what: `${head.columns[rule.column]} ${shown}`,
          expected: rule.expected,
        });
      }
    }
    throw badRowsError(head, first, badRows, options.allNeeded === true);
  }
  await database.run(`DELETE FROM ${name} WHERE ${isBad}`);
  const size = await count(database, name, "true");
  if (size === 0) throw emptyError(head, badRows);
  return { name, size, skippedRows: badRows };
}

function badRowsError(
  head: FileHead,
  found: CheckedRows["first"],
  total: number,
  allNeeded: boolean,
): InputError {
  const byLine = [...found].sort((a, b) => a.line - b.line);
  const named = byLine.filter((bad, i) => i === 0 || bad.line !== byLine[i - 1]!.line).slice(0, rowsNamed);
  const errors = named.map((bad) =>
    head.kind === "parquet"
      ? new InputError(`row ${bad.line}: ${bad.what}`, { file: head.file, expected: bad.expected })
      : new InputError(bad.what, { file: head.file, line: bad.line, expected: bad.expected }),
  );
  const all = total === 1 ? "1 bad row" : `${total.toLocaleString("en-US")} bad rows in all`;
  const others = [
    ...errors.slice(1).map((error) => error.message),
    allNeeded ? all : `${all}; --skip-bad-rows goes on without`,
  ];
  return errors[0]!.followedBy(others);
}

function emptyError(head: FileHead, badRows = 0): InputError {
  if (badRows > 0)
    return new InputError(`none of its ${badRows.toLocaleString("en-US")} rows is good`, {
      file: head.file,
      expected: "at least one",
    });
  return new InputError("no rows after the header", {
    ...headerPlace(head),
    expected: "at least one",
  });
}

async function count(database: Database, name: string, condition: string): Promise<number> {
  const rows = await database.rows(`SELECT CAST(count(*) AS DOUBLE) FROM ${name} WHERE ${condition}`);
  return rows[0]![0] as number;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
