import { isAscii, isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";

/** What a pass over a file's bytes found. */
export interface TextFacts {
  /** The line end of a plain file; absent where the file is not plain. */
  readonly plain?: "\n" | "\r\n";
  /** Windows-1252 where more bytes beyond ASCII are not UTF-8 than there are characters in UTF-8. */
  readonly encoding: "UTF-8" | "Windows-1252";
}

/** DuckDB reads lines of up to 2 MB. */
const longestPlain = 1 << 20;

const [newline, carriageReturn, quote] = [10, 13, 34];

/**
 * Passes over a file once (0.5 GB/s and more) and decides whether it is plain: nothing in it can be read in two ways,
 * so that DuckDB may read it at once. In a plain file no byte is a quote or NUL, lines all end in LF or all in CRLF,
 * none is blank or longer than 1 MB, all have the same number of separators, and the text is UTF-8. The rows of a
 * plain file are its lines, so their line numbers are known. Every other file is read by our own reader.
 *
 * @param separator one or two ASCII characters
 */
export async function scanText(path: string, separator: string): Promise<TextFacts> {
  const lines = lineChecker(separator);
  let [isPlain, good, bad] = [true, 0, 0];
  const look = (bytes: Buffer): void => {
    if (!isAscii(bytes)) {
      const counts = charactersBeyondAscii(bytes);
      good += counts.good;
      bad += counts.bad;
    }
    isPlain &&= bad === 0 && lines.check(bytes);
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const read of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const held = rest.length === 0 ? read : Buffer.concat([rest, read]);
    // Whole lines at a time, so that no character is cut in two; a line without end is cut anywhere near.
    let end = held.lastIndexOf(newline) + 1;
    if (end === 0 && held.length > longestPlain) {
      isPlain = false;
      end = held.length;
      while (end > 1 && held.length - end < 4 && held[end - 1] >= 0x80) end--;
    }
    if (end > 0) look(held.subarray(0, end));
    rest = held.subarray(end);
  }
  if (rest.length > 0) look(rest);
  if (bad > good) return { encoding: "Windows-1252" };
  return isPlain ? { plain: lines.lineEnd(), encoding: "UTF-8" } : { encoding: "UTF-8" };
}

/** Checks pieces of a file that are made of whole lines. */
function lineChecker(separator: string): {
  /** False as soon as something is not plain. */
  check(bytes: Buffer): boolean;
  lineEnd(): "\n" | "\r\n";
} {
  const [first, second] = [separator.charCodeAt(0), separator.length > 1 ? separator.charCodeAt(1) : -1];
  const isOfInterest = new Uint8Array(256);
  for (const byte of [0, newline, carriageReturn, quote, first]) isOfInterest[byte] = 1;
  let expected = -1;
  let returns: boolean | undefined;
  const check = (bytes: Buffer): boolean => {
    let [count, start] = [0, 0];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (isOfInterest[byte] === 0) continue;
      if (byte === first) {
        if (second < 0) count++;
        else if (bytes[at + 1] === second) {
          count++;
          at++;
          if (bytes[at + 1] === first) return false; // ":::" can be cut in two ways
        }
      } else if (byte === newline) {
        const isReturned = at > start && bytes[at - 1] === carriageReturn;
        returns ??= isReturned;
        if (expected < 0) expected = count;
        const length = at - start - (isReturned ? 1 : 0);
        if (returns !== isReturned || count !== expected || length === 0 || length > longestPlain)
          return false;
        count = 0;
        start = at + 1;
      } else if (byte !== carriageReturn || bytes[at + 1] !== newline) return false;
    }
    // The file's last line may lack its end.
    return start === bytes.length || expected < 0 || count === expected;
  };
  return { check, lineEnd: () => (returns === true ? "\r\n" : "\n") };
}

/** Characters of two bytes and more that are UTF-8, and bytes that belong to none. */
function charactersBeyondAscii(bytes: Buffer): { good: number; bad: number } {
  let [good, bad] = [0, 0];
  const isGood = isUtf8(bytes);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte < 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (isGood || isUtf8(bytes.subarray(at, at + length))) {
      good++;
      at += length - 1;
    } else bad++;
  }
  return { good, bad };
}
