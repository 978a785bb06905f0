"use strict";
const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { places } = require("./places");
const { allSteps, optionalSteps } = require("./steps");
const { home, requirements } = require("./tensorboard");

test("TensorBoard is brought by its option alone, into a folder of its own within data/cache", () => {
  assert.ok(!allSteps().some((step) => step.name === "tensorboard"));
  assert.equal(optionalSteps().tensorboard.name, "tensorboard");
  assert.equal(path.dirname(home), places.cache);
  const { stdout } = spawnSync(process.execPath, [path.join(__dirname, "setup.js"), "--help"], {
    encoding: "utf8",
  });
  assert.match(stdout, /--tensorboard {2}also TensorBoard/);
});

test("every package is pinned, for each Python once, and setuptools still has pkg_resources", () => {
  const lines = fs
    .readFileSync(requirements, "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));
  for (const line of lines) assert.match(line, /^[a-z][\w.-]*==\d+(\.\d+)+( ; python_full_version .+)?$/);
  const always = lines.filter((line) => !line.includes(";")).map((line) => line.split("==")[0]);
  assert.equal(new Set(always).size, always.length);
  assert.ok(always.includes("tensorboard") && !always.includes("numpy"));
  const [, major] = /^setuptools==(\d+)/m.exec(lines.join("\n"));
  assert.ok(Number(major) < 81);
});
