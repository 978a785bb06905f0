import { mkdir } from "node:fs/promises";
import { InputError } from "./inputError";

const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const closed = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR"]);

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | undefined)?.code ?? "");

/** Whether a write failed because no room is left: on the disk, in the user's quota, or by a limit on files. */
export const isFull = (error: unknown): boolean => full.has(codeOf(error));

/**
 * Makes a folder and those above it, where they are missing.
 *
 * @throws as `writeFailure` says; also where a file stands in the way, or the disk above it is read-only (told as ENOENT).
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "EEXIST") throw refusedAt(folder, code, error);
    throw writeFailure(error, folder);
  }
}

/**
 * What to throw where the file system refused a write: an error that names the folder and says what to do. A full disk is
 * nobody's mistake (exit status 1); a folder that cannot be written to is one that somebody chose (InputError, status 2).
 * Whatever else went wrong comes back as it is, and so does what has been put into words already.
 *
 * @example writeFailure(error, "data/runs/a").message
 * // "data/runs/a: no room is left to write (ENOSPC). What was kept before is as it was; make room and start again"
 */
export function writeFailure(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  if (error instanceof InputError || (error as { readonly folder?: string }).folder !== undefined)
    return error;
  if (full.has(code)) {
    const message = `${folder}: no room is left to write (${code}). What was kept before is as it was; make room and start again`;
    return Object.assign(new Error(message, { cause: error }), { code, folder });
  }
  return closed.has(code) ? refusedAt(folder, code, error) : error;
}

function refusedAt(folder: string, code: string, cause: unknown): InputError {
  const refused = new InputError(`cannot be written to (${code})`, {
    file: folder,
    expected: "a folder that you may write to, on a disk that is not read-only",
  });
  return Object.assign(refused, { code, cause });
}
