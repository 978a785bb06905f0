import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isFree } from "./runFolder";

test("a run may be made where nothing is, or only what a run killed before its settings left", async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-free-"));
  try {
    const folder = join(root, "run");
    assert.ok(await isFree(folder));
    await mkdir(folder);
    assert.ok(await isFree(folder));
    await writeFile(join(folder, ".names.json.1234.tmp"), "{");
    await writeFile(join(folder, "log.arrays"), "");
    assert.ok(await isFree(folder));
    await writeFile(join(folder, "config.yaml"), "");
    assert.ok(!(await isFree(folder))); // that one can be continued
    await rm(join(folder, "config.yaml"));
    await writeFile(join(folder, "letter.txt"), "mine");
    assert.ok(!(await isFree(folder)));
    await assert.rejects(isFree(join(folder, "letter.txt")), /is not a folder/);
  } finally {
    await rm(root, { recursive: true });
  }
});
