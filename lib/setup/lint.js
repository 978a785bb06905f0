"use strict";
// Formatting, lint and strict types, under the project's TypeScript and under the one that notebooks use.
const { spawn } = require("node:child_process");
const path = require("node:path");
const { requireSetup } = require("./guard");
const { places } = require("./places");

const checks = (fix) => [
  {
    title: "formatting and lint",
    program: ["@biomejs", "biome", "bin", "biome"],
    args: ["check", ...(fix ? ["--write"] : []), "--error-on-warnings", "--max-diagnostics=50"],
  },
  { title: "types", program: ["typescript", "bin", "tsc"], args: ["-p", "."] },
  {
    title: "types as notebooks see them",
    program: ["@tslab", "typescript-for-tslab", "bin", "tsc"],
    args: ["-p", "."],
  },
];

/** Runs one check; resolves to whether it passed, after printing its line and, if it failed, its output. */
function check({ title, program, args }) {
  const start = performance.now();
  return new Promise((resolve) => {
    const file = path.join(places.modules, ...program);
    const child = spawn(process.execPath, [file, ...args], {
      cwd: places.root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
      });
    }
    child.on("close", (code) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stderr.write(`  ${code === 0 ? "passed" : "FAILED"}  ${title} (${seconds} s)\n`);
      if (code !== 0) process.stderr.write(`${output.trimEnd()}\n`);
      resolve(code === 0);
    });
  });
}

/** Runs all checks side by side; resolves to whether all passed. */
async function lint({ fix = false } = {}) {
  const results = await Promise.all(checks(fix).map(check));
  return results.every(Boolean);
}

if (require.main === module) {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(
      "Usage: npm run lint [-- --fix]\nFormatting, lint and types; --fix mends what can be mended.\n",
    );
  } else {
    requireSetup(["npm"]);
    lint({ fix: args.includes("--fix") }).then((passed) => {
      process.exitCode = passed ? 0 : 1;
    });
  }
}

module.exports = { lint };
