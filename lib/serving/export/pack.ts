import { deflateRawSync } from "node:zlib";
import type { NamedArrays } from "../../data/namedArrays";
import type { Coding, Kind, PackedArray, PackedFile, ShippedFile } from "./unpack";

/**
 * Files of named arrays as few bytes, without loss: `unpacked` gives every number back.
 *
 * @returns the table of what is where, and the bytes
 */
export function packed(files: ReadonlyMap<string, ShippedFile>): {
  readonly files: readonly PackedFile[];
  readonly bytes: Buffer;
} {
  const chunks: Buffer[] = [];
  const table = [...files].map(([path, { header, arrays }]): PackedFile => {
    const rows = Object.entries(arrays).map(([name, values]): PackedArray => {
      const coding = codingOf(values);
      const bytes =
        coding === "zeros" ? Buffer.alloc(0) : deflateRawSync(planesOf(values, coding), { level: 9 });
      chunks.push(bytes);
      return {
        ...{ name, kind: values.constructor.name as Kind, length: values.length },
        ...{ coding, bytes: bytes.length },
      };
    });
    return { path, header, arrays: rows };
  });
  return { files: table, bytes: Buffer.concat(chunks) };
}

function codingOf(values: NamedArrays[string]): Coding {
  // Minus zero is a number of its own: it has a sign bit to keep.
  if (values.every((value) => Object.is(value, 0))) return "zeros";
  return values instanceof Int32Array ? "differences" : "planes";
}

function planesOf(values: NamedArrays[string], coding: Coding): Uint8Array {
  const numbers = coding === "differences" ? differences(values as Int32Array) : values;
  const width = numbers.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let plane = 0; plane < width; plane++)
    for (let i = 0; i < numbers.length; i++) planes[plane * numbers.length + i] = bytes[i * width + plane];
  return planes;
}

function differences(values: Int32Array): Int32Array {
  const result = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const difference = (values[i] - (i === 0 ? 0 : values[i - 1])) | 0;
    result[i] = (difference << 1) ^ (difference >> 31);
  }
  return result;
}
