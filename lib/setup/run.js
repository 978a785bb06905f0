"use strict";
// Runs one command of lib/cli, written in TypeScript, in this process: arguments, signals and the exit status
// are the command's own.
const fs = require("node:fs");
const Module = require("node:module");
const { requireSetup } = require("./guard");
const { inRoot } = require("./places");
const { runSources } = require("./sources");
const { setSurroundings } = require("./surroundings");

// What works without notebooks and figures needs no Python environment and no browser.
const needs = {
  bench: ["npm", "tensorflow", "faiss"],
  evaluate: ["npm", "tensorflow", "faiss"],
  experiment: ["npm", "tensorflow", "faiss"],
  export: ["npm", "tensorflow", "faiss"],
  inspect: ["npm"],
  metrics: ["npm"],
  ope: ["npm", "tensorflow", "faiss"],
  recommend: ["npm", "tensorflow", "faiss"],
  runs: ["npm"],
  select: ["npm", "tensorflow", "faiss"],
  serve: ["npm", "tensorflow", "faiss"],
  simulate: ["npm"],
  tensorboard: ["npm"],
  train: ["npm", "tensorflow", "faiss"],
};

const [name, ...args] = process.argv.slice(2);
const file = inRoot("lib", "cli", `${name}.ts`);
if (name === undefined || !/^[a-z]+$/i.test(name) || !fs.existsSync(file)) {
  process.stderr.write(`There is no command ${name ?? ""}: \`npm run\` lists all commands.\n`);
  process.exit(2);
}
requireSetup(needs[name]);
setSurroundings();
runSources();
process.argv = [process.execPath, file, ...args];
Module.runMain();
