import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../math/random";
import type { LogColumns } from "../offPolicy/files/readLog";
import { readRounds } from "../offPolicy/files/readRounds";
import { type HandRunOptions, handRun } from "./engine/handRun.fixture";
import { policyServer } from "./engine/policyServer";
import type { SlateRequest } from "./engine/slateRequest";
import { writeJoinedLog } from "./log/joinedLog";
import { openServingLog } from "./log/openServingLog";
import { growingHistories } from "./readerHistories";
import { servedTarget } from "./servedTarget";

/** Serves requests of all kinds from a run, with feedback between them, some of it while another request is under way. */
async function servedLog(options: HandRunOptions, use: (folder: string, log: LogColumns) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-target-"));
  const run = handRun(options);
  const server = policyServer(run);
  const { ids } = run.dataset.catalog;
  const log = await openServingLog(folder, { rotateBytes: 20_000 });
  const histories = growingHistories();
  const draw = random(5);
  for (let i = 0; i < 240; i++) {
    const userId = [`u${draw.integer(4)}`, `new ${draw.integer(3)}`, undefined][draw.integer(3)];
    const taken = userId === undefined ? [] : histories.historyOf(userId);
    const grown = taken.length;
    const isNew = userId === undefined || userId.startsWith("new");
    const asked: Partial<SlateRequest> = {
      ...(isNew && (grown === 0 || i % 2 === 0) && { items: [ids[draw.integer(40)], ids[draw.integer(40)]] }),
      ...(draw.next() < 0.3 && { exclude: [ids[draw.integer(40)], ids[7]] }),
      ...(draw.next() < 0.2 && { where: { genres: "Drama" } }),
      ...(draw.next() < 0.2 && { only: ids.slice(0, 30) }),
      ...(draw.next() < 0.3 && { temperature: 0.5 + 3 * draw.next() }),
      ...(draw.next() < 0.3 && { variety: 3 * draw.next() }),
    };
    const request: SlateRequest = {
      ...{ ...asked, k: 1 + draw.integer(5), draw: i },
      ...(userId !== undefined && { userId }),
      ...(grown > 0 && { taken: [...taken] }),
    };
    const answer = server.answer([request])[0];
    assert.ok("rows" in answer, JSON.stringify(answer));
    const { items: given, taken: _, userId: __, draw: ___, ...rules } = request;
    const slate = {
      ...{ slateId: log.newSlateId(), time: i, policy: "a", rules },
      ...(userId !== undefined && { userId, grown }),
      ...(given !== undefined && { given }),
      ...{ items: answer.rows.map((row) => ids[row]), probabilities: answer.probabilities },
    };
    const say = async (kind: "seen" | "taken") => {
      const feedback = { slateId: slate.slateId, itemId: slate.items[0], reward: 1, kind, time: i };
      await log.addFeedback(feedback);
      histories.note(slate, feedback);
    };
    // Feedback on another slate may come between a request and its line.
    if (userId !== undefined && i % 5 === 0) {
      const earlier = { ...slate, slateId: log.newSlateId() };
      log.append(earlier);
      const feedback = {
        slateId: earlier.slateId,
        itemId: earlier.items[0],
        reward: 1,
        kind: "taken" as const,
        time: i,
      };
      await log.addFeedback(feedback);
      histories.note(earlier, feedback);
    }
    log.append(slate);
    if (draw.next() < 0.5) await say(draw.next() < 0.7 ? "taken" : "seen");
  }
  await log.close();
  const file = join(folder, "rows.csv");
  await writeJoinedLog(folder, file);
  const { log: columns } = await readRounds({ log: file });
  await use(folder, columns);
  await rm(folder, { recursive: true, force: true });
}

for (const options of [{ kind: "served" }, { kind: "scored" }, { kind: "served", repeats: true }] as const)
  test(`a run on its own log has the logged probabilities (${options.kind}, ${"repeats" in options}), another run has others`, () =>
    servedLog(options, async (folder, log) => {
      const { logged } = await servedTarget(handRun(options), folder, log);
      let largest = 0;
      for (const [row, probability] of log.propensities!.entries())
        largest = Math.max(largest, Math.abs(probability - logged[row]));
      assert.ok(largest < 1e-9, `${largest}`);
      const other = await servedTarget(handRun({ ...options, temperature: 0.5 }), folder, log);
      assert.ok(other.logged.some((probability, row) => Math.abs(probability - logged[row]) > 0.01));
    }));

test("what a run cannot answer is told by slate; rows of another log too", () =>
  servedLog({}, async (folder, log) => {
    await assert.rejects(
      servedTarget(handRun({ items: 20 }), folder, log),
      /hand cannot answer the request of slate \S+: .*there is no item "i\d+".*, expected a run whose data/,
    );
    const slates = log.slates!.map((id) => (id === log.slates!.at(-1) ? "x" : id));
    await assert.rejects(
      servedTarget(handRun(), folder, { ...log, slates }),
      /the slates of .* explain \d+ of them/,
    );
  }));
