import { createReadStream } from "node:fs";

/** One record of a CSV file: its fields as bytes, still in UTF-8, and the line it starts on. */
export interface CsvRecord {
  /** 1-based line of the file; line breaks inside quotes count, so an editor shows the same number. */
  readonly line: number;
  readonly fields: readonly Buffer[];
  /** What is wrong with the quotes of this record, if anything. */
  readonly problem?: string;
}

const [newline, carriageReturn, quote] = [10, 13, 34];

/**
 * Reads a CSV file record by record (RFC 4180; lines end in LF, CRLF or CR, mixed as they come; a byte order
 * mark and blank lines are skipped). It is slower than DuckDB and knows one thing DuckDB does not: the line a
 * record is on. It reads a file's header, and again a file in which something was found wrong.
 *
 * Why not csv-parse (7.0.3): 300,000 rows of four fields take 0.3 s to 0.7 s here (plain; with quoted titles) and 2.6 s
 * to 4.1 s there, for a record of bytes with its line; it gives the line a record ends on, and after a quote that is
 * wrong it cannot say so and go on. The tests hold both against each other.
 *
 * @param separator one ASCII character.
 * @example // for a file "a,b\n1,2\n": [{ line: 1, fields: [a, b] }, { line: 2, fields: [1, 2] }]
 */
export async function* csvRecords(path: string, separator: string): AsyncGenerator<CsvRecord> {
  const comma = separator.charCodeAt(0);
  let field: number[] = [];
  let fields: Buffer[] = [];
  let [line, start] = [1, 1];
  let inside = false; // between quotes
  let closed = false; // after the closing quote of a field
  let problem: string | undefined;
  let pendingReturn = false; // a CR whose LF may follow
  let mark = 0; // bytes of the byte order mark seen

  const endField = (): void => {
    fields.push(Buffer.from(field));
    field = [];
    closed = false;
  };
  const endRecord = (): CsvRecord | undefined => {
    const blank = fields.length === 0 && field.length === 0 && !closed && problem === undefined;
    endField();
    const record = blank ? undefined : { line: start, fields, ...(problem === undefined ? {} : { problem }) };
    fields = [];
    problem = undefined;
    start = line;
    return record;
  };

  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (mark < 3) {
        if (byte === [0xef, 0xbb, 0xbf][mark]) {
          mark++;
          continue;
        }
        mark = 3;
      }
      const afterReturn = pendingReturn;
      pendingReturn = byte === carriageReturn;
      if (byte === newline && afterReturn) {
        // The second half of CRLF: the line is counted already.
        if (inside) field.push(byte);
        continue;
      }
      const ends = byte === newline || byte === carriageReturn;
      if (ends) line++;
      if (inside) {
        if (byte === quote) {
          inside = false;
          closed = true;
        } else field.push(byte);
      } else if (byte === comma) endField();
      else if (ends) {
        const record = endRecord();
        if (record !== undefined) yield record;
      } else if (byte === quote && closed) {
        // Two quotes inside quotes are one; the field goes on.
        field.push(byte);
        inside = true;
        closed = false;
      } else if (byte === quote && field.length === 0) inside = true;
      else {
        if (closed) problem ??= "text after a closing quote";
        field.push(byte);
      }
    }
  }
  if (inside) problem = "a quote that is never closed";
  const last = endRecord();
  if (last !== undefined) yield last;
}
