"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { afterEach, beforeEach, test } = require("node:test");
const { fault, testsOf, tryAll, withChange } = require("./mutants");
const { places } = require("./places");

const source = "export const sum = (a: number, b: number): number => a + b;\nexport const one = 1;\n";
const check = `import { test } from "node:test";
import { equal } from "node:assert/strict";
import { sum } from "./sum";
test("adds", () => equal(sum(2, 3), 5));
`;

let root;
const write = (name, text) => fs.writeFileSync(path.join(root, name), text);
const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
const entry = (from, to, more) => ({ name: `${from} to ${to}`, file: "lib/sum.ts", from, to, ...more });

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-mutants-test-"));
  fs.mkdirSync(path.join(root, "lib"));
  fs.symlinkSync(fs.realpathSync(places.modules), path.join(root, "node_modules"), "junction");
  write("lib/sum.ts", source);
  write("lib/sum.test.ts", check);
});
afterEach(() => fs.rmSync(root, { recursive: true }));

test("an entry is refused by name when its text stands twice, nowhere, changes nothing or breaks the file", () => {
  assert.equal(fault(entry("a + b", "a - b"), root), undefined);
  assert.match(fault(entry("number", "string"), root), /^number to string: .* 3 times in lib\/sum\.ts/);
  assert.match(fault(entry("a * b", "a - b"), root), /^a \* b to a - b: .* 0 times/);
  assert.match(fault(entry("a + b", "a + b"), root), /changes nothing/);
  assert.match(fault(entry("a + b", "a +"), root), /^a \+ b to a \+: does not parse/);
  assert.match(fault(entry("a + b", "a - b", { tests: ["lib/no.test.ts"] }), root), /no\.test\.ts/);
  assert.equal(read("lib/sum.ts"), source);
});

test("the text to put in is taken as it is, and the file is whole again even when the work throws", async () => {
  const seen = await withChange(entry("a + b", "$& + $1"), root, async () => read("lib/sum.ts"));
  assert.equal(
    seen,
    source.replace("a + b", () => "$& + $1"),
  );
  assert.equal(read("lib/sum.ts"), source);
  const failing = withChange(entry("a + b", "a"), root, () => Promise.reject(new Error("broken off")));
  await assert.rejects(failing, /broken off/);
  assert.equal(read("lib/sum.ts"), source);
});

test("tests are an entry's own, else the file beside the source, else the quick ones of its folder", () => {
  assert.deepEqual(testsOf(entry("a", "b", { tests: ["lib/own.test.ts"] }), root), ["lib/own.test.ts"]);
  assert.deepEqual(testsOf(entry("a", "b"), root), ["lib/sum.test.ts"]);
  fs.renameSync(path.join(root, "lib/sum.test.ts"), path.join(root, "lib/all.test.ts"));
  write("lib/long.slow.test.ts", "");
  assert.deepEqual(testsOf(entry("a", "b"), root), ["lib/all.test.ts"]);
});

test("a noticed change is killed, by the time limit too, an unnoticed one survives, and a red start is refused", async () => {
  const entries = [
    entry("a + b", "a - b"),
    entry("one = 1", "one = 2"),
    entry("=> a + b", "=> { for (;;); }"),
  ];
  const said = [];
  const options = { limit: 6, say: (line) => said.push(line) };
  const results = await tryAll(entries, [root], options);
  const told = results.map(({ outcome, by }) => [outcome, by]);
  const expected = [
    ["killed", "lib/sum.test.ts"],
    ["survived", undefined],
    ["killed", "the time limit"],
  ];
  assert.deepEqual(told, expected);
  assert.match(said.at(-2), /^SURVIVED .*one = 1 to one = 2/);
  assert.equal(read("lib/sum.ts"), source);

  write("lib/sum.test.ts", check.replace("5", "6"));
  await assert.rejects(tryAll(entries, [root], options), /fail without a change: lib\/sum\.test\.ts/);
});
