"use strict";
const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { inRoot } = require("./places");
const { allSteps, optionalSteps } = require("./steps");
const { bertVocabulary, lockFile } = require("./text");

test("words' beginnings become bare, continuations get ##, special entries stay", () => {
  const marked = ["[PAD]", "▁", "[unused1]", "[CLS]", "▁[", "▁]", "▁the", "ing", "▁##", "[", "▁é"];
  const words = ["[PAD]", "[unused0]", "[unused1]", "[CLS]", "[", "]", "the", "##ing", "##", "##[", "é"];
  assert.equal(bertVocabulary(marked), `${words.join("\n")}\n`);
});

test("the text encoder is brought by its option alone, with exact versions and hashes from its own lock", () => {
  assert.ok(!allSteps().some((step) => step.name === "text"));
  assert.equal(optionalSteps().text.name, "text");
  const project = JSON.parse(fs.readFileSync(inRoot("package-lock.json"), "utf8")).packages;
  assert.equal(project["node_modules/onnxruntime-node"], undefined);
  const { packages } = JSON.parse(fs.readFileSync(lockFile, "utf8"));
  for (const [place, entry] of Object.entries(packages)) {
    if (place === "") continue;
    assert.match(entry.version, /^\d+\.\d+\.\d+$/, place);
    assert.match(entry.integrity, /^sha512-/, place);
    assert.equal(entry.resolved, undefined, place);
  }
  const wanted = JSON.parse(fs.readFileSync(path.join(path.dirname(lockFile), "package.json"), "utf8"));
  assert.deepEqual(packages[""].dependencies, wanted.dependencies);
});

test("--text is told in --help, and an unknown option is refused", () => {
  const setup = (option) =>
    spawnSync(process.execPath, [path.join(__dirname, "setup.js"), option], { encoding: "utf8" });
  assert.match(setup("--help").stdout, /--text {2}/);
  const wrong = setup("--texts");
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /knows no option --texts/);
});
