import { inflateSync } from "fflate";
import type { NamedArrays } from "../../data/namedArrays";

/** How an array's numbers became bytes, before these were deflated. */
export type Coding =
  /** All zeros: no bytes. */
  | "zeros"
  /** The first byte of every number, then the second of every number ...: like bytes side by side deflate better. */
  | "planes"
  /** Whole numbers by their difference from the one before (zigzag: 0, −1, 1, −2 ... as 0, 1, 2, 3), then as planes. */
  | "differences";

const kinds = { Int32Array, Float32Array, Float64Array, Uint8Array } as const;
export type Kind = keyof typeof kinds;

/** Where an array lies in the packed bytes, and how it is coded. */
export interface PackedArray {
  readonly name: string;
  readonly kind: Kind;
  /** Numbers in the array. */
  readonly length: number;
  readonly coding: Coding;
  /** Deflated bytes; they follow those of the array before. */
  readonly bytes: number;
}

/** Some named arrays with a header, as a file of `data/namedArrays` has them. */
export interface PackedFile {
  readonly path: string;
  readonly header: object;
  readonly arrays: readonly PackedArray[];
}

/** What a file holds once it is unpacked. */
export interface ShippedFile {
  readonly header: object;
  readonly arrays: NamedArrays;
}

/**
 * The files that `packed` has packed, number for number. Runs in Node and in browsers (little-endian ones, as all are).
 *
 * @param bytes of all arrays of all files, one after the other
 * @throws when there are more or fewer bytes than the files say.
 */
export function unpacked(files: readonly PackedFile[], bytes: Uint8Array): Map<string, ShippedFile> {
  const wanted = files.reduce(
    (sum, { arrays }) => sum + arrays.reduce((inner, each) => inner + each.bytes, 0),
    0,
  );
  if (wanted !== bytes.length)
    throw new Error(`unpacked requires ${wanted} bytes, got ${bytes.length}: a part of the data is missing`);
  let at = 0;
  const found = new Map<string, ShippedFile>();
  for (const { path, header, arrays } of files) {
    const own: Record<string, NamedArrays[string]> = {};
    for (const array of arrays) {
      own[array.name] = arrayOf(array, bytes.subarray(at, at + array.bytes));
      at += array.bytes;
    }
    found.set(path, { header, arrays: own });
  }
  return found;
}

function arrayOf({ kind, length, coding }: PackedArray, deflated: Uint8Array): NamedArrays[string] {
  const values = new kinds[kind](length);
  if (coding === "zeros") return values;
  const width = kinds[kind].BYTES_PER_ELEMENT;
  const planes = inflateSync(deflated, { out: new Uint8Array(length * width) });
  const bytes = new Uint8Array(values.buffer);
  for (let plane = 0; plane < width; plane++)
    for (let i = 0; i < length; i++) bytes[i * width + plane] = planes[plane * length + i];
  if (coding === "differences") {
    let before = 0;
    for (let i = 0; i < length; i++) {
      before = (before + ((values[i] >>> 1) ^ -(values[i] & 1))) | 0;
      values[i] = before;
    }
  }
  return values;
}

/** Bytes of base64 text in pieces, each a whole number of four letters. */
export function bytesOfBase64(pieces: readonly string[]): Uint8Array {
  const parts = pieces.map((piece) => atob(piece));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) bytes[at++] = part.charCodeAt(i);
  return bytes;
}
