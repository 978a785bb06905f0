"use strict";
// Makes the wrong changes of mutants.json to a copy of lib, one at a time, and prints those no test notices.
//
// Why a list and not Stryker: its operators make 24,102 changes to lib without commands and figures, ten hours
// or more on two cores, and its plug-ins may be checkers, runners, reporters and ignorers, but not operators.
// What silently corrupts results here (a sign, a mask, a leak, a seed, a denominator) is written by hand instead.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { places, inRoot } = require("./places");
const { setSurroundings } = require("./surroundings");

const usage = `Usage: npm run mutants [-- --only PATTERN] [--jobs N] [--limit SECONDS] [--json FILE] [--list] [--check]
Changes lib wrongly on purpose, in a copy, and runs the nearest tests. Ends with 1 when a change survives or
no longer applies. --only: whose name or file fits a regular expression. --list: names them. --check: whether
each text to change stands exactly once in its file, and the changed file still parses.`;

/** Test files of an entry: its own, else the one beside the source, else all quick ones of the folder. */
function testsOf({ file, tests }, root) {
  if (tests !== undefined) return tests;
  const beside = [".test.ts", ".slow.test.ts"].map((ending) => file.replace(/\.ts$/, ending));
  const own = beside.filter((test) => fs.existsSync(path.join(root, test)));
  if (own.length > 0) return own;
  const folder = path.posix.dirname(file);
  return fs
    .readdirSync(path.join(root, folder))
    .filter((name) => /\.test\.[jt]s$/.test(name) && !/\.(slow|browser)\./.test(name))
    .map((name) => `${folder}/${name}`);
}

/** The changed text of an entry's file. @throws naming the entry when it cannot be applied */
function changed({ name, file, from, to }, text) {
  const times = text.split(from).length - 1;
  if (from === to) throw new Error(`${name}: changes nothing`);
  if (times !== 1) throw new Error(`${name}: its text stands ${times} times in ${file}, not once`);
  return text.split(from).join(to);
}

/** What is wrong with an entry, or undefined. */
function fault(entry, root) {
  try {
    const text = changed(entry, fs.readFileSync(path.join(root, entry.file), "utf8"));
    for (const test of testsOf(entry, root)) fs.accessSync(path.join(root, test));
    const { transpileModule } = require(path.join(places.modules, "typescript"));
    const [broken] = transpileModule(text, { reportDiagnostics: true }).diagnostics;
    return broken && `${entry.name}: does not parse: ${broken.messageText}`;
  } catch (error) {
    return error.message;
  }
}

/** Runs work with an entry's change made in a tree; the file is as it was afterwards, whatever happens. */
async function withChange(entry, root, work) {
  const file = path.join(root, entry.file);
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, changed(entry, text));
  try {
    return await work();
  } finally {
    fs.writeFileSync(file, text);
  }
}

/** A copy of the project without history and results; what set-up made is linked, caches of results are not. */
function copyOfProject(folder) {
  const left = new Set([".git", ".venv", "node_modules", "data"].map((name) => inRoot(name)));
  fs.cpSync(places.root, folder, { recursive: true, filter: (source) => !left.has(source) });
  const made = [places.modules, places.venv, places.native, places.text, places.setup, inRoot("data", "raw")];
  for (const target of made.filter(fs.existsSync)) {
    const link = path.join(folder, path.relative(places.root, target));
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(fs.realpathSync(target), link, "junction");
  }
  fs.copyFileSync(inRoot("data", "README.md"), path.join(folder, "data", "README.md"));
}

const running = new Set();
const environment = setSurroundings({ ...process.env, NODE_TEST_CONTEXT: undefined }); // no test runner's child

/** Ends a test run with whatever it started. */
function end(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** Runs test files in a tree; resolves to the first that fails, or undefined, with the seconds it took. */
async function firstFailure(files, root, limit) {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const stdio = ["ignore", "pipe", "ignore"];
  const how = { cwd: root, env: environment, stdio, detached: process.platform !== "win32" };
  for (const file of files) {
    const passed = await new Promise((resolve) => {
      const child = spawn(process.execPath, ["--import", "tsx", "--test-reporter=tap", file], how);
      child.stdout.on("data", (lines) => /^not ok/m.test(lines) && end(child)); // the first failure is enough
      running.add(child);
      const timer = setTimeout(() => end(child), Math.max(1, limit - seconds()) * 1000);
      child.on("close", (code) => {
        clearTimeout(timer);
        running.delete(child);
        resolve(code === 0);
      });
    });
    if (!passed) return { by: seconds() >= limit ? "the time limit" : file, seconds: seconds() };
  }
  return { by: undefined, seconds: seconds() };
}

/** Does work for every item, one at a time in each tree. */
async function inTrees(trees, items, work) {
  const left = [...items];
  const each = async (tree) => {
    while (left.length > 0) await work(left.shift(), tree);
  };
  await Promise.all(trees.map(each));
}

/** Tries all entries; resolves to what became of each. @throws when a needed test fails without a change */
async function tryAll(entries, trees, { limit, say }) {
  const files = [...new Set(entries.flatMap((entry) => testsOf(entry, trees[0])))];
  say(`${files.length} test files without a change`);
  const [failing, results] = [[], []];
  await inTrees(trees, files, async (file, tree) => {
    const { by } = await firstFailure([file], tree, limit);
    if (by !== undefined) failing.push(by === file ? file : `${file} (${by})`);
  });
  if (failing.length > 0) throw new Error(`tests fail without a change: ${failing.join(", ")}`);
  await inTrees(trees, entries, async (entry, tree) => {
    const run = () => firstFailure(testsOf(entry, tree), tree, limit);
    const { by, seconds } = await withChange(entry, tree, run);
    results.push({ name: entry.name, file: entry.file, outcome: by ? "killed" : "survived", by, seconds });
    const time = `${seconds.toFixed(1)} s`;
    say(
      by ? `killed in ${time} by ${by}: ${entry.name}` : `SURVIVED (${time}): ${entry.name} [${entry.file}]`,
    );
  });
  return results;
}

function optionsOf(args) {
  const [text, flag] = [{ type: "string" }, { type: "boolean", default: false }];
  const options = { only: text, jobs: text, limit: text, json: text, list: flag, check: flag, help: flag };
  const { values } = parseArgs({ args, options });
  const [jobs, limit] = [Number(values.jobs ?? 1), Number(values.limit ?? 120)];
  if (!(Number.isInteger(jobs) && jobs >= 1 && limit > 0)) throw new Error("--jobs and --limit are above 0");
  return { ...values, jobs, limit, only: new RegExp(values.only ?? "", "i") };
}

async function main(args, say = (line) => process.stdout.write(`${line}\n`)) {
  const { only, jobs, limit, json, list, check, help } = optionsOf(args);
  const all = JSON.parse(fs.readFileSync(path.join(__dirname, "mutants.json"), "utf8"));
  const entries = all.filter(({ name, file }) => only.test(name) || only.test(file));
  if (entries.length === 0) throw new Error("no change fits --only");
  if (help) say(usage);
  else if (list) for (const { name, file } of entries) say(`${name} [${file}]`);
  if (help || list) return 0;
  const faults = entries.map((entry) => fault(entry, places.root));
  for (const each of faults) if (each !== undefined) say(`does not apply: ${each}`);
  const sound = entries.filter((_, i) => faults[i] === undefined);
  if (check) say(`${sound.length} of ${entries.length} changes apply`);
  if (check || sound.length === 0) return sound.length === entries.length ? 0 : 1;

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-mutants-"));
  const tidy = () => fs.rmSync(folder, { recursive: true, force: true });
  const stop = () => {
    for (const child of running) end(child);
    tidy();
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  try {
    const trees = Array.from({ length: jobs }, (_, job) => path.join(folder, `${job + 1}`));
    for (const tree of trees) copyOfProject(tree);
    const results = await tryAll(sound, trees, { limit, say });
    if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
    const survived = results.filter(({ outcome }) => outcome === "survived").length;
    say(`${results.length - survived} killed, ${survived} survived`);
    return survived > 0 || sound.length < entries.length ? 1 : 0;
  } finally {
    tidy();
  }
}

if (require.main === module) {
  main(process.argv.slice(2))
    .catch((error) => {
      process.stderr.write(`${error.message}\n${usage}\n`);
      return 2;
    })
    .then((status) => {
      process.exitCode = status;
    });
}

module.exports = { changed, fault, testsOf, tryAll, withChange };
