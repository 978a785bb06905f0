import { basename } from "node:path";
import { readAttributes } from "./attributes";
import { findRoles, userRoles } from "./columnRoles";
import type { Database } from "./duckdb";
import { headerPlace } from "./fileHead";
import { guessUserNames, readNamedHead } from "./guessColumns";
import { readTable } from "./readTable";
import { idRules } from "./rowRules";

/** What is known of the users of a log: row u here is user row u of its interactions. */
export interface Users {
  readonly size: number;
  readonly ids: readonly string[];
  /** Text columns (gender, location, signup_date ...), each [size]; "" where missing. */
  readonly text: Readonly<Record<string, readonly string[]>>;
  /** Numeric columns (age ...), each [size]; NaN where missing. */
  readonly numbers: Readonly<Record<string, Float64Array>>;
}

/**
 * Reads a users file for the users of a log. Users who are not in the log are left out; those of the log who
 * are not in the file have empty values.
 *
 * @throws InputError on a file that is none, an empty id, an id that comes twice (file:line).
 */
export async function readUsers(
  database: Database,
  file: string,
  options: { readonly ids: readonly string[]; readonly skipBadRows?: boolean },
): Promise<{ readonly users: Users; readonly skippedRows: number; readonly notices: readonly string[] }> {
  const head = await readNamedHead(database, file, { roles: userRoles, guess: guessUserNames });
  const notices = [...head.notices];
  const roles = findRoles(head.columns, userRoles, headerPlace(head), {
    onGuess: (role, name) => notices.push(`${basename(file)}: the ${role} is column "${name}"`),
  });
  const table = "users_file";
  const rules = idRules(table, roles.user!);
  const { skippedRows } = await readTable(database, head, { ...options, name: table, rules });

  const rowOf = new Map(options.ids.map((id, row) => [id, row]));
  const listed = (await database.columns(`SELECT c${roles.user} FROM ${table}`))[0] as string[];
  const { text, numbers } = await readAttributes(database, table, {
    names: head.columns,
    columns: head.columns.map((_, c) => c).filter((c) => head.columns[c] !== "" && c !== roles.user),
    always: ["gender", "location", "signup_date", "zip_code", "occupation"],
    target: Int32Array.from(listed, (id) => rowOf.get(id) ?? -1),
    size: options.ids.length,
  });
  return { users: { size: options.ids.length, ids: options.ids, text, numbers }, skippedRows, notices };
}
