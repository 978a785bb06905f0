"use strict";
const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { home, partsOf, requirements, tests } = require("./peers");
const { places } = require("./places");
const { allSteps, optionalSteps } = require("./steps");

test("the peers are brought by their option alone, into a folder of their own within data/cache", () => {
  assert.ok(!allSteps().some((step) => step.name === "peers"));
  assert.equal(optionalSteps().peers.name, "peers");
  assert.equal(path.dirname(home), places.cache);
});

test("every package of every part is pinned, named once, and every part has a test", () => {
  const parts = partsOf(fs.readFileSync(requirements, "utf8"));
  assert.deepEqual(Object.keys(parts), Object.keys(tests));
  const names = Object.values(parts)
    .flat()
    .map((line) => {
      assert.match(line, /^[a-z][\w.-]*==\d+(\.\d+)+( ; .+)?$/);
      return line.split("==")[0];
    });
  assert.equal(new Set(names).size, names.length);
});

test("parts are the lines under headings of one word; other comments and empty lines are none", () => {
  const text = "# What stands here.\n\n# one\na==1.0\n\n# two\n# not a part\nb==2.0\nc==3.0\n";
  assert.deepEqual(partsOf(text), { one: ["a==1.0"], two: ["b==2.0", "c==3.0"] });
});

test("--peers is told in --help", () => {
  const { stdout } = spawnSync(process.execPath, [path.join(__dirname, "setup.js"), "--help"], {
    encoding: "utf8",
  });
  assert.match(stdout, /--peers {3}also PyTorch/);
});
