import { basename } from "node:path";
import { readAttributes } from "./attributes";
import type { Catalog } from "./catalog";
import { findRoles, itemRoles } from "./columnRoles";
import type { Database } from "./duckdb";
import { headerPlace } from "./fileHead";
import { guessItemNames, readNamedHead } from "./guessColumns";
import { idRows } from "./ids";
import { readTable } from "./readTable";
import { idRules } from "./rowRules";

/** These stay text even where all values look like numbers. */
const textual = ["authors", "category", "genres", "description", "class"];

/**
 * Reads an items file into a catalogue: `item_id` (or book_id, movie_id, ...), `title`, and every further
 * column as text or numbers.
 *
 * @returns the catalogue, and in `listed` the SQL of its ids for checks in the same database
 * @throws InputError on a file that is none, an empty id, an id that comes twice (file:line).
 */
export async function readItems(
  database: Database,
  file: string,
  options: { readonly skipBadRows?: boolean } = {},
): Promise<{
  readonly catalog: Catalog;
  readonly skippedRows: number;
  readonly listed: string;
  readonly notices: readonly string[];
}> {
  const head = await readNamedHead(database, file, { roles: itemRoles, guess: guessItemNames });
  const notices = [...head.notices];
  const roles = findRoles(head.columns, itemRoles, headerPlace(head), {
    onGuess: (role, name) => notices.push(`${basename(file)}: the ${role} is column "${name}"`),
  });
  const table = "items_file";
  const rules = idRules(table, roles.item!);
  const { skippedRows } = await readTable(database, head, { ...options, name: table, rules });

  const listed = (await database.columns(`SELECT c${roles.item} FROM ${table}`))[0] as string[];
  const rows = idRows(listed);
  const target = Int32Array.from(listed, (id) => rows.rowOf(id));
  const titles = [...rows.ids];
  if (roles.title === undefined) notices.push(`${basename(file)} has no title column: ids stand for titles`);
  if (roles.title !== undefined) {
    const given = (await database.columns(`SELECT c${roles.title} FROM ${table}`))[0] as (string | null)[];
    given.forEach((title, i) => {
      if (title !== null) titles[target[i]] = title;
    });
  }
  const columns = head.columns
    .map((_, c) => c)
    .filter((c) => head.columns[c] !== "" && c !== roles.item && c !== roles.title);
  const { text, numbers } = await readAttributes(database, table, {
    names: head.columns,
    columns,
    always: textual,
    target,
    size: rows.ids.length,
  });
  const catalog = { size: rows.ids.length, ids: rows.ids, titles, text, numbers, rowOf: rows.rowOf };
  return { catalog, skippedRows, listed: `SELECT c${roles.item} FROM ${table}`, notices };
}
