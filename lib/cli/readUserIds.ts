import { findRoles, userRoles } from "../data/columnRoles";
import { openDatabase } from "../data/duckdb";
import { headerPlace, readHead } from "../data/fileHead";
import { InputError } from "../data/inputError";
import { readTable } from "../data/readTable";
import { filled } from "../data/rowRules";

/**
 * The users of a file, by row in the log: CSV with a column `user_id` (further columns are passed over).
 *
 * @param userIds ids of the log; row u is user u
 * @throws InputError with file and line for a user the log does not know, one named twice, or no such column.
 */
export async function readUserIds(file: string, userIds: readonly string[]): Promise<Int32Array> {
  const database = await openDatabase();
  try {
    const head = await readHead(database, file);
    const { user } = findRoles(head.columns, userRoles, headerPlace(head));
    const table = await readTable(database, head, { name: "asked", rules: [filled(user!)], allNeeded: true });
    const asked = await database.rows(
      `SELECT c${user}, CAST(${table.line} AS VARCHAR) FROM asked ORDER BY rowid`,
    );
    return rowsOf(asked as [string, string][], userIds, { file, isText: head.kind !== "Parquet" });
  } finally {
    database.close();
  }
}

/** Ids stand as they do in the log's reader: blanks around them belong to them. */
function rowsOf(
  asked: readonly (readonly [id: string, line: string])[],
  userIds: readonly string[],
  { file, isText }: { readonly file: string; readonly isText: boolean },
): Int32Array {
  const rowOf = new Map(userIds.map((id, row) => [id, row]));
  const rows: number[] = [];
  const seen = new Map<number, number>();
  for (const [id, place] of asked) {
    const line = Number(place);
    const where = isText ? { file, line } : { file };
    const row = rowOf.get(id);
    if (row === undefined)
      throw new InputError(`user "${id.slice(0, 40)}" is not in the run's log`, {
        ...where,
        expected: "a user it knows",
      });
    if (seen.has(row))
      throw new InputError(`user "${id}" comes twice`, {
        ...where,
        expected: `each once (first on line ${seen.get(row)})`,
      });
    seen.set(row, line);
    rows.push(row);
  }
  return Int32Array.from(rows);
}
