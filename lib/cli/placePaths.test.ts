import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import { inNewFolder } from "./files.fixture";
import { placePaths } from "./placePaths";

/** What a command's action gets for its options and its argument. */
async function placed(argv: readonly string[], surroundings: NodeJS.ProcessEnv): Promise<unknown[]> {
  let got: unknown[] = [];
  const command = new Command("x")
    .argument("[file]", "a file")
    .option("--log <file>", "a log", "default.csv")
    .option("--run <folder...>", "runs")
    .option("--dataset <name or file>", "a name or a file")
    .option("--user <id>", "a user")
    .hook("preAction", (_, action) => placePaths(action, surroundings))
    .action((file: string, options: Record<string, unknown>) => {
      got = [file, options.log, options.run, options.dataset, options.user];
    });
  await command.parseAsync([...argv], { from: "user" });
  return got;
}

test("paths count from where the person stands, under npm alone", () =>
  inNewFolder(async () => {
    const here = process.cwd();
    const typedIn = join(here, "notebooks");
    mkdirSync(join(typedIn, "mine"), { recursive: true });
    mkdirSync(join(here, "data", "runs"), { recursive: true });
    for (const file of ["notebooks/here.csv", "notebooks/both.csv", "both.csv"]) writeFileSync(file, "");
    const npm = { INIT_CWD: typedIn, npm_package_json: resolve("package.json") };
    const there = (path: string): string => join(typedIn, path);
    const argv = ["here.csv", "--log", "both.csv", "--run", "data/runs", "mine", "--user", "here.csv"];
    const expected = [
      there("here.csv"),
      there("both.csv"),
      ["data/runs", there("mine")],
      undefined,
      "here.csv",
    ];
    assert.deepEqual(await placed(argv, npm), expected, "data/runs stands in the project's folder alone");
    assert.deepEqual(
      await placed(["new.csv", "--dataset", "goodbooks"], npm),
      [there("new.csv"), "default.csv", undefined, "goodbooks", undefined],
      "what is not there yet is made where the person stands; a default and a name stay",
    );
    assert.equal((await placed(["--dataset", "here.csv"], npm))[3], there("here.csv"));
    const plain = ["here.csv", "both.csv", ["data/runs", "mine"], undefined, "here.csv"];
    assert.deepEqual(await placed(argv, {}), plain, "node lib/setup/run.js");
    const foreign = { ...npm, npm_package_json: "/elsewhere/package.json" };
    assert.deepEqual(await placed(argv, foreign), plain, "npm that runs something else");
  }));
