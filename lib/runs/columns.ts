import { readFile } from "node:fs/promises";
import { InputError } from "../data/inputError";
import { writeAtomically } from "../data/writeAtomically";

/** Columns of numbers under their names. */
export type Columns = Readonly<Record<string, Int32Array | Float32Array | Float64Array>>;

const magic = "offshelf columns 1\n";
const kinds = { Int32Array, Float32Array, Float64Array } as const;
type Kind = keyof typeof kinds;

/**
 * Writes columns and a small header as one file: a line of magic, a line of JSON (the header and each column's
 * name, kind and length), spaces up to a multiple of 8 bytes, then the columns' bytes, little-endian, each
 * padded to a multiple of 8. The same columns always give the same bytes.
 *
 * @example await writeColumns("histories.columns", { size: 3 }, { items: Int32Array.of(7, 8, 9) })
 */
export async function writeColumns(path: string, header: object, columns: Columns): Promise<void> {
  const listed = Object.entries(columns).map(([name, values]) => ({
    name,
    kind: kindOf(values),
    length: values.length,
  }));
  const start = Buffer.from(`${magic}${JSON.stringify({ header, columns: listed })}\n`);
  const chunks: Uint8Array[] = [start, Buffer.alloc(padding(start.length), " ")];
  for (const values of Object.values(columns)) {
    chunks.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    chunks.push(new Uint8Array(padding(values.byteLength)));
  }
  await writeAtomically(path, chunks);
}

/**
 * Reads what `writeColumns` wrote.
 *
 * @throws InputError when the file is missing, is something else, or is cut short.
 */
export async function readColumns<H = Record<string, unknown>>(
  path: string,
): Promise<{ readonly header: H; readonly columns: Columns }> {
  const bytes = await bytesOf(path);
  if (bytes.toString("latin1", 0, magic.length) !== magic)
    throw new InputError("is not a file of columns", { file: path, expected: "one written by offshelf" });
  const end = bytes.indexOf(10, magic.length);
  if (end < 0) throw new InputError("ends within its header", { file: path, expected: "a whole file" });
  const { header, columns } = JSON.parse(bytes.toString("utf8", magic.length, end)) as {
    header: H;
    columns: { name: string; kind: Kind; length: number }[];
  };
  let offset = end + 1 + padding(end + 1);
  const read: Record<string, Int32Array | Float32Array | Float64Array> = {};
  for (const { name, kind, length } of columns) {
    const array = kinds[kind];
    const size = length * array.BYTES_PER_ELEMENT;
    if (offset + size > bytes.length)
      throw new InputError(`ends within the column ${name}`, { file: path, expected: "a whole file" });
    const own = new Uint8Array(size); // a copy: aligned, and free of the file's buffer
    own.set(bytes.subarray(offset, offset + size));
    read[name] = new array(own.buffer);
    offset += size + padding(size);
  }
  return { header, columns: read };
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`cannot be read (${(cause as Error).message})`, { file: path });
  }
}

function kindOf(values: Columns[string]): Kind {
  if (values instanceof Int32Array) return "Int32Array";
  return values instanceof Float32Array ? "Float32Array" : "Float64Array";
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
