"use strict";
// Lint and types, then the tests of lib with Node's own test runner. The fast ones only: --unit.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { requireSetup } = require("./guard");
const { lint } = require("./lint");
const { places, inRoot } = require("./places");
const { setSurroundings } = require("./surroundings");

const usage = `Usage: npm test [-- PATH ...]
       npm run test:unit [-- PATH ...]
Formatting, lint and types, then the tests beside the sources of lib/. With paths, only the tests in them.
test:unit runs the tests alone, without those that are slow or drive a browser.`;

/** All test files below a folder, in a fixed order. */
function testFiles(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return testFiles(file);
      return /\.test\.(ts|js)$/.test(entry.name) ? [file] : [];
    });
}

/** The test files that are asked for. */
function chosenFiles({ unit = false, under = [] } = {}) {
  const wanted = under.map((name) => path.resolve(name));
  return testFiles(inRoot("lib"))
    .filter((file) => !unit || !/\.(browser|slow)\.test\./.test(file))
    .filter(
      (file) =>
        wanted.length === 0 || wanted.some((name) => file === name || file.startsWith(name + path.sep)),
    )
    .map((file) => path.relative(places.root, file));
}

/** Runs Node's test runner; resolves to its exit status. */
function runTests(files) {
  const options = ["--import", "tsx", "--test", "--test-concurrency=2", "--test-timeout=600000"];
  const args = [...options, "--test-reporter=spec", "--test-reporter-destination=stdout", ...files];
  const child = spawn(process.execPath, args, {
    cwd: places.root,
    env: setSurroundings({ ...process.env }),
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

async function main(args) {
  if (args.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const unit = args.includes("--unit");
  const under = args.filter((arg) => arg !== "--unit");
  const unknown = under.find((arg) => arg.startsWith("-") || !fs.existsSync(arg));
  const files = unknown === undefined ? chosenFiles({ unit, under }) : [];
  if (files.length === 0) {
    process.stderr.write(
      `${unknown === undefined ? "no tests there" : `there is no ${unknown}`}\n${usage}\n`,
    );
    return 2;
  }
  requireSetup();
  const sound = unit || (await lint());
  const status = await runTests(files);
  if (!sound) process.stderr.write("Lint or types failed: see the top, or run `npm run lint`.\n");
  return sound ? status : 1;
}

if (require.main === module) {
  main(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}

module.exports = { chosenFiles };
