import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { packed } from "./pack";
import { bytesOfBase64, type ShippedFile, unpacked } from "./unpack";

const draw = random(1);
const files = new Map<string, ShippedFile>([
  [
    "a",
    {
      header: { format: 3 },
      arrays: {
        floats: Float32Array.from({ length: 1001 }, () => draw.normal()),
        doubles: Float64Array.of(0.1, Number.NaN, Number.NEGATIVE_INFINITY, -0, 1e-300),
        minus: Float32Array.of(-0, 0),
        rows: Int32Array.from({ length: 500 }, () => draw.integer(10_000)),
        ends: Int32Array.of(2 ** 31 - 1, -(2 ** 31), 0, -1, 2 ** 31 - 1),
        marks: Uint8Array.of(0, 1, 255),
      },
    },
  ],
  ["b", { header: {}, arrays: { none: new Float32Array(0), moments: new Float32Array(4096) } }],
]);

test("every number comes back to the bit, through base64 in pieces", () => {
  const { files: table, bytes } = packed(files);
  const text = bytes.toString("base64");
  const pieces = text.match(/.{1,400}/gs)!;
  assert.ok(pieces.length > 5);
  const back = unpacked(JSON.parse(JSON.stringify(table)), bytesOfBase64(pieces));
  assert.deepEqual([...back.keys()], ["a", "b"]);
  for (const [path, { header, arrays }] of files) {
    assert.deepEqual(back.get(path)!.header, header);
    for (const [name, values] of Object.entries(arrays)) {
      const got = back.get(path)!.arrays[name];
      assert.equal(got.constructor, values.constructor, name);
      assert.deepEqual(Buffer.from(got.buffer), Buffer.from(values.buffer), name);
    }
  }
});

test("zeros take no bytes, ascending rows about one each", () => {
  const ascending = Int32Array.from({ length: 10_000 }, (_, i) => 3 * i + (i % 3));
  const zeros = new Float32Array(1e6);
  const { bytes, files: table } = packed(new Map([["x", { header: {}, arrays: { ascending, zeros } }]]));
  assert.ok(bytes.length < 200, `${bytes.length} bytes`);
  assert.equal(table[0].arrays[1].bytes, 0);
});

test("a missing piece is told", () => {
  const { files: table, bytes } = packed(files);
  assert.throws(() => unpacked(table, bytes.subarray(0, -1)), /a part of the data is missing/);
});
