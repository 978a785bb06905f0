import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InputError } from "./inputError";
import { writeAtomically } from "./writeAtomically";

export { arrayOf } from "./arrayOf";

const kinds = { Int32Array, Float32Array, Float64Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

/** Arrays of numbers under their names. */
export type NamedArrays = Readonly<Record<string, Int32Array | Float32Array | Float64Array | Uint8Array>>;

const magic = "offshelf arrays 1\n";

interface Head {
  readonly header: object;
  readonly arrays: readonly { readonly name: string; readonly kind: Kind; readonly length: number }[];
  /** of everything after the head's padding */
  readonly sha256: string;
}

/**
 * Writes arrays and a small header as one file, the only format in which offshelf keeps numbers: a line of magic, a line of
 * JSON (the header; each array's name, kind and length; the SHA-256 of all numbers), spaces up to a multiple of
 * 8 bytes, then the arrays' bytes, little-endian, each padded to a multiple of 8. The same arrays always give the same
 * bytes; the file appears whole or not at all.
 *
 * @example await writeArrays("histories.arrays", { size: 3 }, { items: Int32Array.of(7, 8, 9) })
 */
export async function writeArrays(path: string, header: object, arrays: NamedArrays): Promise<void> {
  const chunks: Uint8Array[] = [];
  for (const values of Object.values(arrays)) {
    chunks.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    chunks.push(new Uint8Array(padding(values.byteLength)));
  }
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  const head: Head = {
    header,
    arrays: Object.entries(arrays).map(([name, values]) => ({
      name,
      kind: kindOf(values),
      length: values.length,
    })),
    sha256: hash.digest("hex"),
  };
  const start = Buffer.from(`${magic}${JSON.stringify(head)}\n`);
  await writeAtomically(path, [start, Buffer.alloc(padding(start.length), " "), ...chunks]);
}

/**
 * Reads what `writeArrays` wrote.
 *
 * @throws InputError when the file is missing, is something else, is cut short, or holds other bytes than were written.
 */
export async function readArrays<H = Record<string, unknown>>(
  path: string,
): Promise<{ readonly header: H; readonly arrays: NamedArrays }> {
  const bytes = await bytesOf(path);
  if (bytes.toString("latin1", 0, magic.length) !== magic)
    throw new InputError("is not a file of named arrays", {
      file: path,
      expected: "one written by offshelf",
    });
  const end = bytes.indexOf(10, magic.length);
  if (end < 0) throw new InputError("ends within its header", { file: path, expected: "a whole file" });
  const head = headOf(bytes.toString("utf8", magic.length, end), path);
  const first = end + 1 + padding(end + 1);
  let offset = first;
  const arrays: Record<string, NamedArrays[string]> = {};
  for (const { name, kind, length } of head.arrays) {
    const size = length * kinds[kind].BYTES_PER_ELEMENT;
    if (offset + size > bytes.length)
      throw new InputError(`ends within the array ${name}`, { file: path, expected: "a whole file" });
    const own = new Uint8Array(size); // a copy: aligned, and free of the file's buffer
    own.set(bytes.subarray(offset, offset + size));
    arrays[name] = new kinds[kind](own.buffer);
    offset += size + padding(size);
  }
  if (createHash("sha256").update(bytes.subarray(first)).digest("hex") !== head.sha256)
    throw new InputError("holds other bytes than were written", {
      file: path,
      expected: `SHA-256 ${head.sha256}`,
    });
  return { header: head.header as H, arrays };
}

function headOf(text: string, path: string): Head {
  try {
    return JSON.parse(text) as Head;
  } catch (cause) {
    throw new InputError(`has a damaged header (${(cause as Error).message})`, { file: path });
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`cannot be read (${(cause as Error).message})`, { file: path });
  }
}

function kindOf(values: NamedArrays[string]): Kind {
  return values.constructor.name as Kind;
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
