"use strict";
// Where set-up keeps things. Every path hangs from the project root, so a copy or a clone has its own.
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");
const inRoot = (...parts) => path.join(root, ...parts);

/** Folders and files that set-up makes; all are ignored by git. */
const places = {
  root,
  modules: inRoot("node_modules"),
  venv: inRoot(".venv"),
  cache: inRoot("data", "cache"),
  native: inRoot("data", "cache", "native"),
  text: inRoot("data", "cache", "text"),
  setup: inRoot("data", "cache", "setup"),
  logs: inRoot("data", "cache", "setup", "logs"),
  browser: inRoot("data", "cache", "native", "browser"),
  browserRecord: inRoot("data", "cache", "setup", "browser.json"),
};

/** The path of a program inside the project's Python environment. */
function inVenv(program) {
  return process.platform === "win32"
    ? path.join(places.venv, "Scripts", `${program}.exe`)
    : path.join(places.venv, "bin", program);
}

module.exports = { places, inRoot, inVenv };
