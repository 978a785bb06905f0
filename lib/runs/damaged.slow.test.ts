import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "../data/inputError";
import { syntheticDataset } from "../data/synthetic";
import { resolveConfig } from "../settings/resolveConfig";
import { folderContents } from "./folderContents.fixture";
import type { Manifest } from "./manifest";
import { openRun } from "./openRun";
import { resumePoint } from "./resumePoint";
import { Stopped } from "./stopped";
import { trainRun } from "./trainRun";

const home = mkdtemp(join(tmpdir(), "offshelf-damaged-"));
after(async () => rm(await home, { recursive: true, force: true }));

const dataset = syntheticDataset({ config: { users: 30, items: 30, genres: 3, rows: [8, 12] } });
const config = resolveConfig({
  agent: "ddpg",
  set: [
    ...["nextItem.epochs=1", "nextItem.units=8", "nextItem.width=8", "agent.hidden=[8]", "agent.warmUp=2"],
    ...["steps=20", "evaluateEvery=5", "batchSize=8", "keep=last", "replay=prioritised"],
  ],
});

async function requireSame(folder: string): Promise<void> {
  const [wanted, found] = [await folderContents(await whole), await folderContents(folder)];
  assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort());
  for (const [name, bytes] of wanted) assert.ok(found.get(name) === bytes, `${name} differs`);
}

const request = async (name: string) => ({
  folder: join(await home, name),
  root: await home,
  dataset,
  config,
});

/** A run that was never disturbed. */
const whole = (async () => {
  const asked = await request("whole");
  await trainRun(asked);
  return asked.folder;
})();

/** A run that was cut short after step 15, of which checkpoints 0, 5 (the best in which the actor learned) and 15 are left. */
const cutShort = (async () => {
  await whole;
  const asked = await request("cut");
  const off = trainRun({
    ...asked,
    onProgress(label, step) {
      if (label === "ddpg" && step > 15) throw new Error("the machine goes off");
    },
  });
  await assert.rejects(off, /goes off/);
  return asked.folder;
})();

const steps = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, "checkpoints"))).sort();

test("a checkpoint's manifest names every part with its sum, the streams and where replay goes on", async () => {
  const folder = await cutShort;
  assert.deepEqual(await steps(folder), ["step-000000000", "step-000000005", "step-000000015"]);
  const last = join(folder, "checkpoints", "step-000000015");
  const { versions, parts, ...notes } = JSON.parse(
    await readFile(join(last, "manifest.json"), "utf8"),
  ) as Manifest;
  assert.deepEqual(notes, {
    format: 1,
    step: 15,
    generators: { seed: 1, next: "batch 16" },
    replay: { kind: "prioritised", cursor: 15, batchSize: 8 },
  });
  assert.deepEqual(
    parts.map(({ name }) => name),
    ["agent.arrays", "priorities.arrays", "progress.arrays"],
  );
  assert.ok(parts.every(({ sha256, bytes }) => /^[0-9a-f]{64}$/.test(sha256) && bytes > 0));
  assert.equal(versions.node, process.version);
});

const last = "checkpoints/step-000000015";
const damages: Readonly<Record<string, readonly [(folder: string) => Promise<unknown>, RegExp, number]>> = {
  "a part that is missing": [
    (folder) => rm(join(folder, last, "priorities.arrays")),
    /step 15 is passed over: .*step-000000015\/priorities\.arrays: is missing, expected the file that was written/,
    5,
  ],
  "a part that is cut": [
    async (folder) => {
      const file = join(folder, last, "agent.arrays");
      await writeFile(file, (await readFile(file)).subarray(0, 100));
    },
    /agent\.arrays: has 100 bytes instead of \d+/,
    5,
  ],
  "one changed bit, in a header": [
    async (folder) => {
      const file = join(folder, last, "progress.arrays");
      const bytes = await readFile(file);
      bytes[bytes.indexOf('"learned"') + 1] ^= 1;
      await writeFile(file, bytes);
    },
    /progress\.arrays: holds other bytes than were written/,
    5,
  ],
  "a missing manifest": [
    (folder) => rm(join(folder, last, "manifest.json")),
    /step-000000015\/manifest\.json: is missing/,
    5,
  ],
  "a manifest that is none": [
    (folder) => writeFile(join(folder, last, "manifest.json"), "{"),
    /manifest\.json: is not a manifest of format 1/,
    5,
  ],
  "a damaged step 0": [
    (folder) => appendFile(join(folder, "checkpoints/step-000000000/agent.arrays"), "x"),
    /step 0 is passed over: .*step-000000000\/agent\.arrays: has/,
    15,
  ],
};

for (const [name, [damage, said, from]] of Object.entries(damages))
  test(`${name} is named, the last good checkpoint is used, and the run ends alike`, async () => {
    const asked = await request(name.replaceAll(" ", "-"));
    await cp(await cutShort, asked.folder, { recursive: true });
    await damage(asked.folder);
    const lines: string[] = [];
    const first: number[] = [];
    await trainRun({
      ...asked,
      onNotice: (line) => lines.push(line),
      onProgress: (label, step) => label === "ddpg" && first.push(step),
    });
    assert.match(lines[0], said);
    assert.equal(lines[1], `the run goes on from step ${from}`);
    assert.equal(first[0], from + 1);
    await requireSame(asked.folder);
  });

test("where nothing good is left it says so and starts again; a finished run's damage is refused by name", async () => {
  const asked = await request("nothing");
  await cp(await cutShort, asked.folder, { recursive: true });
  for (const step of await steps(asked.folder))
    await writeFile(join(asked.folder, "checkpoints", step, "agent.arrays"), "");
  const lines: string[] = [];
  await trainRun({ ...asked, onNotice: (line) => lines.push(line) });
  assert.equal(lines.at(-1), "the run goes on from its start");
  assert.equal(lines.length, 4);
  await requireSame(asked.folder);
  await appendFile(join(asked.folder, "checkpoints/step-000000020/agent.arrays"), "x");
  await assert.rejects(
    openRun(asked.folder),
    (error) =>
      error instanceof InputError && /step-000000020\/agent\.arrays: has \d+ bytes/.test(error.message),
  );
});

test("checkpoints of a version that wrote no manifests are checked by their arrays' own sums", async () => {
  const asked = await request("old");
  await cp(await cutShort, asked.folder, { recursive: true });
  for (const step of await steps(asked.folder))
    await rm(join(asked.folder, "checkpoints", step, "manifest.json"));
  const root = join(asked.folder, "checkpoints");
  assert.equal((await resumePoint(root)).from?.step, 15);
  const file = join(root, "step-000000015", "agent.arrays");
  const bytes = await readFile(file);
  bytes[bytes.length - 20] ^= 1;
  await writeFile(file, bytes);
  const { from, damaged } = await resumePoint(root);
  assert.equal(from?.step, 5);
  assert.match(damaged[0], /agent\.arrays: holds other bytes/);
});

test("a last checkpoint whose best step before it is damaged is not gone on from", async () => {
  const folder = join(await home, "best");
  const asked = { ...(await request("best")), config: { ...config, keep: "any" as const, steps: 60 } };
  const off = trainRun({
    ...asked,
    onProgress(label, step) {
      if (label === "ddpg" && step > 55) throw new Error("the machine goes off");
    },
  });
  await assert.rejects(off, /goes off/);
  const root = join(folder, "checkpoints");
  const kept = (await steps(folder)).map((name) => Number(name.slice(5)));
  const before = kept.filter((step) => step > 0 && step < 55);
  assert.ok(before.length > 0, "the best step so far stands beside the last");
  const step = String(before[0]).padStart(9, "0");
  await writeFile(join(root, `step-${step}`, "agent.arrays"), "");
  const point = await resumePoint(root);
  assert.ok(point.from === undefined || point.from.step < 55);
});

test("a full disk is named, the checkpoints before it stay, and there is room again: the run ends alike", async () => {
  const asked = await request("full");
  const files = require("node:fs/promises") as typeof import("node:fs/promises");
  const { open } = files;
  files.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    if (String(path).includes(".step-000000010") && String(path).includes("progress"))
      handle.writeFile = () =>
        Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
    return handle;
  };
  await assert
    .rejects(trainRun(asked), (error: NodeJS.ErrnoException) => {
      assert.ok(!(error instanceof InputError), "nobody's mistake: exit status 1");
      assert.equal(error.code, "ENOSPC");
      assert.ok(error.message.startsWith(join(asked.folder, "checkpoints")), error.message);
      assert.match(error.message, /no room is left to write .* npm run train -- --resume --out /);
      return true;
    })
    .finally(() => {
      files.open = open;
    });
  assert.deepEqual(await steps(asked.folder), ["step-000000000", "step-000000005"], "no half of step 10");
  assert.ok(!(await readdir(asked.folder)).some((name) => name.includes(".lock")));
  await trainRun(asked);
  await requireSame(asked.folder);
});

test("a folder that cannot be made or written to is the user's choice, and named", async () => {
  await writeFile(join(await home, "letter.txt"), "mine");
  const asked = { ...(await request("x")), folder: join(await home, "letter.txt", "run") };
  await assert.rejects(
    trainRun(asked),
    (error) =>
      error instanceof InputError && /letter\.txt\/run: cannot be written to \(ENOTDIR\)/.test(error.message),
  );
  assert.equal(await readFile(join(await home, "letter.txt"), "utf8"), "mine");
  for (const code of ["EROFS", "EACCES"]) {
    const files = require("node:fs/promises") as typeof import("node:fs/promises");
    const { writeFile: write } = files;
    files.writeFile = () => Promise.reject(Object.assign(new Error(code), { code }));
    await assert
      .rejects(
        trainRun(await request(code)),
        (error) =>
          error instanceof InputError &&
          error.message.startsWith(`${error.file}: cannot be written to (${code})`),
      )
      .finally(() => {
        files.writeFile = write;
      });
  }
});

test("a run that is asked to stop saves where it is, says how to go on, and ends alike", async () => {
  for (const [name, at] of [
    ["stopped-early", 0],
    ["stopped-between", 13],
    ["stopped-at-a-checkpoint", 15],
  ] as const) {
    const asked = await request(name);
    const stop = new AbortController();
    const run = trainRun({
      ...asked,
      signal: stop.signal,
      onProgress(label, step) {
        if (label === "ddpg" ? step === at : at === 0) stop.abort("SIGTERM");
      },
    });
    if (at === 0) stop.abort("SIGTERM"); // the model is in the cache: nothing is heard before the first update
    await assert.rejects(run, (error) => {
      assert.ok(error instanceof Stopped);
      assert.equal(error.signal, "SIGTERM");
      assert.ok(error.message.startsWith(`stopped at step ${at} of 20, which is saved`), error.message);
      assert.ok(error.message.endsWith(`npm run train -- --resume --out ${asked.folder}`));
      return true;
    });
    assert.ok((await steps(asked.folder)).includes(`step-${String(at).padStart(9, "0")}`));
    await trainRun(asked);
    await requireSame(asked.folder);
  }
});
