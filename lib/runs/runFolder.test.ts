import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clearLeftovers, isFree } from "./runFolder";

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
    assert.ok(!(await isFree(folder))); // somebody's own settings: no run's log stands beside them
    await writeFile(join(folder, "names.json"), "");
    await mkdir(join(folder, "next-item"));
    await mkdir(join(folder, "checkpoints", ".step-000000000"), { recursive: true });
    assert.ok(await isFree(folder)); // before its first checkpoint
    await mkdir(join(folder, "checkpoints", "step-000000000"));
    assert.ok(!(await isFree(folder))); // that one can be continued
    await clearLeftovers(folder);
    assert.deepEqual((await readdir(folder)).sort(), [
      ...["checkpoints", "config.yaml", "log.arrays", "names.json", "next-item"],
    ]);
    await rm(join(folder, "checkpoints", "step-000000000"), { recursive: true });
    await clearLeftovers(folder);
    assert.deepEqual((await readdir(folder)).sort(), ["config.yaml", "log.arrays", "names.json"]);
    await rm(join(folder, "config.yaml"));
    await writeFile(join(folder, "letter.txt"), "mine");
    assert.ok(!(await isFree(folder)));
    await assert.rejects(isFree(join(folder, "letter.txt")), /is not a folder/);
  } finally {
    await rm(root, { recursive: true });
  }
});
