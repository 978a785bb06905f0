import { access } from "node:fs/promises";
import { csvRecords } from "../data/csvRecords";
import { InputError } from "../data/inputError";

/**
 * The users of a file, by row in the log: CSV with a column `user_id` (further columns are passed over).
 *
 * @param userIds ids of the log; row u is user u
 * @throws InputError with file and line for a user the log does not know, one named twice, or no such column.
 */
export async function readUserIds(file: string, userIds: readonly string[]): Promise<Int32Array> {
  await access(file).catch(() => {
    throw new InputError("there is no such file", { file, expected: "a CSV file with a column user_id" });
  });
  const rowOf = new Map(userIds.map((id, row) => [id, row]));
  const rows: number[] = [];
  const seen = new Map<number, number>();
  let column = -1;
  for await (const { line, fields } of csvRecords(file, ",")) {
    if (column < 0) {
      column = fields.findIndex((field) => ["user_id", "userId"].includes(field.toString().trim()));
      if (column < 0)
        throw new InputError("has no column user_id", { file, line, expected: "a header with user_id" });
      continue;
    }
    const id = fields[column]?.toString().trim() ?? "";
    const row = rowOf.get(id);
    if (row === undefined)
      throw new InputError(`user "${id}" is not in the run's log`, {
        file,
        line,
        expected: "a user it knows",
      });
    if (seen.has(row))
      throw new InputError(`user "${id}" comes twice`, {
        file,
        line,
        expected: `each once (first on line ${seen.get(row)})`,
      });
    seen.set(row, line);
    rows.push(row);
  }
  if (rows.length === 0)
    throw new InputError("names no user", { file, expected: "a header user_id and one user a line" });
  return Int32Array.from(rows);
}
