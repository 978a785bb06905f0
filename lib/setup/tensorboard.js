"use strict";
// The optional TensorBoard of `npm run tensorboard`, in a Python environment of its own, so that its packages and JupyterLab's
// never have to agree. tensorboard.txt pins every package.
const fs = require("node:fs");
const path = require("node:path");
const { command } = require("./command");
const { places } = require("./places");
const { systemPython } = require("./python");

const log = path.join(places.logs, "tensorboard.log");
const requirements = path.join(__dirname, "tensorboard.txt");
const home = path.join(places.cache, "tensorboard");
const environment = path.join(home, "environment");
const python =
  process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");

async function ensureEnvironment() {
  try {
    await command(python, ["-c", "import pip"], { timeout: 60 });
  } catch {
    fs.rmSync(environment, { recursive: true, force: true });
    await command(systemPython, ["-m", "venv", environment], { log, timeout: 180 });
  }
}

async function setUpTensorboard() {
  await ensureEnvironment();
  const flags = ["--no-deps", "--prefer-binary", "--no-input", "--progress-bar", "off"];
  const install = ["-m", "pip", "install", ...flags, "--disable-pip-version-check", "-r", requirements];
  await command(python, install, { log, timeout: 900 });
  const ask = "import tensorboard.main, tensorboard.version; print(tensorboard.version.VERSION)";
  const version = (await command(python, ["-c", ask], { log, timeout: 120 })).trim();
  return { note: `TensorBoard ${version}`, details: { version } };
}

module.exports = { home, python, requirements, setUpTensorboard };
