"use strict";
// Registers the project's kernel in the project's own Python environment, and nowhere else.
const path = require("node:path");
const { command } = require("./command");
const { places, inRoot, inVenv } = require("./places");
const { writeWhole } = require("./stamp");

const kernelName = "offshelf";
const folder = path.join(places.venv, "share", "jupyter", "kernels", kernelName);
const log = path.join(places.logs, "kernel.log");

/** What Jupyter reads: the program to start, with the paths of this machine. */
function kernelspec() {
  return {
    argv: [process.execPath, inRoot("lib", "setup", "kernel.js"), "{connection_file}"],
    display_name: "offshelf (TypeScript)",
    language: "typescript",
    metadata: { debugger: false },
  };
}

async function registerKernel() {
  writeWhole(path.join(folder, "kernel.json"), `${JSON.stringify(kernelspec(), null, 2)}\n`);
  const ask = `from jupyter_client.kernelspec import get_kernel_spec; print(get_kernel_spec("${kernelName}").resource_dir)`;
  const found = (await command(inVenv("python"), ["-c", ask], { log, timeout: 60 })).trim();
  if (path.resolve(found) !== path.resolve(folder)) {
    throw new Error(`Jupyter takes the kernel ${kernelName} from ${found} instead of ${folder}`);
  }
  return { note: kernelspec().display_name, details: { node: process.version } };
}

module.exports = { folder, kernelName, registerKernel };
