import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { handEngineOf } from "./engine/handEngine.fixture";
import { handRun } from "./engine/handRun.fixture";
import { policyServer } from "./engine/policyServer";
import type { SlateRequest } from "./engine/slateRequest";
import { memoryLog, withService } from "./service.fixture";
import type { ServedSlate } from "./servingLog";

const two = {
  runs: ["runs/a", "runs/b"],
  hand: (folder: string) => ({ temperature: folder.endsWith("b") ? 5 : 0.2 }),
};

/** The request of a logged slate, as it can be made again. */
function requestOf({ userId, given, rules }: ServedSlate): SlateRequest {
  return { userId, items: given, ...(rules as unknown as SlateRequest) };
}

test("a user stays with one arm; every slate carries its arm's probabilities, recomputed", () =>
  withService({ ...two, split: "70,30" }, async (service) => {
    const users = Array.from({ length: 60 }, (_, i) => `reader ${i}`);
    const ask = (user_id: string) =>
      service.post("/recommend", { user_id, items: ["i1", "i8"], k: 5, variety: 1, exclude: ["i2"] });
    const first = await Promise.all(users.map(ask));
    const second = await Promise.all(users.map(ask));
    assert.deepEqual(
      first.map(({ body }) => body.policy),
      second.map(({ body }) => body.policy),
    );
    const onB = first.filter(({ body }) => body.policy === "b").length;
    assert.ok(onB > 6 && onB < 32, `${onB} of 60 on b`);
    const runs = new Map(["a", "b"].map((name) => [name, policyServer(handRun(two.hand(name)))]));
    assert.equal(service.log.slates.length, 120);
    for (const slate of service.log.slates) {
      const [found] = runs.get(slate.policy)!.placeProbabilities([requestOf(slate)], [slate.items]);
      found.forEach((probability, place) => {
        assert.ok(Math.abs(probability - slate.probabilities[place]) < 1e-12);
      });
    }
    const named = await service.post("/recommend", { user_id: users[0], items: [], policy: "b" });
    assert.equal(named.body.policy, "b");
    const { body } = await service.get("/policies");
    assert.deepEqual(
      body.policies.map(({ name, share }: { name: string; share: number }) => [name, share]),
      [
        ["a", 70],
        ["b", 30],
      ],
    );
  }));

test("without a user the draw chooses the arm: a seed gives the same arm and slate", () =>
  withService({ ...two, split: "50,50" }, async (service) => {
    const ask = (seed: number) => service.post("/recommend", { items: ["i1"], seed });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(ask));
    assert.equal(new Set(answers.map(({ body }) => body.policy)).size, 2);
    const again = await ask(3);
    assert.deepEqual(
      [again.body.policy, again.body.recommendations],
      [answers[2].body.policy, answers[2].body.recommendations],
    );
  }));

test("the service's own seed repeats its draws", async () => {
  const lists: unknown[] = [];
  for (const seed of [4, 4, 5])
    await withService({ seed }, async (service) => {
      const slates: unknown[] = [];
      for (let i = 0; i < 5; i++)
        slates.push((await service.post("/recommend", { user_id: "u1" })).body.recommendations);
      assert.equal(new Set(slates.map((slate) => JSON.stringify(slate))).size, 5);
      lists.push(slates);
    });
  assert.deepEqual(lists[0], lists[1]);
  assert.notDeepEqual(lists[0], lists[2]);
});

test("the shadow's list is logged beside the slate, and does not slow the answer", () =>
  withService({ runs: ["runs/a"], shadow: "runs/b", hand: two.hand }, async (service) => {
    const { body } = await service.post("/recommend", { user_id: "u1", seed: 9, k: 5 });
    // The feedback waits until its slate is in the log.
    const item = body.recommendations[0].item_id;
    const feedback = { slate_id: body.slate_id, item_id: item, reward: 1 };
    assert.equal((await service.post("/feedback", feedback)).status, 202);
    const [slate] = service.log.slates;
    const [shown] = policyServer(handRun(two.hand("b"))).answer([{ userId: "u1", k: 5, draw: 9 }]);
    assert.deepEqual(slate.shadow, {
      policy: "b",
      items: "rows" in shown ? shown.rows.map((row) => `i${row}`) : [],
    });
    assert.deepEqual((await service.get("/policies")).body.policies.length, 1);
    assert.match((await service.get("/metrics")).body, /shadow_slates_total\{logged="true"\} 1/);
  }));

test("what was taken joins the history", async () => {
  const taken = new Map<string, string[]>();
  const histories = {
    historyOf: (userId: string) => taken.get(userId) ?? [],
    note: ({ userId }: ServedSlate, { itemId, kind }: { itemId: string; kind: string }) => {
      if (userId !== undefined && kind === "taken") taken.set(userId, [...(taken.get(userId) ?? []), itemId]);
    },
  };
  await withService({ taken: histories }, async (service) => {
    assert.equal((await service.post("/recommend", { user_id: "somebody" })).status, 404);
    const first = (await service.post("/recommend", { user_id: "somebody", items: [] })).body;
    const item = first.recommendations[0].item_id;
    await service.post("/feedback", { slate_id: first.slate_id, item_id: item, reward: 0 });
    assert.equal((await service.post("/recommend", { user_id: "somebody" })).status, 404);
    await service.post("/feedback", { slate_id: first.slate_id, item_id: item, reward: 1 });
    const second = await service.post("/recommend", { user_id: "somebody", k: 40 });
    assert.equal(second.status, 200);
    assert.ok(second.body.recommendations.every(({ item_id }: { item_id: string }) => item_id !== item));
    assert.deepEqual(
      service.log.slates.map(({ grown }) => grown),
      [0, 1],
    );
  });
});

test("what the log does not take is not shown, and not acknowledged", async () => {
  const full = {
    ...memoryLog(),
    append: () => assert.fail("no space left"),
    addFeedback: () => Promise.reject(new Error("no space left")),
  };
  full.slates.push({ slateId: "s", time: 1, policy: "a", items: ["i1"], probabilities: [1] });
  await withService({ log: full }, async (service) => {
    for (const answer of [
      await service.post("/recommend", { user_id: "u1" }),
      await service.post("/feedback", { slate_id: "s", item_id: "i1", reward: 1 }),
    ]) {
      assert.equal(answer.status, 503);
      assert.match(answer.body.detail, /the log cannot be written: no space left/);
      assert.equal(answer.headers.get("retry-after"), "5");
    }
  });
});

test("a newer run in the folder is served from then on, under load, and loses nothing", async () => {
  const root = await mkdtemp(join(tmpdir(), "offshelf-refresh-"));
  const folder = join(root, "a");
  const write = (temperature: number): Promise<void> =>
    writeFile(join(folder, "run.json"), JSON.stringify({ temperature }));
  try {
    await mkdir(folder);
    await write(0.2);
    const start = (): ReturnType<typeof handEngineOf> => handEngineOf(join(folder, "run.json"));
    await withService({ runs: [folder], start }, async (service) => {
      assert.deepEqual(await service.refresh(), []);
      let going = true;
      const statuses = new Map<number, number>();
      const load = Array.from({ length: 10 }, async (_, i) => {
        while (going) {
          const { status } = await service.post("/recommend", { user_id: `u${i}`, seed: i });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      });
      for (const temperature of [1, 5, 0.3]) {
        await write(temperature);
        assert.deepEqual(await service.refresh(), ["a"]);
      }
      await writeFile(join(folder, "run.json"), '{"broken": true}');
      assert.deepEqual(await service.refresh(), []);
      assert.deepEqual(await service.refresh(), []);
      going = false;
      await Promise.all(load);
      assert.deepEqual([...statuses.keys()], [200]);
      assert.match(
        service.notices.join("\n"),
        /the newer run cannot be opened, the old one stays: the run is broken/,
      );
      const { body } = await service.post("/recommend", { user_id: "u1", seed: 1, k: 1 });
      const [[expected]] = policyServer(handRun({ temperature: 0.3 })).placeProbabilities(
        [{ userId: "u1", k: 1, draw: 1 }],
        [[body.recommendations[0].item_id]],
      );
      assert.ok(Math.abs(body.recommendations[0].probability - expected) < 1e-12);
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
