import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readRounds } from "./readRounds";

test("the times of rounds are read as epoch seconds or ISO 8601, and a log may have none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-times-"));
  const file = join(folder, "log.csv");
  const head = "round_id,action,reward,propensity";
  await writeFile(file, `${head},timestamp\n1,a,1,0.5,120.5\n2,b,0,0.5,1970-01-02T00:00:01Z\n`);
  const { log } = await readRounds({ log: file });
  assert.deepEqual(log.times, Float64Array.of(120.5, 86_401));
  await writeFile(file, `${head}\n1,a,1,0.5\n2,b,0,0.5\n`);
  assert.equal((await readRounds({ log: file })).log.times, undefined);
  await rm(folder, { recursive: true, force: true });
});
