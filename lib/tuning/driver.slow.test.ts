import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { threadsOf } from "../studies/workers";
import { begin, type Plan, type Report, reportOf, type Trial, type WorkerEvent, work } from "./driver";

const python = resolve(".venv", "bin", "python");
const home = mkdtemp(join(tmpdir(), "offshelf-tune-"));
after(async () => rm(await home, { recursive: true, force: true }));
let made = 0;

/**
 * A plan whose trials are a few lines of JavaScript: they are given the number x that is tried and say(message).
 *
 * @param body what a trial does; `(x - 0.3)²` below 1 by default
 */
async function planOf(
  changes: Partial<Plan> = {},
  body = "say({ value: 1 - (x - 0.3) ** 2 });",
): Promise<Plan> {
  const folder = join(await home, String(++made));
  const code = `
    const fs = require("node:fs"), { setTimeout: wait } = require("node:timers/promises");
    const here = (name) => require("node:path").join(${JSON.stringify(folder)}, name);
    const say = (message) => fs.writeSync(1, JSON.stringify(message) + "\\n");
    const once = (name) => { try { fs.mkdirSync(here(name)); return true; } catch { return false; } };
    process.stdin.on("end", () => process.exit(9));
    process.stdin.once("data", async (line) => {
      const { params: { x }, folder } = JSON.parse(line);
      fs.mkdirSync(folder, { recursive: true });
      ${body}
      process.exit(0);
    });`;
  return {
    ...{
      study: "test",
      storage: null,
      folder,
      sampler: "tpe",
      pruner: "none",
      seed: 3,
      trials: 6,
      timeout: null,
    },
    ...{ rungs: 10, space: { x: { low: 0, high: 1, log: false, whole: false } }, defaults: null },
    ...{ key: "k", about: "x", command: [process.execPath, "-e", code] },
    ...changes,
  };
}

async function tuned(plan: Plan, workers = 1, onEvent?: (event: WorkerEvent) => void): Promise<Report> {
  await begin(python, plan);
  await work(python, plan, { workers, ...(onEvent && { onEvent }) });
  return reportOf(python, plan);
}

const of = (trials: readonly Trial[], state: Trial["state"]) =>
  trials.filter((trial) => trial.state === state);
const tries = (trials: readonly Trial[]) => of(trials, "complete").map(({ params }) => params.x);

test("one worker and one seed: the same trials, however often the command was called; no more than asked for", async () => {
  const whole = await tuned(await planOf({ defaults: { x: 0.9 } }));
  const xs = tries(whole.trials);
  assert.equal(xs.length, 6);
  assert.equal(xs[0], 0.9); // the default settings first
  assert.equal(new Set(xs).size, 6);
  const plan = await planOf({ defaults: { x: 0.9 }, trials: 2 });
  await tuned(plan);
  const later = await tuned({ ...plan, trials: 6 });
  assert.deepEqual(tries(later.trials), xs);
  assert.deepEqual(await tuned({ ...plan, trials: 6 }), later);
  const another = await tuned(await planOf({ defaults: { x: 0.9 }, seed: 4, trials: 2 }));
  assert.notEqual(tries(another.trials)[1], xs[1]);
});

test("two workers, one killed in mid-trial: its trial is tried again, all are complete, none twice, none left running", async () => {
  const plan = await planOf(
    { trials: 5 },
    `if (x > 0 && once("killed")) {
       fs.writeFileSync(here("orphan"), String(process.pid));
       process.kill(process.ppid, "SIGKILL");
       await wait(60000);
     }
     await wait(100);
     say({ value: x });`,
  );
  const { trials } = await tuned(plan, 2);
  assert.deepEqual([of(trials, "complete").length, of(trials, "running").length], [5, 0]);
  assert.equal(new Set(tries(trials)).size, 5);
  const [lost] = of(trials, "fail");
  const [again] = trials.filter(({ retries }) => retries.length > 0);
  assert.deepEqual(again.retries, [lost.number]);
  assert.deepEqual([again.state, again.params], ["complete", lost.params]);
  assert.equal(trials.length, 6);
  // Its process saw that nobody waits for it any more.
  const orphan = Number(await readFile(join(plan.folder, "orphan"), "utf8"));
  for (let i = 0; i < 100 && isAlive(orphan); i++) await setTimeout(50);
  assert.ok(!isAlive(orphan));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a signal ends a study cleanly, and the next call tries again what was running", async () => {
  const plan = await planOf({ trials: 3 }, `if (once("first")) await wait(60000); say({ value: x });`);
  await begin(python, plan);
  const running = work(python, plan, { workers: 1 });
  while (!existsSync(join(plan.folder, "first"))) await setTimeout(20);
  process.emit("SIGHUP"); // as Ctrl-C does; the test's own process keeps SIGINT for itself
  const stopped = await running;
  assert.deepEqual(stopped, { stopped: true });
  const { trials } = await reportOf(python, plan);
  assert.deepEqual(
    trials.map(({ state }) => state),
    ["fail", "waiting"],
  );
  const after = await tuned(plan);
  assert.equal(of(after.trials, "complete").length, 3);
  assert.deepEqual(after.trials[1].params, trials[0].params);
  assert.deepEqual(await readdir(join(plan.folder, "workers")), []);
});

test("a trial whose process dies is tried three times and then given up", async () => {
  const plan = await planOf(
    { trials: 2 },
    `if (once("first")) fs.writeFileSync(here("bad"), String(x));
    if (fs.readFileSync(here("bad"), "utf8") === String(x)) process.kill(process.pid, "SIGKILL");
    say({ value: x });`,
  );
  const lost: (number | undefined)[] = [];
  const { trials } = await tuned(plan, 1, ({ state, trial }) => {
    if (state === "lost") lost.push(trial);
  });
  assert.equal(lost.length, 3);
  assert.deepEqual([of(trials, "fail").length, of(trials, "complete").length, trials.length], [3, 1, 4]);
  assert.equal(trials.filter(({ done }) => done).length, 2);
});

test("a trial that cannot be made says why, and is tried again once that is mended", async () => {
  const plan = await planOf(
    { trials: 1 },
    `if (once("first")) say({ error: "s.csv:3: is bad", input: true });
    else say({ value: x });`,
  );
  await begin(python, plan);
  await assert.rejects(work(python, plan, { workers: 1 }), {
    name: "InputError",
    message: "s.csv:3: is bad",
  });
  const { trials } = await tuned(plan);
  assert.deepEqual(
    trials.map(({ state }) => state),
    ["fail", "complete"],
  );
  assert.deepEqual(trials[0].params, trials[1].params);
});

test("a bad trial is stopped on its way: its process ends, its folder goes, and it counts as tried", async () => {
  const plan = await planOf(
    { trials: 8, pruner: "median", sampler: "random" },
    `for (let step = 1; step <= 5; step++) { say({ step, value: 1 - x }); await wait(60); }
     fs.writeFileSync(here("whole-" + x), "");
     say({ value: 1 - x });`,
  );
  const { trials } = await tuned(plan);
  const [whole, ended] = [of(trials, "complete"), of(trials, "pruned")];
  assert.equal(whole.length + ended.length, 8);
  assert.ok(ended.length > 0);
  const worst = Math.min(...whole.map(({ value }) => value!));
  for (const { steps, number, params } of ended) {
    assert.ok(1 - (params.x as number) < Math.max(...whole.map(({ value }) => value!)));
    assert.ok(steps.length < 5 && 1 - (params.x as number) <= steps[0][1] && worst < 1);
    assert.ok(!existsSync(join(plan.folder, "trials", String(number))));
    assert.ok(!existsSync(join(plan.folder, `whole-${params.x}`)));
  }
});

test("what diverged counts as tried and is no candidate", async () => {
  const { trials } = await tuned(
    await planOf({ trials: 3 }, `say(x > 0 && once("first") ? { pruned: "diverged" } : { value: x });`),
  );
  assert.deepEqual([of(trials, "pruned").length, of(trials, "complete").length], [1, 2]);
  assert.equal(of(trials, "pruned")[0].about.pruned, "diverged");
});

test("several workers never make more trials than were asked for, and share the cores", async () => {
  const plan = await planOf(
    { trials: 5 },
    `fs.writeFileSync(here("threads"), process.env.TF_NUM_INTRAOP_THREADS); say({ value: x });`,
  );
  const { trials } = await tuned(plan, 3);
  assert.deepEqual([trials.length, of(trials, "complete").length], [5, 5]);
  const threads = process.env.TF_NUM_INTRAOP_THREADS ?? threadsOf(3).TF_NUM_INTRAOP_THREADS;
  assert.equal(await readFile(join(plan.folder, "threads"), "utf8"), threads);
});

test("whether a worker lives: here by its process, elsewhere by how long ago it said something", async () => {
  const folder = join(await home, String(++made));
  const code = `
import os, sys, worker
plan = {"folder": sys.argv[1], "storage": None}
lease = worker.Lease(plan)
def other(name, age):
    path = os.path.join(lease.folder, name)
    open(path, "w").close()
    now = os.stat(path).st_mtime
    os.utime(path, (now - age, now - age))
    return lease.lives(name)
host, pid, began = lease.name.rsplit(" ", 2)
print([lease.lives(lease.name), lease.lives(f"{host} {pid} 1.00"), lease.lives(f"{host} 999999999 {began}"),
    other("else where 7 1.00", 5), other("else where 8 1.00", 600), lease.lives("else where 9 1.00"), lease.lives(None)])
lease.journal = False  # a database has heartbeats for those
print([lease.lives(lease.name), lease.lives(f"{host} {pid} 1.00"), lease.lives("else where 8 1.00"), lease.lives(None)])
`;
  const { stdout } = await promisify(execFile)(python, ["-c", code, folder], {
    env: { ...process.env, PYTHONPATH: __dirname, PYTHONDONTWRITEBYTECODE: "1" },
  });
  assert.deepEqual(stdout.trim().split("\n"), [
    "[True, False, False, True, False, False, False]",
    "[True, False, True, True]",
  ]);
});

test("no trial is begun after the time is over", async () => {
  const plan = await planOf({ trials: 50, timeout: 0.5 }, "await wait(200); say({ value: x });");
  const { trials } = await tuned(plan);
  assert.ok(trials.length < 10 && of(trials, "complete").length === trials.length);
});

test("a last line half written is dropped", async () => {
  const plan = await planOf({ trials: 2 });
  await tuned(plan);
  await appendFile(join(plan.folder, "journal.log"), '{"op_code": 4, "wor');
  const { trials } = await tuned({ ...plan, trials: 4 });
  assert.equal(of(trials, "complete").length, 4);
});

test("a study of something else, and storages that cannot be had, are refused", async () => {
  const plan = await planOf({ trials: 1 });
  await begin(python, plan);
  await assert.rejects(begin(python, { ...plan, key: "other", about: "y" }), {
    name: "InputError",
    message:
      'the study "test" searches something else (x), expected another --study, or the settings that it began with',
  });
  const refused = (storage: string, message: RegExp) =>
    assert.rejects(begin(python, { ...plan, storage }), { name: "InputError", message });
  await refused(
    "sqlite:////nowhere/to/be/found.db",
    /--storage cannot be used .* expected sqlite:\/\/\/FILE/,
  );
  await refused("carrier://pigeon", /--storage cannot be used/);
  await assert.rejects(
    begin(python, { ...plan, sampler: "cmaes" }),
    /the sampler cmaes needs cmaes, expected .* -m pip install/,
  );
});

test("a database does as well: a killed worker's trial is tried again there too", async () => {
  const plan = await planOf(
    { trials: 3 },
    `if (once("killed")) { process.kill(process.ppid, "SIGKILL"); await wait(60000); }
     say({ value: x });`,
  );
  const sql = { ...plan, storage: `sqlite:///${join(await home, "study.db")}` };
  const { trials } = await tuned(sql, 2);
  assert.deepEqual(
    [of(trials, "complete").length, of(trials, "running").length, of(trials, "fail").length],
    [3, 0, 1],
  );
  assert.equal(new Set(tries(trials)).size, 3);
});

test("what mattered is found, and told only where there are enough trials", async () => {
  const space = { x: { low: 0, high: 1, log: false, whole: false }, idle: { choices: ["a", "b"] } };
  const plan = await planOf({ space, sampler: "random", trials: 5 });
  assert.equal((await tuned(plan)).importances, null);
  const { importances } = await tuned({ ...plan, trials: 20 });
  assert.ok(importances!.x > importances!.idle, JSON.stringify(importances));
});
