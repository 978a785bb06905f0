import { findRoles, userRoles } from "../data/columnRoles";
import { openDatabase } from "../data/duckdb";
import { headerPlace, readHead } from "../data/fileHead";
import { InputError } from "../data/inputError";
import { readTable } from "../data/readTable";
import { filled } from "../data/rowRules";

/** Whom a file names. */
export interface AskedUsers {
  readonly ids: readonly string[];
  /** Rows of the log's users; −1 for who is not among them. */
  readonly rows: Int32Array;
}

/**
 * The users of a file: CSV with a column `user_id` (further columns are passed over).
 *
 * @param userIds ids of the log; row u is user u
 * @param options.strict refuse users the log does not know
 * @throws InputError with file and line for a user named twice, no such column, or where `strict` an unknown user.
 */
export async function readUserIds(
  file: string,
  userIds: readonly string[],
  { strict = false }: { readonly strict?: boolean } = {},
): Promise<AskedUsers> {
  const database = await openDatabase();
  try {
    const head = await readHead(database, file);
    const { user } = findRoles(head.columns, userRoles, headerPlace(head));
    const table = await readTable(database, head, { name: "asked", rules: [filled(user!)], allNeeded: true });
    const asked = await database.rows(
      `SELECT c${user}, CAST(${table.line} AS VARCHAR) FROM asked ORDER BY rowid`,
    );
    const place = (line: number) => (head.kind === "Parquet" ? { file } : { file, line });
    return askedOf(asked as [string, string][], userIds, { strict, place });
  } finally {
    database.close();
  }
}

/** Ids stand as they do in the log's reader: blanks around them belong to them. */
function askedOf(
  asked: readonly (readonly [id: string, line: string])[],
  userIds: readonly string[],
  {
    strict,
    place,
  }: { readonly strict: boolean; readonly place: (line: number) => { file: string; line?: number } },
): AskedUsers {
  const rowOf = new Map(userIds.map((id, row) => [id, row]));
  const seen = new Map<string, number>();
  const rows = asked.map(([id, text]) => {
    const line = Number(text);
    const row = rowOf.get(id);
    if (row === undefined && strict)
      throw new InputError(`user "${id.slice(0, 40)}" is not in the run's log`, {
        ...place(line),
        expected: "a user it knows, or no --strict",
      });
    if (seen.has(id))
      throw new InputError(`user "${id}" comes twice`, {
        ...place(line),
        expected: `each once (first on line ${seen.get(id)})`,
      });
    seen.set(id, line);
    return row ?? -1;
  });
  return { ids: asked.map(([id]) => id), rows: Int32Array.from(rows) };
}
