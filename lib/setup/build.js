"use strict";
// Compiles one Node-API addon from a package's sources; Node-API's headers come from npm packages.
const fs = require("node:fs");
const path = require("node:path");
const { command } = require("./command");
const { inRoot } = require("./places");

/**
 * Compiles and links `sources` into `output`, which appears only when it is whole (a process that has loaded
 * an older one keeps it).
 *
 * @param {{ sources: string[], flags: string[], libraries: string[], output: string, log: string }} addon
 */
async function compileAddon({ sources, flags, libraries, output, log }) {
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const temporary = `${output}.partial`;
  const headers = `-I${inRoot("node_modules", "node-api-headers", "include")}`;
  const common = ["-O2", "-fPIC", "-shared", "-std=c++17", headers];
  try {
    const args = [...common, ...flags, ...sources, ...libraries, "-o", temporary];
    await command(process.env.CXX || "g++", args, { log, timeout: 300 });
    fs.renameSync(temporary, output);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    if (/was not found/.test(error.message)) {
      error.todo = "install a C++ compiler (Debian, Ubuntu: apt-get install g++), then run `npm start` again";
    }
    throw error;
  }
}

/** Uses a native part in a process of its own; resolves to what it says about itself. */
async function testPart(name, log) {
  const output = await command(process.execPath, [path.join(__dirname, "smoke.js"), name], {
    log,
    timeout: 60,
  });
  return JSON.parse(output.trim().split("\n").pop());
}

module.exports = { compileAddon, testPart };
