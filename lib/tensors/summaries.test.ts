import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { summaries } from "./summaries";

/**
 * A reader of TensorBoard's event files that shares nothing with what writes them: records (length, its masked CRC-32C, the
 * bytes, their masked CRC-32C; little-endian) of protocol buffers, of which it knows the fields that scalars are in.
 */
function scalarsOf(bytes: Buffer): { tag: string; step: number; value: number }[] {
  const found: { tag: string; step: number; value: number }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    assert.equal(bytes.readUInt32LE(at + 8), masked(crc32c(bytes.subarray(at, at + 8))));
    const event = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(bytes.readUInt32LE(at + 12 + length), masked(crc32c(event)));
    at += 16 + length;
    const fields = fieldsOf(event);
    const step = Number((fields.get(2)?.[0] as bigint | undefined) ?? 0n);
    for (const summary of fields.get(5) ?? [])
      for (const value of fieldsOf(summary as Buffer).get(1) ?? []) {
        const inner = fieldsOf(value as Buffer);
        found.push({ tag: String(inner.get(1)![0]), step, value: numberOf(inner) });
      }
  }
  return found;
}

type Fields = Map<number, (bigint | Buffer)[]>;

/** A scalar is a simple_value (2) or a tensor of floats (8: tensor_content 4, or float_val 5). */
function numberOf(value: Fields): number {
  const simple = value.get(2)?.[0] as Buffer | undefined;
  if (simple !== undefined) return simple.readFloatLE(0);
  const tensor = fieldsOf(value.get(8)![0] as Buffer);
  assert.equal(tensor.get(1)![0], 1n, "a float");
  return ((tensor.get(4) ?? tensor.get(5))![0] as Buffer).readFloatLE(0);
}

function fieldsOf(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (size: number): Buffer => {
    at += size;
    return bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const kind = key & 7;
    const value =
      kind === 0 ? varint() : kind === 1 ? take(8) : kind === 5 ? take(4) : take(Number(varint()));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

/** Castagnoli's polynomial, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

test("CRC-32C of nine digits is the one that its definition gives", () => {
  assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
});

test("an independent reader finds every point under its tag and step, and numbers that are none are left out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-events-"));
  try {
    const writer = summaries(join(folder, "events"));
    writer.scalar("criticLoss", 0.5, 10);
    writer.scalar("criticLoss", 0.25, 20);
    writer.scalar("criticLoss", Number.NaN, 30);
    writer.scalar("validationNdcg", 0.0625, 20);
    writer.flush();
    const [name, ...others] = await readdir(join(folder, "events"));
    assert.deepEqual(others, []);
    assert.match(name, /tfevents/);
    assert.deepEqual(scalarsOf(await readFile(join(folder, "events", name))), [
      { tag: "criticLoss", step: 10, value: 0.5 },
      { tag: "criticLoss", step: 20, value: 0.25 },
      { tag: "validationNdcg", step: 20, value: 0.0625 },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
