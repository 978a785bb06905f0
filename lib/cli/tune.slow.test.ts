import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { RunSummary } from "../runs/runFolder";
import type { TuneResults } from "../tuning/results";
import { inNewFolder, ran, smallLog } from "./files.fixture";
import { describeTrain } from "./train";
import { describeTune } from "./tune";

const command = resolve("lib", "setup", "run.js");
const config = (steps: number) => `data: { interactions: log.csv, protocol: leave-one-out }
model: { type: ddpg, params: { hidden: [8], warmUp: 2 } }
training: { steps: ${steps}, evaluateEvery: 5, batchSize: 8, keep: learned, nextItem: { epochs: 1, units: 8, width: 8 } }
search:
  actorLearningRate:
  behaviourWeight: { low: 0.1, high: 10, log: true }
confirm: { best: 1, seeds: 2 }
`;
const tune = (...argv: string[]) =>
  ran("tune", describeTune, "--config", "search.yaml", "--no-figure", ...argv);

async function results(file: string): Promise<TuneResults> {
  return JSON.parse(await readFile(file, "utf8"));
}

test("two workers search, the best is trained again under fresh seeds, and what was found is what train then does", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    await writeFile("search.yaml", config(10));
    // A name and a database of its own: the processes that train the best again know of neither.
    const named = ["--study", "found", "--storage", "sqlite:///study.db", "--out", "out"];
    const search = (...argv: string[]) => tune(...named, ...argv);
    const first = await search("--trials", "3", "--workers", "2", "--json", "r.json", "--pruner", "none");
    assert.equal(first.status, 0, first.stderr);
    assert.doesNotMatch(first.stderr, /made here afterwards/);
    assert.match(
      first.stdout,
      /^found: ddpg, 3 complete; NDCG@10 of \d+ VALIDATION users, leave-one-out; log\.csv/,
    );
    const made = await results("r.json");
    assert.deepEqual(await results(join("out", "results.json")), made);
    assert.deepEqual(
      made.trials.map(({ state }) => state),
      ["complete", "complete", "complete"],
    );
    assert.equal(made.trials[0].about.default, true);
    const { rows } = made.confirmation!;
    assert.deepEqual(
      rows.map(({ seeds }) => seeds),
      [
        [2, 3],
        [2, 3],
      ],
    );
    const found = made.trials.find(({ number }) => number === rows[1].trial)!;
    assert.equal(found.value, Math.max(...made.trials.slice(1).map(({ value }) => value!)));

    const best = ["--config", join("out", "best.yaml"), "--interactions", "log.csv", "--out", "again"];
    const trained = await ran("train", describeTrain, ...best, "--json", "again.json");
    assert.equal(trained.status, 0, trained.stderr);
    const again = JSON.parse(await readFile("again.json", "utf8")) as RunSummary;
    assert.equal(again.validation?.ndcg.mean, found.value);

    const same = await search("--trials", "3", "--json", "same.json");
    assert.match(same.stderr, /3 trials were made before/);
    assert.deepEqual(await results("same.json"), made);
    const more = await search("--trials", "4", "--json", "more.json", "--no-confirm");
    assert.equal(more.status, 0, more.stderr);
    const { trials, confirmation } = await results("more.json");
    assert.deepEqual([trials.length, confirmation], [4, undefined]);
    assert.deepEqual(trials.slice(0, 3), made.trials);

    await writeFile("search.yaml", config(20));
    const other = await search("--trials", "4");
    assert.equal(other.status, 2);
    assert.match(other.stderr, /the study "found" searches something else .* expected another --study/);
  }));

test("bad files and options end with status 2, and nothing is written", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    const wrong = async (text: string, message: RegExp, ...argv: string[]) => {
      await writeFile("search.yaml", text);
      const { status, stderr, stdout } = await tune("--out", "out", ...argv);
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, message);
      assert.deepEqual((await readdir(".")).sort(), ["log.csv", "search.yaml"]);
    };
    const good = config(10);
    await wrong(
      good.replace("actorLearningRate", "actorRate"),
      /search\.yaml:5: "actorRate" is no setting of ddpg \(did you mean actorLearningRate\?\)/,
    );
    await wrong(
      good.replace("low: 0.1", "low: -1"),
      /search\.yaml:6: behaviourWeight is searched at -1, expected a number from 0/,
    );
    await wrong(good.replace("log.csv", "none.csv"), /none\.csv/);
    await wrong(good, /--study is "a b", expected letters, digits and dashes/, "--study", "a b");
    await wrong(good, /--trials.* expected a whole number of at least 1/, "--trials", "0");
    await wrong(good, /--sampler.* expected one of tpe, random/, "--sampler", "best");
  }));

test("Ctrl-C stops cleanly, and the same command goes on with what was running", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    await writeFile("search.yaml", config(400));
    const argv = [
      "tune",
      "--config",
      "search.yaml",
      "--no-figure",
      "--no-confirm",
      "--trials",
      "2",
      "--out",
      "out",
    ];
    const child = spawn(process.execPath, [command, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const metrics = join("out", "trials", "0", "seed-1", "metrics.jsonl");
    for (let i = 0; i < 600 && !existsSync(metrics); i++) await new Promise((done) => setTimeout(done, 50));
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "close"), [1, null], stderr);
    assert.match(
      stderr,
      /stopped with 0 of 2 trials; the same command goes on, and tries again what was running/,
    );
    assert.deepEqual(await readdir(join("out", "workers")), []);
    const { status, stderr: later } = await tune("--no-confirm", "--trials", "2", "--out", "out");
    assert.equal(status, 0, later);
    const { trials } = await results(join("out", "results.json"));
    assert.deepEqual(
      trials.map(({ state }) => state),
      ["fail", "complete", "complete"],
    );
    assert.deepEqual([trials[1].retries, trials[1].params], [[0], trials[0].params]);
  }));

test("a trial's process ends when nobody waits for its answer any more", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    await writeFile("search.yaml", config(1e6));
    const child = spawn(process.execPath, [command, "tune", "--config", "search.yaml", "--trial"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const params = { actorLearningRate: 0.001, behaviourWeight: 1 };
    child.stdin.write(`${JSON.stringify({ params, folder: "t" })}\n`);
    const [step] = await once(child.stdout, "data");
    assert.match(String(step), /^\{"step":1,"value":/);
    child.stdin.end();
    assert.deepEqual(await once(child, "close"), [1, null]);
  }));
