import { open } from "node:fs/promises";
import { columnName, type GivenColumns, isKnownName, type RoleNames } from "./columnRoles";
import { fieldBytes, hasWidth, recordParser } from "./csvRecords";
import type { Database } from "./duckdb";
import { InputError } from "./inputError";
import { jsonKeys, jsonRows } from "./jsonLines";
import { scanText, type TextFacts } from "./plainText";
import { openSource, type SourceFile } from "./sourceFile";
import { parquetRows } from "./tableSource";

/** What a file is before its rows are read: its kind and its columns' names. */
export type FileHead = HeadOfAny &
  (
    | ({
        readonly kind: "csv";
        readonly separator: string;
        /** 0 where there is no header line. */
        readonly headerLine: number;
      } & TextFacts)
    | { readonly kind: "JSON lines" }
    | { readonly kind: "Parquet" }
  );

interface HeadOfAny {
  /** As it was named. */
  readonly file: string;
  /** What is read: the file, or a copy of it. */
  readonly path: string;
  /** How `path` was made from the file. */
  readonly from: SourceFile["from"];
  /** Names as `columnName` gives them; "" for a column that is passed over. Without a header line their numbers. */
  readonly columns: readonly string[];
  /** The first rows that have the right shape, 200 at most; "" where a field is empty. */
  readonly sample: readonly (readonly string[])[];
  /** What was guessed or changed, one line each. */
  readonly notices: readonly string[];
}

/** Where a fault of the header is reported. */
export function headerPlace(head: FileHead): { readonly file: string; readonly line?: number } {
  return { file: head.file, ...(head.kind === "csv" ? { line: Math.max(1, head.headerLine) } : {}) };
}

const separators = [",", "\t", ";", "::", "|"] as const;

/** Files by these endings are separated by tabs, where nothing in them says otherwise. */
const tabbed = /\.(tsv|tab|inter|item|user)(\.gz)?$/i;

/** As much of a file as its separator and its header are found in. */
const sampleBytes = 1 << 18;
const sampleRows = 200;

/**
 * Finds out what a file is and how its columns are called. Text is separated by what cuts its first lines into the same
 * number of fields; it is UTF-8, else Windows-1252.
 *
 * @param options.headerless the columns' names may be missing: the first line is a header unless it holds a number or
 *   a time where half of the other lines do, and none of these names
 * @param options.given names that are said to be in the header
 * @throws InputError as `openSource` does, and when the header cannot be one.
 */
export async function readHead(
  database: Database,
  file: string,
  options: { readonly headerless?: RoleNames; readonly given?: GivenColumns } = {},
): Promise<FileHead> {
  const source = await openSource(database, file);
  const { path, from } = source;
  const notices = from.includes("UTF-16") ? ["the file is UTF-16"] : [];
  const base = { file, path, from };
  if (source.kind === "Parquet") {
    const columns = await parquetColumns(database, source);
    const selected = columns.map((_, c) => `coalesce(CAST(#${c + 1} AS VARCHAR), '')`).join(", ");
    const rows = await database.rows(`SELECT ${selected} FROM ${parquetRows(path)} LIMIT ${sampleRows}`);
    return { ...base, kind: "Parquet", columns, sample: rows as string[][], notices };
  }
  if (source.kind === "JSON lines") {
    const columns = await jsonKeys(file, path);
    const sample: (readonly string[])[] = [];
    for await (const { values } of jsonRows(file, path, columns)) {
      if (values.length > 0) sample.push(values);
      if (sample.length >= sampleRows) break;
    }
    return { ...base, kind: "JSON lines", columns, sample, notices };
  }
  return csvHead(base, notices, options);
}

async function parquetColumns(database: Database, { file, path }: SourceFile): Promise<string[]> {
  try {
    const rows = await database.rows(`DESCRIBE SELECT * FROM ${parquetRows(path)}`);
    return rows.map((row) => columnName(String(row[0])));
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0].replaceAll(path, file);
    throw new InputError(`cannot be read as Parquet (${reason})`, { file, expected: "a Parquet file" });
  }
}

async function csvHead(
  base: Pick<FileHead, "file" | "path" | "from">,
  notices: string[],
  { headerless, given = {} }: { readonly headerless?: RoleNames; readonly given?: GivenColumns },
): Promise<FileHead> {
  const { file, path } = base;
  const start = await startOf(path);
  const separator = separatorOf(start, file);
  const facts = await scanText(path, separator);
  if (facts.encoding === "Windows-1252")
    notices.push("the file is not UTF-8: read as Windows-1252 (Latin-1)");
  const records = recordsOf(start, separator);
  const above = records.findIndex(({ fields }) => !isRemark(fields[0].toString("latin1"), separator));
  const first = records[Math.max(0, above)];
  if (first === undefined)
    throw new InputError("only blank lines", { file, line: 1, expected: "a header and at least one row" });
  const { line } = first;
  if (first.problem !== undefined)
    throw new InputError(first.problem, { file, line, expected: "a header that names every column" });
  const decoder = new TextDecoder(facts.encoding, { fatal: true });
  const textOf = (field: Buffer): string => {
    try {
      return decoder.decode(field);
    } catch {
      throw new InputError("the header is not UTF-8", { file, line, expected: "UTF-8 text" });
    }
  };
  const names = first.fields.map((field) => columnName(textOf(field)));
  const loose = new TextDecoder(facts.encoding);
  const rows = (width: number, from: number): string[][] => {
    const fitting = recordsOf(start, separator, width).slice(Math.max(0, above) + from);
    return fitting
      .filter(({ problem, isFitting }) => problem === undefined && isFitting)
      .map(({ fields }) => fields.slice(0, width).map((field) => loose.decode(field)));
  };
  const head = { ...base, ...facts, kind: "csv" as const, separator, notices };
  const isNamed = Object.values(given).some(
    (name) => name !== undefined && !/^\d+$/.test(name) && names.includes(name),
  );
  if (headerless !== undefined && !isNamed && isData(names, rows(names.length, 1), headerless)) {
    const columns = names.map((_, c) => String(c + 1));
    return { ...head, columns, headerLine: 0, sample: rows(names.length, 0) };
  }
  // A separator at the end of the header names nothing.
  let width = names.length;
  while (width > 1 && names[width - 1] === "") width--;
  const sample = rows(width, 1);
  const columns = names.slice(0, width);
  if (/^unnamed: 0$/i.test(columns[0])) columns[0] = "";
  if (columns[0] === "" && columns.length > 1 && headerless !== undefined)
    notices.push("column 1 has no name (row numbers?): left out");
  const { plain, ...others } = head;
  // A plain file has as many fields in every line as in the header, its nameless last ones too.
  const isPlain = plain !== undefined && width === names.length;
  if (above > 0) notices.push(`${above === 1 ? "a line" : `${above} lines`} above the header left out`);
  return { ...others, ...(isPlain && { plain }), columns, headerLine: line, sample };
}

async function startOf(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytesRead < sampleBytes) return bytes;
    const cut = bytes.lastIndexOf(10) + 1;
    // A first line that is longer than the sample is cut: what is said of it will be short.
    return cut > 0 ? bytes.subarray(0, cut) : bytes;
  } finally {
    await handle.close();
  }
}

interface SampleRecord {
  readonly line: number;
  readonly fields: readonly Buffer[];
  readonly problem: string | undefined;
  readonly isFitting: boolean;
}

function recordsOf(start: Buffer, separator: string, width?: number): SampleRecord[] {
  const parser = recordParser(separator, width);
  const records: SampleRecord[] = [];
  let at = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0;
  let line = 1;
  while (at < start.length && records.length < sampleRows) {
    at = parser.parse(start, at, true);
    const fields: Buffer[] = [];
    for (let f = 0; f < parser.count; f++) fields.push(fieldBytes(parser, start, f));
    const isFitting = width === undefined || hasWidth(parser, width);
    if (parser.count > 0) records.push({ line, fields, problem: parser.problem, isFitting });
    line += parser.lines;
  }
  return records;
}

/**
 * What separates the fields: of the marks that cut the first line, the one for which most of the next lines have as
 * many fields; of equals the one that makes most fields. "|" is often inside a field and comes last; blanks count where
 * nothing else does. A first line "sep=;" is believed.
 */
function separatorOf(start: Buffer, file: string): string {
  const usual = tabbed.test(file) ? "\t" : ",";
  const said = /^(?:\xef\xbb\xbf)?"?sep=(.)"?\r?\n/i.exec(start.toString("latin1", 0, 20))?.[1];
  if (said !== undefined && separators.some((separator) => separator === said)) return said;
  let best = { separator: usual, share: 0, width: 1 };
  for (const separator of separators) {
    const first = recordsOf(start, separator)[0];
    const width = first?.fields.length ?? 1;
    if (first === undefined || width < 2) continue;
    const others = recordsOf(start, separator, width).slice(1);
    const fitting = others.filter(({ isFitting }) => isFitting).length;
    const share = others.length === 0 ? 1 : fitting / others.length;
    const isBetter =
      separator === "|" && best.width > 1 && best.share > 0.5
        ? false
        : share > best.share + 0.1 || (share > best.share - 0.1 && width > best.width);
    if (isBetter) best = { separator, share, width };
  }
  return best.width === 1 && isCutByBlanks(start) ? " " : best.separator;
}

/** Whether blanks separate fields, not words: every line has as many, and some column holds numbers alone. */
function isCutByBlanks(start: Buffer): boolean {
  const width = recordsOf(start, " ")[0]?.fields.length ?? 1;
  const [, ...others] = recordsOf(start, " ", width);
  if (width < 2 || others.length < 3 || !others.every(({ isFitting }) => isFitting)) return false;
  const isNumeric = (c: number): boolean =>
    others.every(({ fields }) => isNumberOrTime(fields[c].toString("latin1")));
  return Array.from({ length: width }, (_, c) => c).some(isNumeric);
}

/** Lines above a header that belong to nothing: remarks, and the separator as Excel wants to be told of it. */
function isRemark(line: string, separator: string): boolean {
  return line.startsWith("#") || `"${line}${separator}"`.toLowerCase() === `"sep=${separator}"`;
}

const numberLike = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const timeLike = /^\s*\d{4}-\d\d-\d\d([ T]\d\d:\d\d.*)?$/;

/** Whether a text is a number, or a date with or without a time. */
export function isNumberOrTime(text: string): boolean {
  return numberLike.test(text) || timeLike.test(text);
}

/** Whether a first line is a row like the others, not a header. */
function isData(first: readonly string[], rows: readonly (readonly string[])[], roles: RoleNames): boolean {
  if (first.some((name) => isKnownName(name, roles))) return false;
  return first.some((name, c) => {
    const numbers = rows.filter((row) => row[c] === "" || isNumberOrTime(row[c])).length;
    return isNumberOrTime(name) && numbers >= rows.length / 2;
  });
}
