"use strict";
// Which FAISS is chosen, and what its sources must be: with stand-ins, since compiling takes minutes.
const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const { execFileSync, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { afterEach, beforeEach, test } = require("node:test");
const { crate } = require("./compileFaiss");
const { checkedFile, keptByCargo, unpackCrate } = require("./crate");
const { addon, chooseFaiss, home, tryOut } = require("./fastFaiss");
const { instructionLevel, levels } = require("./instructions");
const { places } = require("./places");
const { allSteps, optionalSteps } = require("./steps");
const { setSurroundings } = require("./surroundings");

let folder;
const before = process.env.OFFSHELF_FAISS;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-faiss-"));
  delete process.env.OFFSHELF_FAISS;
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env.OFFSHELF_FAISS;
  else process.env.OFFSHELF_FAISS = before;
});

/** A module whose searches give these labels. */
const answering = (labels, typed = labels) => ({
  Index: { fromFactory: () => ({ add() {}, search: () => ({ labels }) }) },
  TypedIndex: {
    fromFactory: () => ({ add() {}, search: (_queries, _k, _distances, found) => found.set(typed) }),
  },
});

/** Chooses with a fast module in place; gives what was said too. */
function chosen(options) {
  const said = [];
  const choice = chooseFaiss(() => "generic", {
    inPlace: true,
    fast: "fast",
    say: (line) => said.push(line),
    ...options,
  });
  return { ...choice, said: said.join() };
}

test("a fast FAISS that works is used, and nothing is said", () => {
  const good = answering([1, 2, 0]);
  const load = (file) => {
    assert.equal(file, "fast");
    return good;
  };
  const { module, fast, said, name } = chosen({ load });
  assert.deepEqual([module, fast, said], [good, true, ""]);
  assert.match(name, /^FAISS [\d.]+ compiled for (avx512|avx2|generic)$/);
});

test("one that does not load or answers wrongly is left aside for the generic one, and that is said", () => {
  const broken = () => {
    throw new Error("undefined symbol: sgemm_\nand more");
  };
  for (const [load, reason] of [
    [broken, /undefined symbol: sgemm_\)/],
    [() => answering([0, 1, 2]), /a search gave 0,1,2, expected 1,2,0/],
    [() => answering([1, 2, 0], [2, 1, 0]), /a search gave 2,1,0, expected 1,2,0/],
    [() => ({}), /fromFactory/],
  ]) {
    const { module, name, fast, said } = chosen({ load });
    assert.deepEqual([module, name, fast], ["generic", "faiss-node's own", false]);
    assert.match(said, reason);
    assert.match(said, /faiss-node's own is used.*npm run setup -- --fast-faiss/);
  }
});

test("one that is not in place, made for another machine or not wanted is not even loaded", () => {
  const load = () => assert.fail("loaded");
  assert.equal(chosen({ load, inPlace: false }).module, "generic");
  process.env.OFFSHELF_FAISS = "generic";
  assert.deepEqual([chosen({ load }).module, chosen({ load }).said], ["generic", ""]);
  process.env.OFFSHELF_FAISS = "slow";
  assert.throws(() => chosen({ load }), /OFFSHELF_FAISS requires generic or nothing, got slow/);
});

test("when the generic one is missing as well, its own error is the caller's", () => {
  const generic = () => {
    throw new Error("Could not locate the bindings file");
  };
  assert.throws(() => chooseFaiss(generic, { inPlace: false }), /bindings file/);
});

test("faiss-node's own passes the trial", () => tryOut(require("faiss-node")));

test("the best level is the first whose flags are all there", () => {
  assert.equal(instructionLevel(`fpu ${levels.avx512.join(" ")} sse2`), "avx512");
  assert.equal(instructionLevel(levels.avx512.filter((flag) => flag !== "avx512bw").join(" ")), "avx2");
  assert.equal(instructionLevel("fpu sse2 avx avx512f avx512cd avx512vl avx512dq avx512bw"), "generic");
  assert.equal(instructionLevel(""), "generic");
});

test("plain set-up leaves it out; its option brings it, beside the generic one", () => {
  assert.ok(!allSteps().some(({ name }) => name === "fast-faiss"));
  assert.equal(optionalSteps()["fast-faiss"].name, "fast-faiss");
  assert.equal(path.dirname(addon), home);
  assert.equal(path.dirname(home), places.native);
  const help = spawnSync(process.execPath, [path.join(__dirname, "setup.js"), "--help"], {
    encoding: "utf8",
  });
  assert.match(help.stdout, /--fast-faiss/);
});

/** A crate of one file, packed as registries pack them. */
function packed(text) {
  const root = path.join(folder, "some-1.0.0");
  fs.mkdirSync(root, { recursive: true });
  fs.writeFileSync(path.join(root, "a.txt"), text);
  const file = path.join(folder, `${crypto.randomUUID()}.crate`);
  execFileSync("tar", ["-czf", file, "-C", folder, "some-1.0.0"]);
  const sha256 = crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  return { file, crate: { name: "some", version: "1.0.0", sha256 } };
}

test("a crate is unpacked when its SHA-256 is the pinned one, and refused otherwise", async () => {
  const good = packed("right");
  const wrong = packed("wrong");
  const target = path.join(folder, "unpacked");
  const root = await unpackCrate(good.crate, target, { given: good.file });
  assert.equal(fs.readFileSync(path.join(root, "a.txt"), "utf8"), "right");
  const refused = path.join(folder, "refused");
  await assert.rejects(unpackCrate(good.crate, refused, { given: wrong.file }), (error) => {
    assert.match(error.message, new RegExp(`is not ${good.crate.sha256}: found ${wrong.crate.sha256} in `));
    return true;
  });
  assert.deepEqual(fs.readdirSync(refused), []);
  assert.equal(checkedFile([wrong.file, good.file], good.crate), good.file);
  assert.throws(() => checkedFile([], good.crate), /found no file/);
  assert.match(crate.sha256, /^[0-9a-f]{64}$/);
});

test("cargo's copies of a crate are found in every registry of its home", () => {
  const file = path.join(folder, "registry", "cache", "mirror-1", "some-1.0.0.crate");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.mkdirSync(path.join(folder, "registry", "cache", "other-2"));
  assert.deepEqual(keptByCargo({ name: "some", version: "1.0.0" }, folder), []);
  fs.writeFileSync(file, "");
  assert.deepEqual(keptByCargo({ name: "some", version: "1.0.0" }, folder), [file]);
  assert.deepEqual(keptByCargo({ name: "some", version: "1.0.0" }, path.join(folder, "none")), []);
});

test("OpenBLAS takes one thread, unless the caller has set another number", () => {
  assert.equal(setSurroundings({}).OPENBLAS_NUM_THREADS, "1");
  assert.equal(setSurroundings({ OPENBLAS_NUM_THREADS: "4" }).OPENBLAS_NUM_THREADS, "4");
});
