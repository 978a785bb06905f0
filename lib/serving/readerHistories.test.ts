import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openServingLog } from "./log/openServingLog";
import { readerHistories } from "./readerHistories";
import type { Feedback, ServedSlate } from "./servingLog";

test("histories grow by what was taken, in the log's order, once each, and come back with the log", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-histories-"));
  const live = await readerHistories(join(folder, "not there"));
  const log = await openServingLog(folder, { rotateBytes: 500 });
  const show = (userId?: string): ServedSlate => {
    const slate = {
      ...{ slateId: log.newSlateId(), time: 1, policy: "a", ...(userId !== undefined && { userId }) },
      ...{ items: ["x", "y", "z"], probabilities: [0.5, 0.5, 0.5] },
    };
    log.append(slate);
    return slate;
  };
  const say = async (slate: ServedSlate, itemId: string, about: Partial<Feedback> = {}): Promise<void> => {
    const feedback = { slateId: slate.slateId, itemId, reward: 1, kind: "taken" as const, time: 2, ...about };
    await log.addFeedback(feedback);
    live.note(slate, feedback);
  };
  const [first, second] = [show("u"), show("u")];
  await say(second, "z");
  await say(first, "y", { kind: "seen" });
  await say(first, "y", { reward: 0 });
  await say(second, "z", { reward: 3 });
  await say(first, "z");
  await say(show("__proto__"), "x");
  await say(show(), "x");
  for (const histories of [live, await readerHistories(folder)]) {
    assert.deepEqual(histories.historyOf("u"), ["z", "y", "z"], "a slate's item sent again counts once");
    assert.deepEqual(histories.historyOf("__proto__"), ["x"]);
    assert.deepEqual(histories.historyOf("nobody"), []);
    assert.deepEqual(histories.historyOf("constructor"), []);
  }
  await log.close();
  assert.deepEqual((await readerHistories(folder)).historyOf("u"), ["z", "y", "z"]);
  await rm(folder, { recursive: true, force: true });
});
