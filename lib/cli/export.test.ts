import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { trainedRun } from "../serving/export/trainedRun.fixture";
import { bytesOfBase64, type PackedFile, unpacked } from "../serving/export/unpack";
import { describeExport } from "./export";
import { inNewFolder, ran, smallLog } from "./files.fixture";
import { describeTrain } from "./train";

const exported = (...argv: string[]) => ran("export", describeExport, ...argv);

test("a run becomes a folder that holds items and no reader, and is written anew as a whole", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    const trained = await ran(
      "train",
      describeTrain,
      ...["--interactions", "log.csv", "--agent", "item-knn", "--out", "run"],
    );
    assert.equal(trained.status, 0, trained.stderr);
    const { status, stdout, stderr } = await exported("--run", "run", "--out", "site");
    assert.equal(status, 0, stderr);
    const names = await readdir("site");
    assert.deepEqual(names.sort(), [
      ...["data-1.js", "index.html", "page.css", "page.js", "run.js", "tensorflow.js"],
    ]);
    for (const name of names) assert.match(stdout, new RegExp(`\\d MB  ${name}\n`));
    for (const name of names.filter((each) => each !== "tensorflow.js")) {
      const text = await readFile(join("site", name), "utf8");
      assert.doesNotMatch(text, /ü-\d/, `${name} names a reader`);
      assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org)[a-z]+\.[a-z]+\/\S*\.(js|css|png|woff)/, name);
    }
    const left: Record<string, unknown> = {};
    const data = await readFile(join("site", "data-1.js"), "utf8");
    const table = await readFile(join("site", "run.js"), "utf8");
    new Function("globalThis", `${table}${data}`)(left);
    const { files } = left.offshelfRun as { files: PackedFile[] };
    const run = unpacked(files, bytesOfBase64(left.offshelfPieces as string[])).get("run")!;
    // Of 160 rows nothing is left but links between 15 items and what is popular.
    for (const [name, { length }] of Object.entries(run.arrays))
      assert.ok([15, 16].includes(length) || /^links\./.test(name), `${name} has ${length} numbers`);
    assert.equal((run.header as { ids: string[] }).ids.length, 15);

    await writeFile("site/index.html", "old");
    assert.equal((await exported("--run", "run", "--out", "site")).status, 0);
    assert.match(await readFile("site/index.html", "utf8"), /<!doctype html>/);
    assert.deepEqual(
      (await readdir(".")).filter((name) => name.startsWith(".site")),
      [],
    );

    await writeFile("site/notes.txt", "mine");
    const taken = await exported("--run", "run", "--out", "site");
    assert.equal(taken.status, 2);
    assert.match(taken.stderr, /site: holds notes\.txt, which is no part of an exported page/);
    assert.equal(await readFile("site/notes.txt", "utf8"), "mine");

    const large = await exported("--run", "run", "--out", "small", "--most", "1");
    assert.equal(large.status, 2);
    assert.match(large.stderr, /run: its page would have \d MB, expected at most 1 MB, or --most \d/);
    assert.equal(existsSync("small"), false);
  }));

test("runs that cannot become a page are refused by name, before anything is written", () =>
  inNewFolder(async (root) => {
    for (const [agent, why] of [
      ["q-learning", /cannot be exported: what it learned holds the histories of the log's readers/],
      ["ease", /a run of ease cannot be exported: it links every item with every other/],
    ] as const) {
      const folder = await trainedRun(root, agent, { agent });
      const { status, stderr } = await exported("--run", folder, "--out", "site");
      assert.equal(status, 2, stderr);
      assert.match(stderr, why);
      assert.match(stderr, /expected a run of every actor \(ddpg, /);
      assert.equal(existsSync("site"), false);
    }
    await mkdir("empty");
    const none = await exported("--run", "empty", "--out", "site");
    assert.equal(none.status, 2);
    assert.match(none.stderr, /expected a run folder, as npm run train makes/);
  }));
