import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkpoints, dropCheckpoints, writeCheckpoint } from "./checkpoint";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-checkpoint-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const fill = (text: string) => (folder: string) => writeFile(join(folder, "weights"), text);

test("checkpoints are listed by step, and old ones dropped but for those that are kept", () =>
  inFolder(async (root) => {
    for (const step of [10, 9, 100, 20]) await writeCheckpoint(root, step, fill(`${step}`));
    const steps = async () => (await checkpoints(root)).map((one) => one.step);
    assert.deepEqual(await steps(), [9, 10, 20, 100]);
    await dropCheckpoints(root, new Set([10]));
    assert.deepEqual(await steps(), [10, 100]);
    assert.deepEqual(await checkpoints(join(root, "nowhere")), []);
  }));

test("a write that fails leaves the previous checkpoint as it was", () =>
  inFolder(async (root) => {
    await writeCheckpoint(root, 1, fill("first"));
    await assert.rejects(
      writeCheckpoint(root, 2, async (folder) => {
        await fill("half")(folder);
        throw new Error("no space left");
      }),
      /no space/,
    );
    const [only, ...others] = await checkpoints(root);
    assert.equal(others.length, 0);
    assert.equal(await readFile(join(only.folder, "weights"), "utf8"), "first");
    await writeCheckpoint(root, 3, fill("third"));
    assert.deepEqual(
      (await readdir(root)).sort(),
      ["step-000000001", "step-000000003"],
      "half of 2 is cleared",
    );
  }));

test("a process killed while it writes leaves whole checkpoints only", () =>
  inFolder(async (root) => {
    const script = `
      const { writeCheckpoint } = require(${JSON.stringify(join(__dirname, "checkpoint.ts"))});
      const { writeFileSync } = require("node:fs");
      (async () => {
        for (let step = 1; ; step++) {
          await writeCheckpoint(${JSON.stringify(root)}, step, async (folder) => {
            for (const name of ["a", "b", "c"]) {
              writeFileSync(folder + "/" + name, String(step).repeat(1000));
              await new Promise((done) => setImmediate(done));
            }
          });
          if (step === 3) process.stdout.write("three");
        }
      })();`;
    const child = spawn(process.execPath, ["--import", "tsx", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((ready) => child.stdout.once("data", ready));
    child.kill("SIGKILL");
    await new Promise((ended) => child.once("close", ended));
    const whole = await checkpoints(root);
    assert.ok(whole.length >= 3);
    for (const { step, folder } of whole)
      for (const name of ["a", "b", "c"])
        assert.equal(await readFile(join(folder, name), "utf8"), String(step).repeat(1000));
  }));
