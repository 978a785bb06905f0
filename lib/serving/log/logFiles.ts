import { createReadStream } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../data/inputError";
import { entryOf, headOf, type LogHead, version } from "./logLines";

/** A file that a log writes to; what a test may put another in place of. */
export interface LogFile {
  /** Writes all of it, or throws. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Resolves once everything written is on disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** A new file; it may not be there yet. */
export async function createLogFile(path: string): Promise<LogFile> {
  const handle = await open(path, "wx");
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length; )
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

/** A file's name is on disk once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const logFileOf = (folder: string, number: number): string =>
  join(folder, `log-${String(number).padStart(6, "0")}.jsonl`);

/** Numbers of a log's files, ascending; there may be holes where files were taken away. None where there is no folder. */
export async function logFileNumbers(folder: string): Promise<number[]> {
  const numbers: number[] = [];
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  for (const name of names) {
    const found = /^log-(\d{6,})\.jsonl$/.exec(name);
    if (found !== null) numbers.push(Number(found[1]));
  }
  return numbers.sort((a, b) => a - b);
}

/** Whether a path is a folder with a service's log. */
export async function isServingLog(path: string): Promise<boolean> {
  return (await logFileNumbers(path)).length > 0;
}

/**
 * The key of the log in a folder.
 *
 * @throws InputError when a file is no log, of another version or of another log.
 */
export async function logKeyOf(folder: string, numbers: readonly number[]): Promise<string | undefined> {
  let key: string | undefined;
  for (const number of numbers) {
    const file = logFileOf(folder, number);
    const head = await headIn(file);
    if (head === undefined) continue; // a service that was killed while it made the file
    if (head.version !== version)
      throw new InputError(`is of version ${head.version}`, { file, expected: `version ${version}` });
    if (key !== undefined && head.key !== key)
      throw new InputError("is of another log than the files before it", {
        file,
        expected: "one log in a folder",
      });
    key = head.key;
  }
  return key;
}

async function headIn(file: string): Promise<(LogHead & { readonly version: number }) | undefined> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    const text = buffer.toString("utf8", 0, bytesRead);
    const end = text.indexOf("\n");
    return end < 0 ? undefined : headOf(text.slice(0, end));
  } finally {
    await handle.close();
  }
}

/** Where lines of a file stand. */
export interface FileLine {
  readonly text: string;
  /** Bytes before its end, the newline with it. */
  readonly end: number;
  /** Whether a newline follows. */
  readonly isWhole: boolean;
}

/** The lines of a file, in a stream. */
export async function* linesOf(file: string): AsyncGenerator<FileLine> {
  let rest: Buffer = Buffer.alloc(0);
  let end = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, start)) {
      end += at + 1 - start;
      yield { text: bytes.toString("utf8", start, at), end, isWhole: true };
      start = at + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield { text: rest.toString("utf8"), end: end + rest.length, isWhole: false };
}

/**
 * Cuts off what a service that was killed left half written at the end of a file.
 *
 * @returns how many bytes were cut off
 */
export async function cutTornEnd(file: string): Promise<number> {
  let [good, all] = [0, 0];
  for await (const { text, end, isWhole } of linesOf(file)) {
    if (isWhole && entryOf(text) !== undefined) good = end;
    all = end;
  }
  if (good === all) return 0;
  const handle = await open(file, "r+");
  try {
    await handle.truncate(good);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return all - good;
}
