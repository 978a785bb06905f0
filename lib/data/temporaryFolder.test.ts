import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./temporaryFolder";

test("a temporary folder goes when it is removed, and leaves nothing that listens", async () => {
  const before = process.listenerCount("SIGINT");
  const folder = await temporaryFolder();
  assert.ok(existsSync(folder.path));
  assert.equal(process.listenerCount("SIGINT"), before + 1);
  await folder.remove();
  assert.ok(!existsSync(folder.path));
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("Ctrl-C removes it and ends the process as usual", async () => {
  const code = `require(${JSON.stringify(join(__dirname, "temporaryFolder.ts"))}).temporaryFolder().then(({ path }) => {
    process.stdout.write(path); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = await new Promise<string>((resolve) =>
    child.stdout.once("data", (data) => resolve(String(data))),
  );
  assert.ok(existsSync(path));
  const ended = new Promise<string | null>((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  child.kill("SIGINT");
  assert.equal(await ended, "SIGINT");
  assert.ok(!existsSync(path));
});
