import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../data/inputError";
import { writeJoinedLog } from "../serving/log/joinedLog";
import { isServingLog } from "../serving/log/logFiles";
import type { Output } from "./output";

export interface ServedLogOptions {
  /** A file of rounds, or the folder of a service's log. */
  readonly log: string;
  /** Where the rows of a service's log are kept; in a temporary file without. */
  readonly writeLog?: string;
  /** Only slates of these arms of a service's log. */
  readonly arm?: readonly string[];
}

/**
 * Calls with the file of rows that `ope` reads: the file given, or one that is made of a service's log, whose folder is told too.
 *
 * @throws InputError when a folder holds no log of a service, its log no slate, or options of such logs come with a file
 */
export async function withRows<T>(
  { log, writeLog, arm }: ServedLogOptions,
  output: Output,
  use: (file: string, folder?: string) => Promise<T>,
): Promise<T> {
  if (!(await isServingLog(log))) {
    const isFolder = await stat(log).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder)
      throw new InputError("holds no log of a service", { file: log, expected: "log-000001.jsonl …" });
    for (const [name, given] of Object.entries({ "--write-log": writeLog, "--arm": arm }))
      if (given !== undefined)
        throw new InputError(`${name} goes with the log of a service`, { file: log, expected: "its folder" });
    return use(log);
  }
  const temporary = writeLog === undefined ? await mkdtemp(join(tmpdir(), "offshelf-served-")) : undefined;
  const file = writeLog ?? join(temporary!, "log.csv");
  try {
    const notices = { onNotice: (notice: string) => output.note(notice) };
    const counts = await writeJoinedLog(log, file, { ...notices, ...(arm && { arms: new Set(arm) }) });
    if (counts.rows === 0)
      throw new InputError(arm === undefined ? "holds no slate yet" : `holds no slate of ${arm.join(", ")}`, {
        file: log,
        expected:
          arm === undefined ? "a log of a service that was asked" : "names that the column policy shows",
      });
    if (writeLog !== undefined)
      output.note(
        `${writeLog}: ${counts.rows} rows of ${counts.slates} slates, ${counts.taken} with a reward`,
      );
    return await use(file, log);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}
