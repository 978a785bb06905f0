import assert from "node:assert/strict";
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pairedIntervalOverSeeds } from "../math/bootstrap";
import { random } from "../math/random";
import { changedLists } from "../metrics/changedLists";
import { evaluateRecommender, itemCounts } from "../metrics/evaluate";
import { openRun } from "../runs/openRun";
import type { StudyTable } from "../studies/table";
import { describeExperiment } from "./experiment";
import { inNewFolder, ran, smallLog } from "./files.fixture";

const tiny = resolve("lib", "studies", "examples", "tiny.yaml");
const quick = [
  "training.steps=8",
  "training.evaluateEvery=4",
  "training.keep=learned",
  "training.nextItem.epochs=1",
  "data.users=50",
];
const study = (...argv: string[]) =>
  ran("experiment", describeExperiment, "--no-figure", "--workers", "1", ...argv);
const quickly = (...argv: string[]) =>
  study("--config", tiny, ...quick.flatMap((setting) => ["--set", setting]), ...argv);

async function table(file: string): Promise<StudyTable> {
  return JSON.parse(await readFile(file, "utf8"));
}

/** The bytes of a result without the commit, which may change while others work. */
async function bytes(file: string): Promise<string> {
  return JSON.stringify({ ...(await table(file)), code: [] });
}

const rowOf = ({ rows }: StudyTable, name: string) => rows.find((row) => row.name === name)!;

test("two models, two seeds: a table whose differences are those of its runs, continued to the same bytes", () =>
  inNewFolder(async () => {
    const first = await quickly("--out", "a", "--json", "a.json");
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stderr, /10 runs, 0 of them finished before; the others may take about \d+ min/);
    assert.match(
      first.stdout,
      /temporal; fitted on train rows; \d+ test users, full catalogue; seeds 1, 2\n/,
    );
    const made = await table("a.json");
    assert.equal(await readFile("a.json", "utf8"), await readFile(join("a", "results.json"), "utf8"));
    const names = made.rows.map(({ name }) => name);
    for (const name of ["DDPG", "TD3, as in its paper", "DDPG, critic off", "DDPG, discount 0", "next-item"])
      assert.deepEqual(rowOf(made, name).seeds, [1, 2], name);
    for (const name of ["Random", "MostPopular", "EASE + recency", "Sequence rules"])
      assert.ok(names.includes(name), name);
    assert.match(await readFile(join("a", "table.md"), "utf8"), /\n\| \*\*DDPG\*\* \| 2 \| \.\d{4} \|/);
    await differencesByHand(made);

    // Another folder: the same bytes.
    assert.equal((await quickly("--out", "b")).status, 0);
    assert.equal(await bytes(join("b", "results.json")), await bytes("a.json"));

    // In processes beside this one, whose threads are fewer: the same bytes.
    const beside = await quickly("--out", "c", "--workers", "2");
    assert.equal(beside.status, 0, beside.stderr);
    assert.match(beside.stderr, /runs, 2 at once 10\/10/);
    assert.equal(await bytes(join("c", "results.json")), await bytes("a.json"));

    // One run never made, one cut short, one not evaluated, a baseline not evaluated: the same bytes again.
    const folders = await readdir("b");
    const of = (agent: string) =>
      join("b", folders.find((name) => new RegExp(`^${agent}-[0-9a-f]{8}$`).test(name))!);
    await rm(join(of("td3"), "seed-2"), { recursive: true });
    const cut = join(of("ddpg"), "seed-1");
    for (const file of ["run.json", "evaluated.arrays", join("checkpoints", "step-000000008")])
      await rm(join(cut, file), { recursive: true, force: true });
    await rm(join(of("next-item"), "seed-1", "evaluated.arrays"));
    await rm(join(of("ease"), "evaluated.arrays"));
    const resumed = await quickly("--out", "b");
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.match(resumed.stderr, /10 runs, 8 of them finished before/);
    assert.equal(await bytes(join("b", "results.json")), await bytes("a.json"));

    // One model more: what was evaluated is not evaluated again, and its rows stay as they were.
    const files = await evaluatedFiles("b");
    await cp(tiny, "more.yaml");
    await writeFile("more.yaml", `${await readFile("more.yaml", "utf8")}  - type: sarsa\n`);
    const set = quick.flatMap((setting) => ["--set", setting]);
    assert.equal((await study("--config", "more.yaml", ...set, "--out", "b")).status, 0);
    const more = await table(join("b", "results.json"));
    assert.deepEqual(
      more.rows.filter(({ name }) => name !== "sarsa"),
      made.rows,
    );
    const later = await evaluatedFiles("b");
    for (const [file, time] of files) assert.equal(later.get(file), time, file);
    assert.equal(later.size, files.size + 2);
  }));

/** Every file of figures with the time it was written. */
async function evaluatedFiles(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith("evaluated.arrays"));
  return new Map(
    await Promise.all(files.map(async (name) => [name, (await stat(join(folder, name))).mtimeMs] as const)),
  );
}

/** The same differences from the run folders alone. */
async function differencesByHand(made: StudyTable): Promise<void> {
  const own: Float64Array[] = [];
  const start: Float64Array[] = [];
  const off: Float64Array[] = [];
  let changed = 0;
  for (const name of await readdir("a")) {
    if (!name.startsWith("ddpg-")) continue;
    for (const seed of [1, 2]) {
      const run = await openRun(join("a", name, `seed-${seed}`));
      const { agent } = run.config;
      const { interactions, catalog } = run.dataset;
      const trainCounts = itemCounts(interactions.items, run.data.split.train, catalog.size);
      const options = { ks: [10], random: random(1), trainCounts, resamples: 2 };
      const evaluate = (asked: typeof run.recommender) =>
        evaluateRecommender(asked, run.data.test(), options);
      if (agent.criticWeight === 0) off.push(evaluate(run.recommender).perUser[10].ndcg);
      else if (agent.discount === 0.9) {
        const [mine, before] = [evaluate(run.recommender), evaluate(run.stepZero!)];
        own.push(mine.perUser[10].ndcg);
        start.push(before.perUser[10].ndcg);
        changed += changedLists(mine.lists, before.lists, 10) / 2;
      }
      run.dispose();
    }
  }
  assert.deepEqual([own.length, start.length, off.length], [2, 2, 2]);
  const mean = (columns: readonly Float64Array[]): number => {
    const all = columns.flatMap((column) => [...column]);
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  const { at, actor } = rowOf(made, "DDPG");
  const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} and ${b}`);
  near(at[10].ndcg.mean, mean(own));
  near(actor!.fromStepZero.difference.mean, mean(own) - mean(start));
  near(actor!.fromCriticOff!.difference.mean, mean(own) - mean(off));
  near(actor!.fromStepZero.changedLists, changed);
  assert.ok(
    changed > 0 && actor!.fromStepZero.difference.mean !== 0,
    "the actor moved, else nothing is compared",
  );
  assert.notEqual(actor!.fromCriticOff!.difference.mean, 0);
  assert.equal(actor!.fromCriticOff!.row, "DDPG, critic off");
  const paired = (other: readonly Float64Array[], stream: string) =>
    pairedIntervalOverSeeds(own, other, random(1).fork(stream));
  assert.deepEqual(actor!.fromStepZero.difference, paired(start, "step 0 of DDPG"));
  assert.deepEqual(actor!.fromCriticOff!.difference, paired(off, "DDPG without its critic"));
  assert.equal(rowOf(made, "TD3, as in its paper").actor!.fromCriticOff, undefined);
}

test("methods in closed form alone, on a file beside the settings; nothing is learned", () =>
  inNewFolder(async () => {
    await writeFile("shop.csv", smallLog());
    await writeFile(
      "e.yaml",
      "data: { interactions: shop.csv, protocol: leave-one-out }\nmodels:\n  - { type: ease, name: mine }\n",
    );
    const done = await study("--config", "e.yaml");
    assert.equal(done.status, 0, done.stderr);
    const made = await table(join("data", "runs", "experiment-e", "results.json"));
    assert.equal(made.rows.length, 9);
    assert.deepEqual(
      made.rows.map(({ kind }) => kind),
      Array(9).fill("baseline"),
    );
    assert.equal(rowOf(made, "mine").role, "model");
    const shorter = await study("--config", "e.yaml", "--set", "training.k=3", "--json", "three.json");
    assert.equal(shorter.status, 0, shorter.stderr);
    const three = await table("three.json");
    assert.deepEqual([three.k, Object.keys(three.rows[0].at)], [3, ["3"]]);
    const asked = ["--set", "data.protocol=temporal", "--set", "data.testRatio=0.3"];
    const later = await study("--config", "e.yaml", ...asked, "--out", "later");
    assert.match(later.stdout, /temporal by row order \(test 0\.3, validation 0\.1\)/);
    assert.ok(!(await readdir(join("data", "cache"))).some((name) => name.startsWith("next-item")));

    await writeFile(
      "e.yaml",
      "data:\n  interactions: shop.csv\nmodels:\n  - type: ddpg\n    reward: clicks\n",
    );
    const refused = await study("--config", "e.yaml", "--out", "no");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /"clicks"/);
    assert.ok(!(await readdir(".")).includes("no"));
  }));

test("learning that runs away leaves its row out, says so, and is not tried again; refitted results have files of their own", () =>
  inNewFolder(async () => {
    await writeFile("shop.csv", smallLog());
    const wild = "params: { criticLearningRate: 1.0e+30, hidden: [4] }";
    await writeFile(
      "e.yaml",
      `data: { interactions: shop.csv }
training: { seeds: [7], steps: 6, batchSize: 8, k: 5, nextItem: { epochs: 1, units: 4, width: 4 } }
controls: false
models:
  - { name: wild, type: ddpg, ${wild} }
  - { type: next-item }
`,
    );
    const first = await study("--config", "e.yaml", "--out", "e");
    assert.equal(first.status, 1, first.stdout);
    assert.match(first.stderr, /1 of the runs diverged; the table is without them/);
    const made = await table(join("e", "results.json"));
    assert.deepEqual(
      made.failed.map(({ name, seed }) => [name, seed]),
      [["wild", 7]],
    );
    assert.match(made.failed[0].reason, /learning diverged/);
    assert.equal(rowOf(made, "wild"), undefined);
    assert.deepEqual(rowOf(made, "next-item").seeds, [7]);
    const again = await study("--config", "e.yaml", "--out", "e");
    assert.equal(again.status, 1);
    assert.doesNotMatch(again.stderr, /updates/);

    await writeFile(
      "e.yaml",
      (await readFile("e.yaml", "utf8")).replace(wild, "params: { hidden: [4], warmUp: 0 }"),
    );
    const refitted = await study("--config", "e.yaml", "--out", "e", "--set", "data.refit=true");
    assert.equal(refitted.status, 0, refitted.stderr);
    assert.match(refitted.stdout, /REFITTED on train and validation rows/);
    const both = await table(join("e", "results-refit.json"));
    assert.deepEqual([both.refit, (await table(join("e", "results.json"))).refit], [true, false]);
    assert.match(rowOf(both, "next-item").warnings[0], /^refitted on train and validation rows/);
    assert.ok(rowOf(both, "wild").actor!.chosenSteps[0] <= 6);
  }));
