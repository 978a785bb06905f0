import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { describeEvaluate } from "./evaluate";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeRecommend } from "./recommend";
import { describeTrain } from "./train";

const train = (...argv: string[]) => ran("train", describeTrain, ...argv);

test("train --refresh goes on with newer rows, and the folder is a run like any other", () =>
  inNewFolder(async () => {
    const [head, ...rows] = smallLog().trimEnd().split("\n");
    const cut = 110;
    await writeFile("old.csv", [head, ...rows.slice(0, cut), ""].join("\n"));
    // The whole log anew, with somebody and something that nobody knew.
    const stranger = ["newcomer", "newcomer"].map(
      (user, i) => `${user},${i === 0 ? "novelty" : '"item, 3"'},2`,
    );
    await writeFile(
      "newer.csv",
      [head, ...rows.slice(0, 130), ...stranger, ...rows.slice(130), ""].join("\n"),
    );
    const began = await train(
      "--interactions",
      "old.csv",
      "--agent",
      "ddpg",
      "--out",
      "old",
      ...quickSettings,
    );
    assert.equal(began.status, 0, began.stderr);
    const asked = ["--refresh", "old", "--interactions", "newer.csv", "--out", "new"];
    const done = await train(...asked, "--json", "new.json");
    assert.equal(done.status, 0, done.stderr);
    assert.match(
      done.stderr,
      /52 new rows \(of 162; 110 were known already\), \d+ new users, \d+ new items\. Held out: the newest 13 rows/,
    );
    assert.match(done.stdout, /refreshed {4}52 new rows .*\(first vectors: 1 from neighbours\)/);
    assert.match(done.stdout, /NDCG@10 of \d+ readers of the newest rows; 0 of their \d+ relevant rows/);
    for (const name of ["refreshed", "old run, as it is", "trained anew"])
      assert.match(done.stdout, new RegExp(`\n${name} +\\d\\.\\d{4} \\(`));
    const { refresh } = JSON.parse(await readFile("new.json", "utf8"));
    assert.equal(refresh.from, "old");
    assert.equal(refresh.gain.methods.length, 3);
    assert.deepEqual(JSON.parse(await readFile("new/run.json", "utf8")).refresh, refresh);
    const lists = await ran("recommend", describeRecommend, "--run", "new", "--user", "newcomer", "--k", "3");
    assert.equal(lists.status, 0, lists.stderr);
    assert.doesNotMatch(lists.stderr, /is not in/);
    const evaluated = await ran("evaluate", describeEvaluate, "--run", "new");
    assert.equal(evaluated.status, 0, evaluated.stderr);
    const again = await train("--refresh", "new", "--interactions", "newer.csv", "--out", "third");
    assert.match(again.stderr, /newer\.csv: holds no row that the run's log has not \(162 rows\)/);
    assert.equal(again.status, 2);
    assert.ok(!existsSync("third"));
  }));

test("train --refresh refuses what it does not take, by name", () =>
  inNewFolder(async () => {
    const refused = async (message: RegExp, ...argv: string[]): Promise<void> => {
      const { status, stderr } = await train(...argv);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    };
    await refused(
      /^--agent, --seed: not with --refresh/,
      "--refresh",
      "old",
      "--agent",
      "td3",
      "--seed",
      "3",
    );
    await refused(/^--refresh: no newer rows, expected/, "--refresh", "old", "--out", "new");
    await refused(/^--refresh: no folder for the new run/, "--refresh", "old", "--interactions", "a.csv");
    await refused(/^--hold-out and --no-compare go with --refresh/, "--dataset", "synthetic", "--no-compare");
    await refused(/expected a number from 0\.01 to 0\.45/, "--refresh", "old", "--hold-out", "0.9");
    await refused(
      /old\/config\.yaml: is missing/,
      "--refresh",
      "old",
      "--interactions",
      "a.csv",
      "--out",
      "new",
    );
    await refused(/^--refresh: not with --resume/, "--resume", "--out", "new", "--refresh", "old");
  }));
