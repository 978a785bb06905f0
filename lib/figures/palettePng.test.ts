import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync, inflateSync } from "node:zlib";
import { random } from "../math/random";
import { decode, palettePng } from "./palettePng";

/** A true-colour PNG with the given filter in each row; checksums are left at 0, the decoder does not read them. */
function trueColour(width: number, height: number, pixels: Uint8Array, filters: readonly number[]): Buffer {
  const stride = width * 3;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const filter = filters[y % filters.length];
    rows[y * (stride + 1)] = filter;
    for (let x = 0; x < stride; x++) {
      const left = x >= 3 ? pixels[y * stride + x - 3] : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + x] : 0;
      const corner = x >= 3 && y > 0 ? pixels[(y - 1) * stride + x - 3] : 0;
      const estimate = left + up - corner;
      const [a, b, c] = [left, up, corner].map((v) => Math.abs(estimate - v)) as [number, number, number];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const guess = [0, left, up, Math.floor((left + up) / 2), paeth][filter];
      rows[y * (stride + 1) + 1 + x] = pixels[y * stride + x] - guess;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const part = (name: string, data: Buffer): Buffer => {
    const out = Buffer.alloc(data.length + 12);
    out.writeUInt32BE(data.length, 0);
    out.write(name, 4, "latin1");
    out.set(data, 8);
    return out;
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    part("IHDR", header),
    part("IDAT", deflateSync(rows)),
    part("IEND", Buffer.alloc(0)),
  ]);
}

/** Reads what palettePng wrote: colour table and one byte a pixel, unfiltered. */
function readPalette(png: Buffer, width: number): number[] {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const table = chunks.get("PLTE")!;
  const rows = inflateSync(chunks.get("IDAT")!);
  return [...rows].flatMap((place, i) =>
    i % (width + 1) === 0
      ? []
      : [(table[3 * place] << 16) | (table[3 * place + 1] << 8) | table[3 * place + 2]],
  );
}

test("all five row filters are undone", () => {
  const draw = random(1);
  const pixels = Uint8Array.from({ length: 7 * 10 * 3 }, () => draw.integer(256));
  const { colours, width, height } = decode(trueColour(7, 10, pixels, [0, 1, 2, 3, 4]));
  assert.deepEqual([width, height], [7, 10]);
  assert.deepEqual(
    Array.from(colours),
    Array.from(
      { length: 70 },
      (_, i) => (pixels[3 * i] << 16) | (pixels[3 * i + 1] << 8) | pixels[3 * i + 2],
    ),
  );
});

test("up to 256 colours are kept exactly", () => {
  const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i % 3 === 0 ? Math.floor(i / 3) : 77));
  const png = trueColour(16, 16, pixels, [0]);
  assert.deepEqual(readPalette(palettePng(png), 16), Array.from(decode(png).colours));
});

test("more colours are moved a little, the commonest not at all, and the same way each time", () => {
  const draw = random(2);
  const pixels = new Uint8Array(64 * 64 * 3).fill(255);
  for (let i = 0; i < pixels.length / 2; i++) pixels[i] = draw.integer(256);
  const png = trueColour(64, 64, pixels, [1, 4]);
  const [before, after] = [decode(png).colours, readPalette(palettePng(png), 64)];
  assert.equal(after[64 * 64 - 1], 0xffffff);
  let worst = 0;
  let total = 0;
  for (let i = 0; i < after.length; i++)
    for (const shift of [16, 8, 0]) {
      const difference = Math.abs(((after[i] >> shift) & 255) - ((before[i] >> shift) & 255));
      worst = Math.max(worst, difference);
      total += difference;
    }
  assert.ok(worst < 64 && total / after.length / 3 < 10, `worst ${worst}, mean ${total / after.length / 3}`);
  assert.deepEqual(palettePng(png), palettePng(png));
});

test("other kinds of PNG are refused by name", () => {
  const png = trueColour(2, 2, new Uint8Array(12), [0]);
  png[24] = 16;
  assert.throws(() => decode(png), /requires 8-bit true colour, got depth 16/);
});
