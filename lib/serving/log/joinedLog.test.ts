import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readRounds } from "../../offPolicy/files/readRounds";
import { writeJoinedLog } from "./joinedLog";
import { openServingLog } from "./openServingLog";

test("a log as ope reads it: a row a place, what was taken last, 0 without feedback, steps by user", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-joined-"));
  const log = await openServingLog(folder, { rotateBytes: 600 });
  const ids: string[] = [];
  for (const [at, userId] of ['u "1", x', undefined, 'u "1", x', " v "].entries()) {
    const slateId = log.newSlateId();
    ids.push(slateId);
    log.append({
      ...{ slateId, time: 1500 + at, policy: at === 2 ? "b,2" : "a", ...(userId && { userId }) },
      ...{ items: ["i,1", "j"], probabilities: [0.1 + 0.2, 1] },
    });
  }
  const say = (slate: number, itemId: string, reward: number, kind: "seen" | "taken" = "taken") =>
    log.addFeedback({ slateId: ids[slate], itemId, reward, kind, time: 2000 });
  await say(0, "j", 4);
  await say(1, "i,1", 2, "seen");
  await say(2, "i,1", 1);
  await say(0, "j", 5);
  await say(0, "j", 7, "seen");
  await say(3, "other", 9);
  await log.close();
  const notices: string[] = [];
  const file = join(folder, "out.csv");
  const counts = await writeJoinedLog(folder, file, { onNotice: (notice) => notices.push(notice) });
  assert.deepEqual(counts, { slates: 4, rows: 8, taken: 2 });
  assert.match(notices.join(), /1 feedbacks are of items that their slates did not show/);
  assert.equal(
    await readFile(join(folder, "log.csv"), "utf8"),
    await readFile(file, "utf8"),
    "written by close",
  );
  const [head, ...rows] = (await readFile(file, "utf8")).trim().split("\n");
  assert.equal(head, "round_id,action,reward,propensity,user_id,step,slate_id,position,timestamp,policy");
  assert.equal(rows[0], `${ids[0]}/1,"i,1",0,${0.1 + 0.2},"u ""1"", x",0,${ids[0]},1,1.5,a`);
  const { log: read } = await readRounds({ log: file });
  assert.deepEqual([...read.rewards], [0, 5, 0, 0, 1, 0, 0, 0]);
  assert.deepEqual([...Array.from(read.steps!)], [0, 0, 0, 0, 1, 1, 0, 0]);
  assert.deepEqual([...read.positions!], [1, 2, 1, 2, 1, 2, 1, 2]);
  assert.deepEqual([...read.propensities!], [0.1 + 0.2, 1, 0.1 + 0.2, 1, 0.1 + 0.2, 1, 0.1 + 0.2, 1]);
  assert.deepEqual(
    [0, 2, 4, 6].map((row) => read.users![row]),
    ['u "1", x', `reader of ${ids[1]}`, 'u "1", x', " v "],
  );
  assert.deepEqual(
    [0, 4].map((row) => read.policies![row]),
    ["a", "b,2"],
  );
  assert.deepEqual([...read.times!].slice(0, 3), [1.5, 1.5, 1.501]);
  await rm(folder, { recursive: true, force: true });
});
