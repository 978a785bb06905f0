"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { inRoot } = require("./places");
const { matchesLock } = require("./npmPackages");

test("node_modules matches the lock file when every needed package is there in its version", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-npm-"));
  const lock = path.join(folder, "package-lock.json");
  const list = path.join(folder, "node_modules", ".package-lock.json");
  const write = (file, packages) => fs.writeFileSync(file, JSON.stringify({ packages }));
  const a = { "node_modules/a": { version: "1.0.0" } };
  const elsewhere = { "node_modules/b": { version: "2.0.0", optional: true } };
  fs.mkdirSync(path.join(folder, "node_modules", "a"), { recursive: true });
  fs.writeFileSync(path.join(folder, "node_modules", "a", "package.json"), "{}");

  write(lock, { "": {}, ...a, ...elsewhere });
  assert.equal(matchesLock(lock, list), false);
  write(list, a);
  assert.equal(matchesLock(lock, list), true);
  write(list, { "node_modules/a": { version: "1.0.1" } });
  assert.equal(matchesLock(lock, list), false);
  write(list, a);
  fs.rmSync(path.join(folder, "node_modules", "a"), { recursive: true });
  assert.equal(matchesLock(lock, list), false);
  fs.rmSync(folder, { recursive: true });
});

test("the lock file pins every package by hash and names no registry", () => {
  const { packages } = JSON.parse(fs.readFileSync(inRoot("package-lock.json"), "utf8"));
  const entries = Object.entries(packages).filter(([place]) => place !== "");
  assert.deepEqual(
    entries.filter(([, entry]) => !entry.integrity || entry.resolved).map(([place]) => place),
    [],
  );
  // Each optional package of another system is there too: without one `npm ci` refuses the file.
  const missing = entries.flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
    ),
  );
  assert.deepEqual(missing, []);
});
