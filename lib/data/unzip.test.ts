import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { python } from "./python";
import { unzip } from "./unzip";

const base = mkdtempSync(join(tmpdir(), "unzip-"));
after(() => rmSync(base, { recursive: true }));

const archive = join(base, "archive.zip");
const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name in sys.argv[2:]:
        archive.writestr(name, "text of " + name)
`;
execFileSync(python(), ["-c", script, archive, "in/a/x.csv", "in/b/x.csv", "in/other"]);

test("without their folders, or with those below one", async () => {
  const flat = join(base, "flat");
  assert.deepEqual(await unzip(archive, ["in/b/x.csv"], { folder: flat }), ["x.csv"]);
  assert.deepEqual(readdirSync(flat), ["x.csv"]);
  const deep = join(base, "deep");
  const files = await unzip(archive, ["in/a/x.csv", "in/b/x.csv"], { folder: deep, under: "in" });
  assert.deepEqual(files, ["a/x.csv", "b/x.csv"]);
  assert.equal(readFileSync(join(deep, "b", "x.csv"), "utf8"), "text of in/b/x.csv");
});

test("a file that is not in the archive is an error with its name", () =>
  assert.rejects(unzip(archive, ["in/none"], { folder: base }), /in\/none/));

test("what is no archive is an error with its name", () =>
  assert.rejects(
    unzip(join(base, "flat", "x.csv"), ["a"], { folder: base }),
    /x\.csv failed: invalid zip data/,
  ));
