import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { historiesOfLists } from "../data/histories";
import { cachedVectors } from "./cachedVectors";

test("made once for the same rows and settings, anew for others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "vectors-"));
  try {
    const histories = historiesOfLists([[3, 4]], { users: [0], weights: [[5, 1]] });
    let made = 0;
    const make = (): Float32Array => Float32Array.of(++made, 0.25, -1);
    const ask = (settings: object, changes: Partial<typeof histories> = {}) =>
      cachedVectors({ name: "toy", histories: { ...histories, ...changes }, settings }, make, { folder });
    assert.deepEqual([...(await ask({ seed: 1 }))], [1, 0.25, -1]);
    assert.deepEqual([...(await ask({ seed: 1 }))], [1, 0.25, -1]);
    assert.deepEqual([...(await ask({ seed: 2 }))], [2, 0.25, -1]);
    assert.deepEqual([...(await ask({ seed: 1 }, { items: Int32Array.of(3, 5) }))], [3, 0.25, -1]);
    assert.deepEqual([...(await ask({ seed: 1 }, { weights: Float32Array.of(5, 2) }))], [4, 0.25, -1]);
    assert.equal((await readdir(folder)).length, 4);
    await assert.rejects(
      cachedVectors({ name: "../x", histories, settings: {} }, make, { folder }),
      /name of small letters, digits and dashes, got "..\/x"/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
