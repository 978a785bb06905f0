import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { lockFile, withFolderLock } from "./folderLock";

const root = mkdtempSync(join(tmpdir(), "offshelf-lock-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** A process that takes the lock, says so and keeps it. */
async function holder(folder: string): Promise<ChildProcess> {
  const code = `require(${JSON.stringify(join(__dirname, "folderLock.ts"))}).withFolderLock(${JSON.stringify(folder)}, async () => {
    process.stdout.write("held"); await new Promise((resolve) => process.stdin.once("data", resolve)); process.stdin.pause(); });`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", code], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("what another process works in is refused by its number, or waited for", async () => {
  const folder = join(root, "a");
  const other = await holder(folder);
  const file = join(folder, lockFile);
  await assert.rejects(
    withFolderLock(folder, async () => 1),
    new RegExp(`another process works here \\(${other.pid} on`),
  );
  const waited: number[] = [];
  const done = withFolderLock(folder, async () => JSON.parse(readFileSync(file, "utf8")).pid, {
    onWait: (pid) => {
      waited.push(pid);
      other.stdin!.write("go on");
    },
  });
  assert.equal(await done, process.pid, "the lock is ours while we work");
  assert.deepEqual(waited, [other.pid]);
  assert.ok(!existsSync(file), "and nobody's afterwards");
});

test("a process that was killed holds nothing; one on another machine does", async () => {
  const folder = join(root, "b");
  const other = await holder(folder);
  other.kill("SIGKILL");
  await once(other, "exit");
  const file = join(folder, lockFile);
  assert.ok(existsSync(file), "a kill leaves the file");
  assert.equal(await withFolderLock(folder, async () => "done"), "done");
  const own = { pid: process.pid, host: hostname(), began: "1", key: "x" };
  writeFileSync(file, JSON.stringify(own)); // the same number, of an earlier process
  assert.equal(await withFolderLock(folder, async () => "done"), "done");
  writeFileSync(file, ""); // a full disk
  assert.equal(await withFolderLock(folder, async () => "done"), "done");
  writeFileSync(file, JSON.stringify({ ...own, host: "elsewhere", began: null }));
  await assert.rejects(
    withFolderLock(folder, async () => 1),
    /on elsewhere\).*remove .*\.lock/,
  );
});

test("of many at once each has it alone, and an error gives it back", async () => {
  const folder = join(root, "c");
  let [inside, most, runs] = [0, 0, 0];
  const one = () =>
    withFolderLock(
      folder,
      async () => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
        runs++;
      },
      { onWait: () => {} },
    );
  await Promise.all(Array.from({ length: 5 }, one));
  assert.deepEqual([most, runs], [1, 5]);
  const failing = withFolderLock(folder, async () => {
    throw new Error("no");
  });
  await assert.rejects(failing, /^Error: no$/);
  assert.ok(!existsSync(join(folder, lockFile)));
});
