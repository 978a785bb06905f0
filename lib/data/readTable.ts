import type { CheckedRows } from "./canonicalCopy";
import type { Database } from "./duckdb";
import { type FileHead, headerPlace } from "./fileHead";
import { InputError } from "./inputError";
import { tableSource } from "./tableSource";

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
  /** SQL of the line of the file that a row of the table is on (of its number in Parquet). */
  readonly line: string;
  readonly size: number;
  readonly skippedRows: number;
}

const rowsNamed = 3;

/**
 * Loads a file into the database and checks every row. With `skipBadRows` the bad rows are left out and counted;
 * without it they are named, by line.
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
  const { name } = options;
  const { sql, line, torn, release } = await tableSource(database, head);
  try {
    await database.run(`CREATE OR REPLACE TABLE ${name} AS SELECT * FROM ${sql}`);
  } catch (error) {
    // What a person gave stands in the file, not in our copy of it, and not in DuckDB's advice.
    const reason = (error as Error).message.split("\n")[0].replaceAll(head.path, head.file);
    if (/^(Out of Memory|Interrupt)/.test(reason)) throw error;
    throw new InputError(`cannot be read (${short(reason, 200)})`, {
      file: head.file,
      expected: "a table of rows and columns",
    });
  } finally {
    await release();
  }
  const rules = head.kind === "Parquet" ? [...options.rules, ...nulRules(head)] : options.rules;
  const isBad = rules.length === 0 ? "false" : rules.map((rule) => `(${rule.broken})`).join(" OR ");
  const badRows = (await count(database, name, isBad)) + torn.count;
  if (badRows > 0 && options.skipBadRows !== true) {
    const first = [...torn.first];
    for (const rule of rules) {
      const rows = await database.rows(
        `SELECT CAST(${line} AS VARCHAR), c${rule.column} FROM ${name} WHERE ${rule.broken} ORDER BY ${line} LIMIT ${rowsNamed}`,
      );
      for (const [place, value] of rows) {
        const shown = value === null ? "is empty" : `${JSON.stringify(short(String(value)))} ${rule.what}`;
        first.push({
          line: Number(place),
          what: `${nameOf(head, rule.column)} ${shown}`,
          expected: rule.expected,
        });
      }
    }
    throw badRowsError(head, first, badRows, options.allNeeded === true);
  }
  if (badRows > torn.count) await database.run(`DELETE FROM ${name} WHERE ${isBad}`);
  const size = await count(database, name, "true");
  if (size === 0) throw emptyError(head, badRows);
  return { name, line, size, skippedRows: badRows };
}

/** A column as messages call it. */
function nameOf(head: FileHead, column: number): string {
  const isNumbered = head.kind === "csv" && head.headerLine === 0;
  return isNumbered ? `column ${column + 1}` : short(head.columns[column]);
}

/** No text holds a NUL; in text files the reader sees to it. */
function nulRules(head: FileHead): RowRule[] {
  return head.columns.map((_, column) => ({
    broken: `coalesce(contains(c${column}, chr(0)), false)`,
    column,
    what: "holds a NUL byte",
    expected: "text",
  }));
}

function badRowsError(
  head: FileHead,
  found: CheckedRows["first"],
  total: number,
  allNeeded: boolean,
): InputError {
  const byLine = [...found].sort((a, b) => a.line - b.line);
  const named = byLine.filter((bad, i) => i === 0 || bad.line !== byLine[i - 1].line).slice(0, rowsNamed);
  const errors = named.map((bad) =>
    head.kind === "Parquet"
      ? new InputError(`row ${bad.line}: ${bad.what}`, { file: head.file, expected: bad.expected })
      : new InputError(bad.what, { file: head.file, line: bad.line, expected: bad.expected }),
  );
  const all = total === 1 ? "1 bad row" : `${total.toLocaleString("en-US")} bad rows in all`;
  const others = [
    ...errors.slice(1).map((error) => error.message),
    allNeeded ? all : `${all}; --skip-bad-rows goes on without`,
  ];
  return errors[0].followedBy(others);
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
  return rows[0][0] as number;
}

function short(text: string, most = 40): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
