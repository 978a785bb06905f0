"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { afterEach, beforeEach, test } = require("node:test");
const { fileFingerprint, validStamp, writeStamp } = require("./stamp");

let folder;
let step;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-stamp-"));
  const made = path.join(folder, "made");
  fs.writeFileSync(path.join(folder, "lock.json"), "1");
  fs.writeFileSync(made, "");
  step = {
    stamp: path.join(folder, "deep", "stamp.json"),
    inputs: () => [fileFingerprint(path.join(folder, "lock.json"))],
    proof: () => [made],
  };
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test("a written stamp is valid and keeps its note and details", () => {
  assert.equal(validStamp(step), undefined);
  writeStamp(step, { note: "all there", details: { source: "built" }, seconds: 1 });
  assert.equal(validStamp(step).note, "all there");
  assert.deepEqual(validStamp(step).details, { source: "built" });
  assert.deepEqual(fs.readdirSync(path.dirname(step.stamp)), ["stamp.json"]);
});

test("changed inputs, a vanished result, refused details or a broken file make it invalid", () => {
  writeStamp(step, { details: { source: "built" } });
  assert.equal(validStamp({ ...step, accepts: ({ source }) => source === "upstream" }), undefined);
  assert.notEqual(validStamp({ ...step, accepts: ({ source }) => source === "built" }), undefined);

  fs.writeFileSync(path.join(folder, "lock.json"), "2");
  assert.equal(validStamp(step), undefined);
  fs.writeFileSync(path.join(folder, "lock.json"), "1");
  assert.notEqual(validStamp(step), undefined);

  fs.rmSync(path.join(folder, "made"));
  assert.equal(validStamp(step), undefined);
  fs.writeFileSync(path.join(folder, "made"), "");

  fs.writeFileSync(step.stamp, '{"inputs":');
  assert.equal(validStamp(step), undefined);
});
