import { createReadStream } from "node:fs";
import { InputError } from "./inputError";

/** Keys are looked for in so many lines from the beginning. */
const linesLooked = 1000;

/** A file's lines as bytes, without their ends; blank ones are passed over. */
async function* linesOf(file: string, path: string): AsyncGenerator<{ line: number; bytes: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  const isBlank = (bytes: Buffer): boolean => bytes.length < 1000 && bytes.toString("latin1").trim() === "";
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const held = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10, at)) {
      line++;
      const bytes = held.subarray(at, end);
      if (!isBlank(bytes)) yield { line, bytes };
      at = end + 1;
    }
    rest = held.subarray(at);
    if (rest.length > 64 << 20)
      throw new InputError("a line of more than 64 MB", { file, line: line + 1, expected: "shorter lines" });
  }
  if (!isBlank(rest)) yield { line: line + 1, bytes: rest };
}

/** The keys of the first thousand lines, in the order in which they come. */
export async function jsonKeys(file: string, path: string): Promise<string[]> {
  const keys = new Set<string>();
  for await (const { line, bytes } of linesOf(file, path)) {
    if (line > linesLooked) break;
    for (const key of Object.keys(objectOf(bytes) ?? {})) keys.add(key);
  }
  return [...keys];
}

/**
 * The rows of a file of JSON lines: a text for each column, empty where the line has no such key or null. Numbers stay
 * as they are written (ids of twenty digits too), lists and objects stay JSON.
 */
export async function* jsonRows(
  file: string,
  path: string,
  columns: readonly string[],
): AsyncGenerator<{ readonly line: number; readonly values: readonly string[]; readonly problem?: string }> {
  for await (const { line, bytes } of linesOf(file, path)) {
    const row = objectOf(bytes);
    if (row === undefined) yield { line, values: [], problem: "is not a JSON object" };
    else yield { line, values: columns.map((key) => textOf(row[key])) };
  }
}

function objectOf(bytes: Buffer): Record<string, unknown> | undefined {
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  try {
    const value: unknown = JSON.parse(/\d{16}/.test(text) ? withQuotedNumbers(text) : text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Long numbers lose digits when they are parsed; as texts they do not. Strings are passed over. */
function withQuotedNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (found) =>
    found.startsWith('"') ? found : `"${found}"`,
  );
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
