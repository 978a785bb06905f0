import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { describeEvaluate } from "./evaluate";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeRecommend } from "./recommend";
import { describeTrain } from "./train";

const train = (...argv: string[]) => ran("train", describeTrain, ...argv);

async function writeShop(): Promise<string[]> {
  const [head, ...rows] = smallLog().trimEnd().split("\n");
  const log = [`${head},device`, ...rows.map((row, i) => `${row},${i % 3 === 0 ? "phone" : "desktop"}`), ""];
  await writeFile("shop.csv", log.join("\n"));
  const users = Array.from({ length: 20 }, (_, user) => `ü-${user},${user === 3 ? "" : 20 + user}`);
  await writeFile("users.csv", ["user_id,age", ...users, ""].join("\n"));
  return ["--interactions", "shop.csv", "--users", "users.csv", ...quickSettings];
}

test("columns of the log and of a users file are named, tried, kept and used from the run folder alone", () =>
  inNewFolder(async () => {
    const asked = await writeShop();
    const without = await train(...asked, "--out", "without");
    assert.equal(without.status, 0, without.stderr);
    assert.match(
      without.stderr,
      /columns that states could know: log\.device, user\.age \(--set nextItem\.features=auto/,
    );
    assert.doesNotMatch(without.stdout, /features/);

    const trained = await train(...asked, "--out", "run", "--set", "nextItem.features=[device, age]");
    assert.equal(trained.status, 0, trained.stderr);
    assert.match(trained.stdout, /features +States know log\.device, user\.age\./);
    assert.doesNotMatch(trained.stderr, /columns that states could know/);
    for (const file of ["shop.csv", "users.csv"]) await writeFile(file, "");
    for (const who of [
      ["--user", "ü-3"],
      ["--items", "item, 3"],
    ]) {
      const listed = await ran("recommend", describeRecommend, "--run", "run", ...who);
      assert.equal(listed.status, 0, listed.stderr);
    }
    const judged = await ran("evaluate", describeEvaluate, "--run", "run");
    assert.equal(judged.status, 0, judged.stderr);
  }));

test("a column that is none is refused by name, with those there are, and exit status 2", () =>
  inNewFolder(async () => {
    const asked = await writeShop();
    const refused = await train(...asked, "--out", "run", "--set", "nextItem.features=[devise]");
    assert.equal(refused.status, 2);
    assert.match(
      refused.stderr,
      /no column "devise" \(did you mean log\.device\?\), expected some of log\.device, user\.age/,
    );
    assert.ok(!existsSync("run"));
    const unknown = await train(...asked, "--out", "run", "--set", "nextItem.features=all");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /nextItem\.features is "all", expected "none" or "auto" or a list of texts/);
  }));
