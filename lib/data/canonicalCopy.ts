import { isUtf8 } from "node:buffer";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fieldBytes, hasWidth, recordBatches, recordParser } from "./csvRecords";
import type { FileHead } from "./fileHead";
import { jsonRows } from "./jsonLines";

/** How many rows could not be taken, and the first of them. */
export interface CheckedRows {
  readonly count: number;
  readonly first: readonly { readonly line: number; readonly what: string; readonly expected: string }[];
}

/** What was copied. */
export interface CanonicalCopy {
  readonly torn: CheckedRows;
  /** Columns in which something is escaped. */
  readonly escaped: readonly boolean[];
  /** Bytes of the longest row. */
  readonly longest: number;
}

const firstKept = 10;

const [mark, tab, newline, carriageReturn] = [1, 9, 10, 13];

/** What stands after the escape for each byte that would be a mark: "a" for the escape itself, and so on. */
const escapes: readonly (readonly [byte: number, letter: string])[] = [
  [newline, "b"],
  [tab, "c"],
  [carriageReturn, "d"],
  [mark, "a"],
];

/** The SQL of a column of a canonical copy as it was. */
export function unescaped(column: string): string {
  return escapes.reduce(
    (sql, [byte, letter]) => `replace(${sql}, chr(${mark}) || '${letter}', chr(${byte}))`,
    column,
  );
}

/**
 * Copies the rows of a file that have the right shape (as many fields as the header, closed quotes, text without NUL)
 * into lines that can be read in one way only: the line it was on, a tab, and the fields, in UTF-8, with tabs between
 * them. There are no quotes; line ends and tabs inside fields are escaped (`unescaped`).
 *
 * @returns the rows that were left out
 */
export async function canonicalCopy(
  head: FileHead & { kind: "csv" | "JSON lines" },
  copy: string,
): Promise<CanonicalCopy> {
  const width = head.columns.length;
  const first: { line: number; what: string; expected: string }[] = [];
  let count = 0;
  const refuse = (line: number, trouble: Trouble): void => {
    count++;
    if (first.length < firstKept) first.push({ line, ...trouble });
  };
  const writer = rowWriter(width);
  async function* csvCopy(): AsyncGenerator<Buffer> {
    const { path, separator, headerLine, encoding } = head as FileHead & { kind: "csv" };
    const parser = recordParser(separator, width);
    const decoder = encoding === "Windows-1252" ? new TextDecoder("windows-1252") : undefined;
    for await (const batch of recordBatches(path, parser)) {
      for (const { bytes, line } of batch) {
        if (line <= headerLine) continue;
        const trouble = shapeTrouble();
        if (trouble !== undefined) {
          refuse(line, trouble);
          continue;
        }
        writer.begin(line);
        for (let f = 0; f < width; f++) {
          if (decoder === undefined && parser.doubled[f] !== true) {
            // Most fields: their bytes as they stand, without a buffer for each.
            if (writer.field(bytes, f, parser.starts[f], parser.ends[f])) continue;
          } else {
            const field = fieldBytes(parser, bytes, f);
            if (writer.field(decoder === undefined ? field : Buffer.from(decoder.decode(field)), f)) continue;
          }
          writer.drop();
          refuse(line, fieldBytes(parser, bytes, f).includes(0) ? nul : notUtf8);
          break;
        }
        writer.end();
        if (writer.isFull()) yield writer.take();
      }
    }
    yield writer.take();
    function shapeTrouble(): Trouble | undefined {
      if (parser.problem !== undefined)
        return { what: parser.problem, expected: "fields whose quotes are closed" };
      if (hasWidth(parser, width)) return undefined;
      const got = parser.count;
      return { what: `${got} ${got === 1 ? "field" : "fields"}`, expected: `${width}, as in the header` };
    }
  }
  async function* jsonCopy(): AsyncGenerator<Buffer> {
    for await (const { line, values, problem } of jsonRows(head.file, head.path, head.columns)) {
      if (problem !== undefined) {
        refuse(line, { what: problem, expected: "a JSON object on each line" });
        continue;
      }
      writer.begin(line);
      for (let f = 0; f < width; f++) {
        if (writer.field(Buffer.from(values[f]), f)) continue;
        writer.drop();
        refuse(line, nul);
        break;
      }
      writer.end();
      if (writer.isFull()) yield writer.take();
    }
    yield writer.take();
  }
  await pipeline(Readable.from(head.kind === "csv" ? csvCopy() : jsonCopy()), createWriteStream(copy));
  return { torn: { count, first }, escaped: writer.escaped, longest: writer.longest() };
}

interface Trouble {
  readonly what: string;
  readonly expected: string;
}

const nul: Trouble = { what: "a NUL byte", expected: "text" };
const notUtf8: Trouble = { what: "bytes that are not UTF-8", expected: "UTF-8 text" };

/** Gathers rows as bytes. */
function rowWriter(width: number) {
  const letterOf = new Uint8Array(256);
  for (const [byte, letter] of escapes) letterOf[byte] = letter.charCodeAt(0);
  const escaped = new Array<boolean>(width).fill(false);
  let out = Buffer.allocUnsafe(2 << 20);
  let [size, begun, longest] = [0, 0, 0];
  let isDropped = false;
  const reserve = (more: number): void => {
    if (size + more <= out.length) return;
    const larger = Buffer.allocUnsafe(2 * (size + more));
    out.copy(larger, 0, 0, size);
    out = larger;
  };
  return {
    escaped,
    longest: () => longest,
    begin(line: number): void {
      isDropped = false;
      begun = size;
      reserve(20);
      size += out.write(String(line), size, "latin1");
    },
    /** False where the field is no text. */
    field(bytes: Buffer, column: number, start = 0, end = bytes.length): boolean {
      reserve(2 * (end - start) + 2);
      out[size++] = tab;
      let isAscii = true;
      for (let at = start; at < end; at++) {
        const byte = bytes[at];
        if (byte < 14) {
          if (byte === 0) return false;
          if (letterOf[byte] !== 0) {
            out[size++] = mark;
            out[size++] = letterOf[byte];
            escaped[column] = true;
            continue;
          }
        } else if (byte >= 0x80) isAscii = false;
        out[size++] = byte;
      }
      return isAscii || isUtf8(bytes.subarray(start, end));
    },
    /** Forgets the row that was begun. */
    drop(): void {
      isDropped = true;
    },
    end(): void {
      if (isDropped) {
        size = begun;
        return;
      }
      out[size++] = newline;
      longest = Math.max(longest, size - begun);
    },
    isFull: () => size > 1 << 20,
    take(): Buffer {
      const taken = Buffer.from(out.subarray(0, size));
      size = 0;
      return taken;
    },
  };
}
