import { isUtf8 } from "node:buffer";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type CsvRecord, csvRecords } from "./csvRecords";
import type { FileHead } from "./fileHead";

/** How many rows could not be taken, and the first of them. */
export interface CheckedRows {
  readonly count: number;
  readonly first: readonly { readonly line: number; readonly what: string; readonly expected: string }[];
}

const firstKept = 10;

/**
 * Copies the rows of a CSV file that have the right shape (as many fields as the header, closed quotes, UTF-8)
 * into a clean CSV without a header, each preceded by the line it was on.
 *
 * @returns the rows that were left out.
 */
export async function copyWithLines(head: FileHead & { kind: "csv" }, copy: string): Promise<CheckedRows> {
  const first: { line: number; what: string; expected: string }[] = [];
  let count = 0;
  async function* cleanRows(): AsyncGenerator<Buffer> {
    let parts: Buffer[] = [];
    let bytes = 0;
    for await (const record of csvRecords(head.file, head.separator)) {
      if (record.line === head.headerLine) continue;
      const trouble = shapeProblem(record, head.columns.length);
      if (trouble !== undefined) {
        count++;
        if (first.length < firstKept) first.push({ line: record.line, ...trouble });
        continue;
      }
      const row = rowBytes(record);
      parts.push(row);
      bytes += row.length;
      if (bytes > 1 << 20) {
        yield Buffer.concat(parts);
        parts = [];
        bytes = 0;
      }
    }
    yield Buffer.concat(parts);
  }
  await pipeline(Readable.from(cleanRows()), createWriteStream(copy));
  return { count, first };
}

function shapeProblem(record: CsvRecord, width: number): { what: string; expected: string } | undefined {
  if (record.problem !== undefined)
    return { what: record.problem, expected: "fields whose quotes are closed" };
  const got = record.fields.length;
  if (got !== width)
    return { what: `${got} ${got === 1 ? "field" : "fields"}`, expected: `${width}, as in the header` };
  if (!record.fields.every((field) => isUtf8(field)))
    return { what: "bytes that are not UTF-8", expected: "UTF-8 text" };
  return undefined;
}

function rowBytes(record: CsvRecord): Buffer {
  const parts = [Buffer.from(String(record.line))];
  for (const field of record.fields) {
    // An empty field stays unquoted: it means "no value".
    const quoted = field.length === 0 ? "" : `"${field.toString("utf8").replace(/"/g, '""')}"`;
    parts.push(Buffer.from(`,${quoted}`));
  }
  parts.push(Buffer.from("\n"));
  return Buffer.concat(parts);
}
