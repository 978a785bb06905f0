import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cachedArrays } from "./cachedArrays";

test("made once; made again where the file was cut at any place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "offshelf-cached-"));
  try {
    const file = join(folder, "x.arrays");
    let made = 0;
    const ask = () => cachedArrays(file, async () => ({ values: Float32Array.of(++made, 0.25) }));
    assert.deepEqual([...(await ask()).values], [1, 0.25]);
    assert.deepEqual([...(await ask()).values], [1, 0.25]);
    const whole = readFileSync(file);
    for (const [i, length] of [0, 10, 40, whole.length - 1].entries()) {
      writeFileSync(file, whole.subarray(0, length));
      assert.deepEqual([...(await ask()).values], [2 + i, 0.25], `cut after ${length} bytes`);
      assert.deepEqual([...(await ask()).values], [2 + i, 0.25]);
    }
    await assert.rejects(
      cachedArrays(join(folder, "y.arrays"), async () => Promise.reject(new Error("cannot be made"))),
      /cannot be made/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
