import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Database } from "./duckdb";
import { InputError } from "./inputError";

/** A file as it is read: itself, or a copy of it that can be read twice, is not compressed and is no UTF-16. */
export interface SourceFile {
  /** As it was named, for messages. */
  readonly file: string;
  /** What is read. */
  readonly path: string;
  readonly kind: "text" | "JSON lines" | "Parquet";
  /** What had to be done before it could be read. */
  readonly from: readonly ("gzip" | "pipe" | "UTF-16")[];
  /** Bytes of what is read. */
  readonly bytes: number;
}

const opened = new WeakMap<Database, Map<string, Promise<SourceFile>>>();

/**
 * Opens a file for a database: a pipe is copied once, gzip is unpacked and UTF-16 rewritten, into the database's
 * folder, which goes when the database is closed.
 *
 * @throws InputError when the file is missing, a folder, unreadable, empty, or of a kind that is not read.
 */
export function openSource(database: Database, file: string): Promise<SourceFile> {
  let files = opened.get(database);
  if (files === undefined) {
    files = new Map();
    opened.set(database, files);
  }
  let source = files.get(file);
  if (source === undefined) {
    source = openOnce(database, file).catch((error) => {
      if (error instanceof InputError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new InputError(`cannot be read (${code ?? message})`, { file, expected: "a readable file" });
    });
    files.set(file, source);
  }
  return source;
}

async function openOnce(database: Database, file: string): Promise<SourceFile> {
  const facts = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? new InputError("there is no such file", { file, expected: "a CSV or Parquet file" })
      : new InputError(`cannot be read (${error.code})`, { file, expected: "a readable file" });
  });
  if (facts.isDirectory()) throw new InputError("is a folder", { file, expected: "a CSV or Parquet file" });
  const from: SourceFile["from"][number][] = [];
  let path = resolve(file);
  let copies = 0;
  const copyTo = async (way: SourceFile["from"][number], make: (copy: string) => Promise<void>) => {
    const copy = join(await database.folder(), `source-${sources++}-${copies++}`);
    await make(copy);
    from.push(way);
    path = copy;
  };
  if (!facts.isFile())
    await copyTo("pipe", (copy) => pipeline(createReadStream(file), createWriteStream(copy)));
  let { start, bytes } = await beginning(path);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    const packed = path;
    await copyTo("gzip", (copy) =>
      pipeline(createReadStream(packed), createGunzip(), createWriteStream(copy)).catch((error: Error) => {
        throw new InputError(`cannot be unpacked (${error.message})`, {
          file,
          expected: "a whole gzip file",
        });
      }),
    );
    ({ start, bytes } = await beginning(path));
  }
  if (bytes === 0)
    throw new InputError("the file is empty", { file, line: 1, expected: "a header and at least one row" });
  if (start.subarray(0, 4).toString("latin1") === "PAR1") return { file, path, kind: "Parquet", from, bytes };
  if (/\.parquet$/i.test(file))
    throw new InputError("cannot be read as Parquet (it does not begin like one)", {
      file,
      expected: "a Parquet file",
    });
  refuseOtherKinds(start, file);
  const wide = utf16Of(start);
  if (wide !== undefined) {
    const original = path;
    await copyTo("UTF-16", (copy) =>
      pipeline(Readable.from(decoded(original, wide)), createWriteStream(copy)),
    );
    ({ start, bytes } = await beginning(path));
  }
  const text = start
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (/^\[\s*\{/.test(text))
    throw new InputError("is one JSON list", {
      file,
      line: 1,
      expected: "JSON lines, one object a line (jq -c '.[]' makes them)",
    });
  return { file, path, kind: /^\{\s*("|\})/.test(text) ? "JSON lines" : "text", from, bytes };
}

let sources = 0;

async function beginning(path: string): Promise<{ start: Buffer; bytes: number }> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return { start: buffer.subarray(0, bytesRead), bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

/** Kinds of files that people have and that are not read, by how they begin, with what to do. */
const otherKinds: readonly (readonly [begins: string, what: string, expected: string])[] = [
  ["PK\x03\x04", "is a zip archive or an Excel workbook", "the file in it, or the sheet saved as CSV"],
  ["BZh", "is packed by bzip2", "it unpacked (bunzip2), or gzip"],
  ["\xfd7zXZ", "is packed by xz", "it unpacked (unxz), or gzip"],
  ["\x28\xb5\x2f\xfd", "is packed by zstd", "it unpacked (unzstd), or gzip"],
  ["7z\xbc\xaf", "is a 7z archive", "the file in it"],
  ["\x89HDF", "is an HDF5 file", "a CSV or Parquet file"],
  ["\x93NUMPY", "is a NumPy array", "a CSV or Parquet file"],
  ["SQLite format 3", "is an SQLite database", "a table of it, written as CSV"],
  ["\x80\x03", "is a Python pickle", "a CSV or Parquet file (DataFrame.to_csv)"],
  ["\x80\x04", "is a Python pickle", "a CSV or Parquet file (DataFrame.to_csv)"],
  ["\xd0\xcf\x11\xe0", "is an old Excel workbook", "its sheet saved as CSV"],
  ["ARROW1", "is an Arrow file", "a CSV or Parquet file"],
];

function refuseOtherKinds(start: Buffer, file: string): void {
  const text = start.toString("latin1");
  const kind = otherKinds.find(([begins]) => text.startsWith(begins));
  if (kind !== undefined) throw new InputError(kind[1], { file, expected: kind[2] });
}

/** UTF-16 by its byte order mark, or by every other byte of the beginning being 0. */
function utf16Of(start: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const size = Math.min(start.length, 64) & ~1;
  if (size < 8) return undefined;
  const zeros = [0, 0];
  for (let at = 0; at < size; at++) if (start[at] === 0) zeros[at & 1]++;
  if (zeros[0] === 0 && zeros[1] === size / 2) return "utf-16le";
  if (zeros[1] === 0 && zeros[0] === size / 2) return "utf-16be";
  return undefined;
}

async function* decoded(path: string, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
    yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
