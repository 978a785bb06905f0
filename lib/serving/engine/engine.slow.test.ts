import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Engine, type EngineOptions, EngineUnavailable, engine } from "./engine";
import { handEngine, handEngineOf } from "./handEngine.fixture";
import { handRun } from "./handRun.fixture";
import { policyServer } from "./policyServer";
import type { SlateRequest } from "./slateRequest";

async function withEngine(
  options: EngineOptions,
  use: (engine: Engine) => Promise<void>,
  start = handEngine(),
): Promise<void> {
  const made = await engine(start, options);
  try {
    await use(made);
  } finally {
    await made.close();
  }
}

const asked = (draw: number): SlateRequest => ({ userId: `u${draw % 10}`, k: 5, draw });

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((done) => setTimeout(done, 10));
  assert.ok(holds());
}

test("fifty at once share a batch and get what each gets alone", async () => {
  const sizes: number[] = [];
  await withEngine({ onBatch: (size) => sizes.push(size) }, async (made) => {
    const requests = Array.from({ length: 50 }, (_, i) => asked(i));
    const replies = await Promise.all(requests.map((request) => made.ask(request)));
    assert.deepEqual(sizes, [50]);
    const alone = policyServer(handRun());
    assert.deepEqual(
      replies.map(({ answer }) => answer),
      requests.map((request) => alone.answer([request])[0]),
    );
    assert.equal(replies[0].info.catalog.titles[3], "Book i3");
    const refused = await made.ask({ userId: "nobody", k: 5, draw: 1 });
    assert.ok("refused" in refused.answer && refused.answer.refused.status === 404);
  });
});

test("a killed process is replaced: what it had is turned away, what comes later is answered", async () => {
  let restarts = 0;
  const notices: string[] = [];
  const options = {
    restartAfter: 10,
    onRestart: () => restarts++,
    onNotice: (text: string) => notices.push(text),
  };
  await withEngine(options, async (made) => {
    const first = made.pid()!;
    process.kill(first, "SIGSTOP"); // so that requests are certainly with it when it dies
    const lost = [1, 2, 3].map((draw) => made.ask(asked(draw)));
    await new Promise((done) => setTimeout(done, 50));
    lost.push(made.ask(asked(4)));
    process.kill(first, "SIGKILL");
    for (const each of await Promise.allSettled(lost)) {
      assert.ok(each.status === "rejected" && each.reason instanceof EngineUnavailable, JSON.stringify(each));
      assert.ok(each.reason.retryAfter >= 1);
    }
    assert.equal(made.isReady(), false);
    await assert.rejects(made.ask(asked(1)), /is being replaced/);
    await until(() => made.isReady());
    assert.notEqual(made.pid(), first);
    assert.ok("rows" in (await made.ask(asked(1))).answer);
    assert.equal(restarts, 1);
    assert.match(notices.join(), /ended \(SIGKILL\); it is replaced/);
  });
});

test("a process that hangs is killed and replaced; the queue is bounded", async () => {
  await withEngine({ batchLimit: 300, maximumQueue: 2, maximumBatch: 1, restartAfter: 10 }, async (made) => {
    process.kill(made.pid()!, "SIGSTOP");
    const first = made.ask(asked(0));
    await new Promise((done) => setTimeout(done, 20));
    const waiting = [made.ask(asked(1)), made.ask(asked(2))];
    await assert.rejects(made.ask(asked(3)), /too many requests wait/);
    for (const each of await Promise.allSettled([first, ...waiting])) assert.equal(each.status, "rejected");
    await until(() => made.isReady());
    assert.ok("rows" in (await made.ask(asked(1))).answer);
  });
});

test("a newer run takes over between batches; a broken one does not; each answer is of one run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-engine-"));
  const file = join(folder, "run.json");
  const [small, large] = [{ items: 40 }, { items: 400, candidates: 300, temperature: 50 }];
  await writeFile(file, JSON.stringify(small));
  const expected = new Map([small, large].map((options) => [options.items, policyServer(handRun(options))]));
  const check = async (made: Engine): Promise<number> => {
    const request = asked(Math.floor(1000 * performance.now()) % 1000);
    const { answer, info } = await made.ask(request);
    assert.deepEqual(answer, expected.get(info.catalog.size)!.answer([request])[0]);
    return info.catalog.size;
  };
  try {
    await withEngine(
      { maximumBatch: 3 },
      async (made) => {
        let going = true;
        const sizes = new Set<number>();
        const load = Array.from({ length: 8 }, async () => {
          while (going) sizes.add(await check(made));
        });
        await writeFile(file, JSON.stringify({ broken: true }));
        await assert.rejects(made.reload(), /the run is broken/);
        await writeFile(file, JSON.stringify(large));
        const first = made.pid();
        await made.reload();
        await until(() => made.pid() !== first && sizes.has(400));
        going = false;
        await Promise.all(load);
        assert.deepEqual([...sizes], [40, 400]);
        assert.equal(made.info().catalog.size, 400);
      },
      handEngineOf(file),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a run that cannot be opened is said at the start", async () => {
  await assert.rejects(engine(handEngine({ broken: true } as object)), /the run is broken/);
});
