import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "../data/inputError";
import { syntheticDataset } from "../data/synthetic";
import { openRun } from "../runs/openRun";
import { trainRun } from "../runs/trainRun";
import { resolveConfig } from "../settings/resolveConfig";
import { writeBatchLists } from "./batchLists";
import { memoryOutput } from "./output";
import { readUserIds } from "./readUserIds";

const home = mkdtemp(join(tmpdir(), "offshelf-batch-"));
after(async () => rm(await home, { recursive: true, force: true }));

/** 700 readers, so that one batch of 512 is not enough. */
const dataset = syntheticDataset({ config: { users: 700, items: 40, genres: 4, rows: [4, 6] } });

const opened = (async () => {
  const folder = join(await home, "run");
  await trainRun({ folder, dataset, root: await home, config: resolveConfig({ agent: "most-popular" }) });
  return openRun(folder);
})();

const { userIds } = dataset.interactions;
const file = async (name: string, ids: readonly string[]): Promise<string> => {
  const path = join(await home, name);
  await writeFile(path, `user_id\n${ids.join("\n")}\n`);
  return path;
};

test("chunks of a file are its users in order, and their lists do not depend on where it is cut", async () => {
  const ids = userIds.flatMap((id, i) => (i % 50 === 0 ? [id, `new ${i}`] : [id]));
  const asked = await readUserIds(await file("a.csv", ids), userIds);
  assert.deepEqual(
    [asked.size, asked.unknown, asked.firstUnknown],
    [714, 14, ["new 0", "new 50", "new 100"]],
  );
  for (const size of [1000, 7]) {
    const found: string[] = [];
    for await (const chunk of asked.chunks(size)) {
      assert.deepEqual(
        [...chunk.rows],
        chunk.ids.map((id) => userIds.indexOf(id)),
      );
      found.push(...chunk.ids);
    }
    assert.deepEqual(found, ids);
  }
  const out = join(await home, "lists.csv");
  await writeBatchLists(
    await opened,
    asked,
    { k: 2, out, json: join(await home, "lists.json") },
    memoryOutput(),
  );
  const lines = (await readFile(out, "utf8")).trimEnd().split("\n").slice(1);
  assert.equal(lines.length, 2 * 714);
  const json = JSON.parse(await readFile(join(await home, "lists.json"), "utf8"));
  assert.deepEqual([json.users, json.rows, json.recommendations.length], [714, 1428, 1428]);
  assert.deepEqual(
    json.recommendations.map((one: Record<string, unknown>) => Object.values(one).join()),
    lines,
  );
  const alone = await readUserIds(await file("b.csv", [ids[713]]), userIds);
  const output = memoryOutput();
  await writeBatchLists(await opened, alone, { k: 2 }, output);
  assert.deepEqual(
    output.stdout().trimEnd().split("\n").slice(1),
    lines.slice(-2),
    "the last of many, asked for alone",
  );
  for (const each of [asked, alone]) each.close();
});

test("a user named twice is refused by both lines, a stranger under strict by its own, whichever comes first", async () => {
  const [one, two, three] = userIds;
  const refused = async (ids: string[], strict: boolean, message: RegExp): Promise<void> => {
    const path = await file("twice.csv", ids);
    await assert.rejects(
      readUserIds(path, userIds, { strict }),
      (error) => error instanceof InputError && message.test(error.message),
    );
  };
  await refused(
    [one, two, three, two, one],
    false,
    /twice\.csv:5: user "\d+" comes twice, expected each once \(first on line 3\)/,
  );
  await refused(
    ["x", one, "x"],
    false,
    /twice\.csv:4: user "x" comes twice, expected each once \(first on line 2\)/,
  );
  await refused([one, one, "x"], true, /twice\.csv:3: user "\d+" comes twice/);
  await refused([one, "x", one], true, /twice\.csv:3: user "x" is not in the run's log/);
});

test("where a list fails, the old files stay and nothing is left beside them", async () => {
  const folder = await mkdtemp(join(await home, "kept-"));
  const [out, json] = [join(folder, "lists.csv"), join(folder, "lists.json")];
  await writeFile(out, "old");
  await writeFile(json, "older");
  const asked = await readUserIds(await file("c.csv", [...userIds]), userIds);
  const run = await opened;
  let calls = 0;
  const recommender: typeof run.recommender = {
    ...run.recommender,
    recommend(...given) {
      if (++calls === 2) throw new Error("out of memory");
      return run.recommender.recommend(...given);
    },
  };
  await assert.rejects(
    writeBatchLists({ ...run, recommender }, asked, { k: 2, out, json }, memoryOutput()),
    /out of memory/,
  );
  asked.close();
  assert.equal(calls, 2, "the first batch was written before the second was asked for");
  assert.deepEqual([await readFile(out, "utf8"), await readFile(json, "utf8")], ["old", "older"]);
  assert.deepEqual(readdirSync(folder).sort(), ["lists.csv", "lists.json"]);
  assert.ok(!existsSync(join(folder, ".lists.csv")));
});
