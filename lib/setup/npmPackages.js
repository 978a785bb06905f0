"use strict";
// The npm packages, exactly those of package-lock.json, without running their install scripts.
const fs = require("node:fs");
const path = require("node:path");
const { command } = require("./command");
const { places, inRoot } = require("./places");

const log = path.join(places.logs, "npm.log");
// npm writes this list into node_modules at the end of an installation.
const installedList = path.join(places.modules, ".package-lock.json");

function packagesOf(file) {
  return JSON.parse(fs.readFileSync(file, "utf8")).packages ?? {};
}

/** Whether node_modules holds what package-lock.json asks for: the same versions, all folders there. */
function matchesLock(lockFile = inRoot("package-lock.json"), listFile = installedList) {
  if (!fs.existsSync(listFile)) return false;
  const wanted = packagesOf(lockFile);
  const installed = packagesOf(listFile);
  const base = path.dirname(lockFile);
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === "") return true;
    const found = installed[place];
    // Optional packages are those of other systems.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && fs.existsSync(path.join(base, place, "package.json"));
  });
}

/** npm as a program and its first arguments: the npm that runs us, else the one on the path. */
function npm() {
  const running = process.env.npm_execpath;
  if (running?.endsWith("npm-cli.js")) return [process.execPath, running];
  return process.platform === "win32" ? ["cmd", "/c", "npm"] : ["npm"];
}

async function installPackages() {
  const count = Object.keys(packagesOf(inRoot("package-lock.json"))).length - 1;
  const details = { packages: count };
  if (matchesLock()) return { note: `${count} packages, already there`, details };
  const [program, ...before] = npm();
  const flags = ["--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--no-progress"];
  const install = () =>
    command(program, [...before, "ci", ...flags], { cwd: places.root, log, timeout: 900 });
  // Without this list a half-made folder cannot be taken for a whole one.
  fs.rmSync(installedList, { force: true });
  try {
    await install();
  } catch {
    // A download that broke off, or leftovers npm cannot sort out: once more, from nothing.
    fs.rmSync(places.modules, { recursive: true, force: true });
    await install();
  }
  return { note: `${count} packages`, details };
}

module.exports = { installPackages, matchesLock, npm };
