import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { arrayOf, readArrays, writeArrays } from "./namedArrays";

const folder = mkdtempSync(join(tmpdir(), "offshelf-arrays-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "one.arrays");

test("what is written is read: every kind, empty arrays, views, odd lengths, any header", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 9 }),
      fc.array(fc.double(), { maxLength: 9 }),
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 9 }),
      fc.string(),
      async (whole, real, bytes, text) => {
        const wide = Float64Array.of(0, ...real, 0);
        const arrays = {
          items: Int32Array.from(whole),
          weights: Float32Array.from(real),
          times: wide.subarray(1, wide.length - 1),
          "flags ü": Uint8Array.from(bytes),
        };
        await writeArrays(path, { text }, arrays);
        const read = await readArrays<{ text: string }>(path);
        assert.equal(read.header.text, text);
        assert.deepEqual(read.arrays, { ...arrays, times: Float64Array.from(real) });
      },
    ),
    { numRuns: 40 },
  );
});

test("the bytes are those that the doc block describes", async () => {
  await writeArrays(path, { a: 1 }, { x: Int32Array.of(1, 2, 3) });
  const bytes = readFileSync(path);
  const [first, second] = bytes.toString("latin1").split("\n");
  assert.equal(first, "offshelf arrays 1");
  const head = JSON.parse(second) as { header: unknown; arrays: unknown };
  assert.deepEqual(head.header, { a: 1 });
  assert.deepEqual(head.arrays, [{ name: "x", kind: "Int32Array", length: 3 }]);
  assert.equal(bytes.length % 8, 0);
  assert.deepEqual([...bytes.subarray(bytes.length - 16)], [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
});

test("a damaged file is refused by name: missing, another thing, cut anywhere, one bit turned", async () => {
  await assert.rejects(readArrays(join(folder, "none")), /none: cannot be read/);
  writeFileSync(path, "user,item\n");
  await assert.rejects(readArrays(path), /one\.arrays: is not a file of named arrays/);
  await writeArrays(path, {}, { x: Float32Array.of(1, 2, 3), y: Int32Array.of(4) });
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length += 5) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    await assert.rejects(readArrays(path), { name: "InputError" }, `${length} bytes`);
  }
  const first = whole.indexOf(10, 20) + 1;
  for (let at = first + 8; at < whole.length; at += 3) {
    const turned = Buffer.from(whole);
    turned[at] ^= 4;
    writeFileSync(path, turned);
    await assert.rejects(readArrays(path), /holds other bytes than were written/, `byte ${at}`);
  }
});

test("an array is taken by name and kind, or the file is named", async () => {
  await writeArrays(path, {}, { x: Float32Array.of(1) });
  const { arrays } = await readArrays(path);
  assert.equal(arrayOf(arrays, "x", Float32Array, path)[0], 1);
  assert.throws(
    () => arrayOf(arrays, "x", Int32Array, path),
    /no array "x" of kind Int32Array, expected one of x/,
  );
  assert.throws(() => arrayOf(arrays, "y", Float32Array, path), /one\.arrays: has no array "y"/);
});
