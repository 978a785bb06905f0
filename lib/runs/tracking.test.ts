import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readMetrics, tracking } from "./tracking";

test("a resumed log goes on after its step: what lies beyond, or is half written, is dropped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-tracking-"));
  try {
    const first = await tracking(folder);
    first.log({ step: 0, ndcg: 0.1 });
    first.log({ step: 5, "critic loss": 2 });
    first.log({ step: 10, "critic loss": 1 });
    first.close();
    const whole = await readFile(join(folder, "metrics.jsonl"), "utf8");
    await appendFile(join(folder, "metrics.jsonl"), '{"step":15,"cri');
    assert.equal((await readMetrics(folder)).length, 3, "half a line is no line");

    const second = await tracking(folder, 5);
    second.log({ step: 10, "critic loss": 1 });
    second.close();
    assert.equal(await readFile(join(folder, "metrics.jsonl"), "utf8"), whole);
    assert.ok((await readdir(join(folder, "events"))).length >= 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
