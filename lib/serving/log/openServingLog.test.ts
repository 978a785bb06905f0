import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Feedback, ServedSlate, ServingLog } from "../servingLog";
import { createLogFile, type LogFile } from "./logFiles";
import type { LogEntry } from "./logLines";
import { openServingLog, type ServingLogOptions } from "./openServingLog";
import { readServingLog } from "./readServingLog";

async function inLog(
  run: (folder: string, open: (options?: ServingLogOptions) => Promise<ServingLog>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-log-"));
  const opened: ServingLog[] = [];
  try {
    await run(folder, async (options) => {
      const log = await openServingLog(folder, options);
      opened.push(log);
      return log;
    });
  } finally {
    for (const log of opened) await log.close().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

const slate = (slateId: string, about: Partial<ServedSlate> = {}): ServedSlate => ({
  ...{ slateId, time: 1000, userId: "ü, 1", policy: "a", items: ["x", "y\n"], probabilities: [0.1 + 0.2, 1] },
  ...about,
});
const feedback = (slateId: string, about: Partial<Feedback> = {}): Feedback => ({
  ...{ slateId, itemId: "x", reward: 1, kind: "taken", time: 2000, ...about },
});

async function entriesOf(folder: string, notices: string[] = []): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for await (const entry of readServingLog(folder, { onNotice: (notice) => notices.push(notice) }))
    found.push(entry);
  return found;
}

const logFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();

test("what goes in comes out, in order, with every digit; ids are found in the buffer and on disk", () =>
  inLog(async (folder, open) => {
    const log = await open();
    const full = slate(log.newSlateId(), {
      ...{ given: ["a"], grown: 3, rules: { exclude: ["q"], temperature: 0.5 } },
      shadow: { policy: "b", items: ["z"] },
    });
    const { userId: _, ...nobody } = slate(log.newSlateId());
    log.append(full);
    assert.equal(await log.slateOf(full.slateId), full, "in the buffer");
    await log.addFeedback(feedback(full.slateId));
    assert.deepEqual(await log.slateOf(full.slateId), full, "on disk");
    log.append(nobody);
    await log.close();
    assert.deepEqual(await entriesOf(folder), [
      { type: "slate", slate: full },
      { type: "feedback", feedback: feedback(full.slateId) },
      { type: "slate", slate: nobody },
    ]);
    const again = await open();
    assert.deepEqual(await again.slateOf(nobody.slateId), nobody, "of an earlier service");
    await again.close();
    assert.throws(() => again.append(full), /closed/);
    await assert.rejects(again.addFeedback(feedback(full.slateId)), /closed/);
    assert.equal((await logFiles(folder)).length, 1, "a service that wrote nothing leaves no file");
  }));

test("a slate is in the file soon, with no feedback at all", () =>
  inLog(async (folder, open) => {
    const log = await open();
    log.append(slate(log.newSlateId()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await entriesOf(folder)).length, 1);
  }));

test("ids of another log, made-up ones and lost ones are undefined; no id comes twice over restarts", () =>
  inLog(async (folder, open) => {
    const log = await open();
    const id = log.newSlateId();
    log.append(slate(id));
    await log.addFeedback(feedback(id));
    const lost = log.newSlateId();
    await inLog(async (_, openOther) => {
      const other = await openOther();
      const foreign = other.newSlateId();
      other.append(slate(foreign));
      await other.addFeedback(feedback(foreign));
      assert.equal(await log.slateOf(foreign), undefined);
      assert.equal(await other.slateOf(id), undefined);
    });
    const [file, offset, number, check] = id.split("-");
    for (const wrong of [
      ...["", "x", `${id}x`, id.slice(1), `${file}-${offset}-1-${check}`, `1-zzzzzzzzz-${number}-${check}`],
      ...["../../etc/passwd", "a".repeat(100_000), lost],
    ])
      assert.equal(await log.slateOf(wrong), undefined, wrong.slice(0, 40));
    const ids = new Set([id, lost]);
    for (let round = 0; round < 3; round++) {
      await log.close();
      const next = await open();
      for (let i = 0; i < 50; i++) ids.add(next.newSlateId());
      // As if it had been killed: the folder is free, nothing was written by its end.
      const kept = next.newSlateId();
      next.append(slate(kept));
      await next.close();
      ids.add(kept);
    }
    assert.equal(ids.size, 2 + 3 * 51);
    assert.deepEqual(
      await logFiles(folder),
      [1, 2, 3, 4].map((n) => `log-00000${n}.jsonl`),
    );
  }));

test("files rotate by size and ids are found in all of them, far from their places too", () =>
  inLog(async (folder, open) => {
    const log = await open({ rotateBytes: 2000 });
    const early = log.newSlateId();
    const ids: string[] = [];
    for (let i = 0; i < 200; i++) {
      const id = log.newSlateId();
      ids.push(id);
      log.append(slate(id, { time: i }));
      if (i % 3 === 0) await log.addFeedback(feedback(id, { reward: i }));
    }
    log.append(slate(early, { time: 777 }));
    await log.addFeedback(feedback(early));
    const names = await logFiles(folder);
    assert.ok(names.length > 10, `${names.length} files`);
    for (const name of names) assert.ok((await readFile(join(folder, name))).length < 3000);
    for (const [i, id] of ids.entries()) assert.equal((await log.slateOf(id))!.time, i);
    assert.equal((await log.slateOf(early))!.time, 777);
    await rm(join(folder, names[0]));
    assert.equal(await log.slateOf(ids[0]), undefined, "whose file was taken away");
    assert.equal((await log.slateOf(ids[199]))!.time, 199);
    const rewards = (await entriesOf(folder)).flatMap((each) =>
      each.type === "feedback" ? [each.feedback.reward] : [],
    );
    assert.deepEqual(rewards, [...new Set(rewards)], "none twice");
  }));

test("a torn last line is cut off and reported, whole lines are kept; a torn line in between is passed over", () =>
  inLog(async (folder, open) => {
    const log = await open();
    const id = log.newSlateId();
    log.append(slate(id));
    await log.addFeedback(feedback(id));
    await log.close();
    const file = join(folder, "log-000001.jsonl");
    const whole = await readFile(file);
    for (const torn of ['{"type":"slate","slate_id":"1-', "\0\0\0\0\0\n\0\0\0", '{"type":"feedback"}\n']) {
      await appendFile(file, torn);
      const passed: string[] = [];
      assert.equal((await entriesOf(folder, passed)).length, 2);
      assert.match(passed[0], /log-000001\.jsonl:4: .*passed over/);
      const notices: string[] = [];
      const next = await open({ onNotice: (notice) => notices.push(notice) });
      assert.deepEqual(await readFile(file), whole);
      assert.match(notices.join(), new RegExp(`torn, ${torn.length} bytes are cut off`));
      assert.ok(await next.slateOf(id));
      await next.close();
    }
    await writeFile(
      file,
      `${whole.toString().split("\n").slice(0, 2).join("\n")}\nhalf\n${whole.toString().split("\n")[2]}\n`,
    );
    const passed: string[] = [];
    assert.equal((await entriesOf(folder, passed)).length, 2);
    assert.deepEqual(passed, [`${file}:3: is no line of a log, and is passed over`]);
  }));

test("two services on one folder: the second is refused; another version or two logs in a folder too", () =>
  inLog(async (folder, open) => {
    const log = await open();
    await assert.rejects(open(), /another process works here/);
    const id = log.newSlateId();
    log.append(slate(id));
    await log.close();
    const file = join(folder, "log-000002.jsonl");
    const head = (await readFile(join(folder, "log-000001.jsonl"), "utf8")).split("\n")[0];
    await writeFile(file, `${head.replace('"version":1', '"version":2')}\n`);
    await assert.rejects(open(), /log-000002\.jsonl: is of version 2, expected version 1/);
    await writeFile(file, `${head.replace(/"key":"./, '"key":"Z')}\n`);
    await assert.rejects(open(), /another log than the files before it/);
    await rm(file);
    await (await open()).close();
  }));

/** Files of a disk with so many bytes left; a write that does not fit leaves a part of itself behind. */
function smallDisk(bytes: number) {
  const disk = { left: bytes, brokenTruncate: false, brokenSync: false, syncs: 0 };
  const full = (): Error => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  const createFile = async (path: string): Promise<LogFile> => {
    const file = await createLogFile(path);
    return {
      ...file,
      async write(part, position) {
        const fits = Math.min(disk.left, part.length);
        disk.left -= fits;
        if (fits > 0) await file.write(part.subarray(0, fits), position);
        if (fits < part.length) throw full();
      },
      async sync() {
        disk.syncs++;
        if (disk.brokenSync) throw full();
        await file.sync();
      },
      async truncate(length) {
        if (disk.brokenTruncate) throw full();
        await file.truncate(length);
      },
    };
  };
  return { disk, createFile };
}

for (const how of ["disk full", "disk full, and the file cannot be cut", "fsync fails"] as const)
  test(`${how}: feedback is refused, the file stays whole, slates wait, and the log goes on afterwards`, () =>
    inLog(async (folder, open) => {
      const { disk, createFile } = smallDisk(2000);
      const notices: string[] = [];
      const log = await open({ createFile, onNotice: (notice) => notices.push(notice) });
      if (how === "fsync fails") disk.left = Number.POSITIVE_INFINITY;
      const kept: number[] = [];
      const refused: number[] = [];
      const ids: string[] = [];
      const write = async (i: number): Promise<void> => {
        const id = log.newSlateId();
        ids.push(id);
        log.append(slate(id, { time: i }));
        await log.addFeedback(feedback(id, { reward: i })).then(
          () => kept.push(i),
          (error) => {
            assert.match(error.message, /ENOSPC/);
            refused.push(i);
          },
        );
      };
      for (let i = 0; i < 10; i++) {
        if (how === "fsync fails") disk.brokenSync = i >= 5;
        if (how === "disk full, and the file cannot be cut") disk.brokenTruncate = true;
        await write(i);
      }
      assert.ok(kept.length > 2 && refused.length > 2, `${kept} kept, ${refused} refused`);
      assert.match(log.problem!()!, /ENOSPC/);
      for (const id of ids) assert.ok(await log.slateOf(id), "slates of a full disk are known");
      const stood = (await entriesOf(folder)).flatMap((each) =>
        each.type === "feedback" ? [each.feedback.reward] : [],
      );
      if (how !== "disk full, and the file cannot be cut") assert.deepEqual(stood, kept);
      disk.left = Number.POSITIVE_INFINITY;
      disk.brokenSync = false;
      await write(10);
      assert.equal(kept.at(-1), 10);
      assert.equal(log.problem!(), undefined);
      assert.equal(notices.length, 2, notices.join("\n"));
      await log.close();
      const found = await entriesOf(folder);
      const times = found.flatMap((each) => (each.type === "slate" ? [each.slate.time] : []));
      assert.deepEqual(
        [...new Set(times)],
        Array.from({ length: 11 }, (_, i) => i),
      );
      const rewards = found.flatMap((each) => (each.type === "feedback" ? [each.feedback.reward] : []));
      assert.deepEqual(rewards, kept);
      const again = await open();
      for (const [i, id] of ids.entries()) assert.equal((await again.slateOf(id))!.time, i);
    }));

test("a disk that stays full: what waits is bounded, and then slates are refused", () =>
  inLog(async (_, open) => {
    const { createFile } = smallDisk(1000);
    const log = await open({ createFile });
    const rules = { exclude: ["x".repeat(1 << 20)] };
    let taken = 0;
    assert.throws(() => {
      for (; taken < 100; taken++) log.append(slate(log.newSlateId(), { rules }));
    }, /cannot be written/);
    assert.ok(taken > 10 && taken < 20, `${taken} MB`);
  }));

test("many feedbacks share one fsync", () =>
  inLog(async (_, open) => {
    const { disk, createFile } = smallDisk(Number.POSITIVE_INFINITY);
    const log = await open({ createFile });
    const before = disk.syncs;
    const ids = Array.from({ length: 1000 }, () => log.newSlateId());
    for (const id of ids) log.append(slate(id));
    await Promise.all(ids.map((id) => log.addFeedback(feedback(id))));
    assert.ok(disk.syncs - before <= 3, `${disk.syncs - before} fsyncs`);
  }));

test("a slate without a probability for each item, or one of 0, is refused", () =>
  inLog(async (_, open) => {
    const log = await open();
    const id = log.newSlateId();
    assert.throws(() => log.append(slate(id, { probabilities: [1] })), /2 items and 1 probabilities/);
    assert.throws(() => log.append(slate(id, { probabilities: [0, 1] })), /\(0, 1\], got 0/);
    await assert.rejects(log.addFeedback(feedback(id, { reward: Number.NaN })), /finite reward/);
  }));
