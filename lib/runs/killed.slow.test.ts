import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { random } from "../math/random";
import { folderContents } from "./folderContents.fixture";

/** Kills in this file; more by hand: OFFSHELF_KILLS=100 node … --test lib/runs/killed.slow.test.ts */
const kills = Number(process.env.OFFSHELF_KILLS ?? 4);
/** Milliseconds by which each rename of a save is drawn out. */
const slow = "15";

const home = mkdtemp(join(tmpdir(), "offshelf-killed-"));
after(async () => rm(await home, { recursive: true, force: true }));

const cli = resolve(__dirname, "..", "cli", "train.ts");
const slowSaves = pathToFileURL(join(__dirname, "slowSaves.fixture.ts")).href;
const loader = pathToFileURL(require.resolve("tsx")).href;

/** The command as somebody types it, in a folder whose data/cache is its own. */
async function command(...argv: string[]): Promise<ChildProcess & { readonly said: () => string }> {
  const cwd = await home;
  const child = spawn(process.execPath, ["--import", loader, "--import", slowSaves, cli, ...argv], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, INIT_CWD: cwd, OFFSHELF_TEST_SLOW: slow },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  return Object.assign(child, { said: () => said });
}

async function finished(...argv: string[]): Promise<string> {
  const child = await command(...argv);
  const [status] = await once(child, "close");
  assert.equal(status, 0, child.said());
  return child.said();
}

const settings = [
  ...["nextItem.epochs=2", "nextItem.units=8", "nextItem.width=8", "agent.hidden=[8]", "agent.warmUp=2"],
  ...["steps=60", "evaluateEvery=5", "batchSize=16", "keep=any"],
].flatMap((each) => ["--set", each]);
const fresh = (out: string, ...more: string[]): string[] => [
  ...["--dataset", "synthetic", "--agent", "ddpg", "--out", out],
  ...settings,
  ...more,
];

async function requireSame(out: string, why: string): Promise<void> {
  const [wanted, found] = [
    await folderContents(join(await home, "whole")),
    await folderContents(join(await home, out)),
  ];
  assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort(), why);
  for (const [name, bytes] of wanted) assert.ok(found.get(name) === bytes, `${name} differs: ${why}`);
}

/** How long an undisturbed run takes, and when its folder appears. */
const whole = (async () => {
  await finished(...fresh("first")); // fills the cache
  await rm(join(await home, "first"), { recursive: true });
  const began = Date.now();
  const child = await command(...fresh("whole"));
  const ended = once(child, "close");
  while (!existsSync(join(await home, "whole")) && child.exitCode === null) await setTimeout(5);
  const appeared = Date.now() - began;
  const [status] = await ended;
  assert.equal(status, 0, child.said());
  return { appeared, lasted: Date.now() - began };
})();

test(`SIGKILL at ${kills} random moments: --resume ends with the bytes of a run that was never disturbed`, async (t) => {
  const { appeared, lasted } = await whole;
  const draw = random(Number(process.env.OFFSHELF_KILLS_SEED ?? Date.now()));
  const where = new Map<string, number>();
  for (let kill = 0; kill < kills; kill++) {
    const out = `kill-${kill}`;
    const at = Math.round(appeared + draw.next() * (lasted - appeared));
    const child = await command(...fresh(out));
    const ended = once(child, "close");
    await Promise.race([setTimeout(at), ended]);
    child.kill("SIGKILL");
    await ended;
    const folder = join(await home, out);
    const moment = await momentOf(folder);
    where.set(moment, (where.get(moment) ?? 0) + 1);
    const why = `killed after ${at} ms, ${moment}`;
    const canGoOn = existsSync(join(folder, "config.yaml"));
    // Before anything could be kept there is nothing to resume, and the same command takes the folder.
    const second = await command(...(canGoOn ? ["--resume", "--out", out] : fresh(out)));
    const [status] = await once(second, "close");
    assert.equal(status, 0, `${why}: ${second.said()}`);
    await requireSame(out, why);
    await rm(folder, { recursive: true });
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(where)));
});

/** Where a kill fell, by what it left. */
async function momentOf(folder: string): Promise<string> {
  if (!existsSync(join(folder, "config.yaml"))) return "before its settings";
  if (existsSync(join(folder, "run.json"))) return "finished";
  const names = await readdir(join(folder, "checkpoints")).catch(() => []);
  if (names.some((name) => name.startsWith(".step-"))) return "within a save";
  if (names.length === 0) return "before its first checkpoint";
  return "between saves";
}

test("a run killed before its first checkpoint leaves a folder that --resume and another run both take", async () => {
  const early = async (out: string): Promise<void> => {
    const child = await command(
      ...fresh(out, "--set", "nextItem.epochs=500", "--set", "nextItem.patience=500"),
    );
    const ended = once(child, "close");
    while (!child.said().includes("next-item model") && child.exitCode === null) await setTimeout(5);
    child.kill("SIGKILL");
    await ended;
    assert.equal(await momentOf(join(await home, out)), "before its first checkpoint");
  };
  await whole;
  await early("early");
  await finished(...fresh("early"));
  await requireSame("early", "killed in the next-item model, and begun again with other settings");
  await mkdir(join(await home, "early-resumed"));
  await early("early-resumed");
  const again = await command("--resume", "--out", "early-resumed");
  while (!again.said().includes("next-item model") && again.exitCode === null) await setTimeout(5);
  again.kill("SIGINT");
  const [status] = await once(again, "close");
  assert.equal(status, 130, again.said());
  assert.match(
    again.said(),
    /stopped before the first checkpoint: .*; to go on: npm run train -- --resume --out early-/,
  );
});

test("Ctrl-C and SIGTERM save and say how to go on; a second training in the folder is refused meanwhile", async () => {
  await whole;
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const out = `stopped-${signal}`;
    const child = await command(...fresh(out));
    const ended = once(child, "close");
    while (!/ddpg \d/.test(child.said()) && child.exitCode === null) await setTimeout(5);
    if (signal === "SIGINT") {
      const second = await command("--resume", "--out", out);
      const [refused] = await once(second, "close");
      if (child.exitCode === null) {
        assert.equal(refused, 2, second.said());
        assert.match(second.said(), new RegExp(`another process works here \\(${child.pid} on`));
      }
    }
    child.kill(signal);
    const [ownStatus] = await ended;
    if (ownStatus !== 0) {
      assert.equal(ownStatus, status, child.said());
      assert.match(
        child.said(),
        /stopped at step \d+ of 60, which is saved; to go on: npm run train -- --resume --out/,
      );
    }
    await finished("--resume", "--out", out);
    await requireSame(out, signal);
  }
});
