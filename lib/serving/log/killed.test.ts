import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../../math/random";
import { openServingLog } from "./openServingLog";
import { readServingLog } from "./readServingLog";

/** OFFSHELF_KILLS: how many rounds; a few in CI. */
const rounds = Number(process.env.OFFSHELF_KILLS ?? 3);
const each = Number(process.env.OFFSHELF_FEEDBACKS ?? 10_000);

/** Starts a writer, kills it after some acknowledgements and some milliseconds, and tells what it acknowledged. */
async function killed(folder: string, first: number, count: number, wait: { lines: number; ms: number }) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(__dirname, "feedbackWriter.fixture.ts"), folder, `${first}`, `${count}`],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let told = "";
  let isTimed = false;
  child.stdout.on("data", (part) => {
    told += part;
    if (isTimed || told.split("\n").length <= wait.lines) return;
    isTimed = true;
    setTimeout(() => child.kill("SIGKILL"), wait.ms);
  });
  await new Promise((resolve) => child.on("close", resolve));
  // The last number may be cut in the pipe.
  return told.split("\n").slice(1, -1).map(Number);
}

test("killed at random moments: every acknowledged feedback is in the log, none twice, with its slate", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-killed-"));
  const draw = random(Date.now() % 2 ** 31);
  const acknowledged = new Set<number>();
  let first = 0;
  for (let round = 0; round < rounds; round++) {
    const wait = { lines: 1 + draw.integer(each / 2), ms: draw.integer(40) };
    for (const number of await killed(folder, first, each, wait)) acknowledged.add(number);
    first += each;
  }
  const notices: string[] = [];
  const log = await openServingLog(folder, { onNotice: (notice) => notices.push(notice) });
  const slates = new Set<string>();
  const found = new Map<number, string>();
  for await (const entry of readServingLog(folder, { onNotice: (notice) => notices.push(notice) })) {
    if (entry.type === "slate") {
      assert.ok(!slates.has(entry.slate.slateId), "a slate twice");
      slates.add(entry.slate.slateId);
      continue;
    }
    const { reward, slateId } = entry.feedback;
    assert.ok(!found.has(reward), `${reward} twice`);
    assert.ok(slates.has(slateId), `the slate of ${reward} comes before it`);
    found.set(reward, slateId);
  }
  const lost = [...acknowledged].filter((number) => !found.has(number));
  assert.deepEqual(lost, []);
  assert.ok(acknowledged.size > 0);
  for (const [number, slateId] of [...found].slice(-20))
    assert.equal((await log.slateOf(slateId))!.time, number);
  await log.close();
  await rm(folder, { recursive: true, force: true });
  if (rounds > 3)
    console.log(`${rounds} kills: ${acknowledged.size} acknowledged, ${found.size} in the log`, notices);
});
