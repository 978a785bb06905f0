import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

test("a worker ends with the process that started it, also while it makes a run", async () => {
  const child = fork(require.resolve("./endlessWorker.fixture.ts"), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [begun] = await once(child, "message");
  assert.deepEqual(begun, { note: "ready" });
  child.send({ name: "DDPG", seed: 1 });
  assert.deepEqual((await once(child, "message"))[0], { note: "making DDPG" });
  const ended = once(child, "exit");
  child.disconnect();
  const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
  assert.deepEqual(await ended, [1, null]);
  clearTimeout(late);
});
