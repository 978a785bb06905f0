import { findRoles, userRoles } from "../data/columnRoles";
import { type Database, openDatabase } from "../data/duckdb";
import { headerPlace, readHead } from "../data/fileHead";
import { InputError } from "../data/inputError";
import { readTable } from "../data/readTable";
import { filled } from "../data/rowRules";

/** Some of the users that a file names, in its order. */
export interface UserChunk {
  readonly ids: readonly string[];
  /** Rows of the log's users; −1 for who is not among them. */
  readonly rows: Int32Array;
}

/** Whom a file names: read and checked as a whole, handed out in chunks, so that millions of ids are never held at once. */
export interface AskedUsers {
  readonly size: number;
  /** How many are not among the log's users, and the first of them. */
  readonly unknown: number;
  readonly firstUnknown: readonly string[];
  chunks(size: number): AsyncIterable<UserChunk>;
  close(): void;
}

const atOnce = 65_536;
const unknownNamed = 3;

/**
 * The users of a file: CSV with a column `user_id` (further columns are passed over). Ids stand as they do in the log's
 * reader: blanks around them belong to them.
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
    const rowOf = new Map(userIds.map((id, row) => [id, row]));
    const { size } = table;
    const source: Source = { database, column: `c${user}`, size };
    const lineOf = async (row: number): Promise<number> => {
      const [[line]] = await database.rows(
        `SELECT CAST(${table.line} AS VARCHAR) FROM asked WHERE rowid = ${row}`,
      );
      return Number(line);
    };
    const place = async (row: number) =>
      head.kind === "Parquet" ? { file } : { file, line: await lineOf(row) };
    const twice = await firstTwice(source);
    let unknown = 0;
    const firstUnknown: string[] = [];
    let at = 0;
    for await (const ids of idsOf(source, atOnce)) {
      for (const id of ids) {
        const row = at++;
        if (rowOf.has(id)) continue;
        if (strict && (twice === undefined || row <= twice.row))
          throw new InputError(`user "${id.slice(0, 40)}" is not in the run's log`, {
            ...(await place(row)),
            expected: "a user it knows, or no --strict",
          });
        unknown++;
        if (firstUnknown.length < unknownNamed) firstUnknown.push(id);
      }
    }
    if (twice !== undefined)
      throw new InputError(`user "${twice.id}" comes twice`, {
        ...(await place(twice.row)),
        expected: `each once (first on line ${await lineOf(twice.first)})`,
      });
    return {
      ...{ size, unknown, firstUnknown },
      async *chunks(most) {
        for await (const ids of idsOf(source, most))
          yield { ids, rows: Int32Array.from(ids, (id) => rowOf.get(id) ?? -1) };
      },
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Source {
  readonly database: Database;
  readonly column: string;
  readonly size: number;
}

/** The ids in the file's order; rows of the table are numbered without gaps, since a bad row stops the reading. */
async function* idsOf({ database, column, size }: Source, most: number): AsyncGenerator<readonly string[]> {
  for (let start = 0; start < size; start += most) {
    const [ids] = await database.columns(
      `SELECT ${column} FROM asked WHERE rowid >= ${start} AND rowid < ${start + most} ORDER BY rowid`,
    );
    yield ids as string[];
  }
}

/** The first row whose id has come before, and where. */
async function firstTwice({ database, column }: Source) {
  const [found] = await database.rows(
    `SELECT CAST(again AS VARCHAR), CAST(first AS VARCHAR), id FROM (
      SELECT ${column} AS id, rowid AS again, min(rowid) OVER (PARTITION BY ${column}) AS first FROM asked
      WHERE ${column} IN (SELECT ${column} FROM asked GROUP BY ${column} HAVING count(*) > 1)
    ) WHERE again > first ORDER BY again LIMIT 1`,
  );
  return found && { row: Number(found[0]), first: Number(found[1]), id: String(found[2]) };
}
