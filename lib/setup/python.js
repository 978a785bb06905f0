"use strict";
// The project's own Python environment: JupyterLab, nbclient, nbconvert and Optuna, all versions pinned.
const fs = require("node:fs");
const path = require("node:path");
const { command } = require("./command");
const { places, inVenv } = require("./places");
const { SetupProblem } = require("./runSteps");

const log = path.join(places.logs, "python.log");
const requirements = path.join(__dirname, "requirements.txt");
// There while packages are being installed; what an interruption leaves is then made anew.
const unfinished = path.join(places.venv, "offshelf-unfinished");

// For Python's -c, before Jupyter is imported: one of its packages would compile a grammar of web addresses at every
// start, for a second, to check a form of address that nothing here uses. Jupyter goes on without it.
const quickStart = "import sys; sys.modules['rfc3987_syntax'] = None";

const systemPython = process.platform === "win32" ? "python" : "python3";

async function checkVersion() {
  const ask = "import sys; print('%d.%d' % sys.version_info[:2])";
  const version = (await command(systemPython, ["-c", ask], { timeout: 30 })).trim();
  const [major, minor] = version.split(".").map(Number);
  if (major !== 3 || minor < 10) {
    throw new SetupProblem(
      `Python 3.10 or newer is needed, ${systemPython} is ${version}`,
      "put a newer python3 first on the PATH, then run `npm start` again",
    );
  }
}

/** Whether no installation was broken off. */
function isFinished() {
  return !fs.existsSync(unfinished);
}

/** Whether .venv is a working environment made at this very place, and not a half-made one. */
async function isUsable() {
  if (!fs.existsSync(inVenv("python")) || !isFinished()) return false;
  try {
    const prefix = await command(inVenv("python"), ["-c", "import sys, pip; print(sys.prefix)"], {
      timeout: 30,
    });
    // Programs in .venv/bin name their folder: a copied or moved environment would run another project's.
    const pip = fs.readFileSync(inVenv("pip"), "utf8");
    return fs.realpathSync(prefix.trim()) === fs.realpathSync(places.venv) && pip.includes(places.venv);
  } catch {
    return false;
  }
}

/** Makes .venv anew, with pip and nothing else. */
async function makeEnvironment() {
  fs.rmSync(places.venv, { recursive: true, force: true });
  try {
    await command(systemPython, ["-m", "venv", places.venv], { log, timeout: 180 });
  } catch (error) {
    fs.rmSync(places.venv, { recursive: true, force: true });
    if (/ensurepip/.test(`${error.tail}`)) {
      error.todo =
        "install Python's venv module (Debian, Ubuntu: apt-get install python3-venv) and run again";
    }
    throw error;
  }
}

/** The Python environment itself; its pip also fetches the TensorFlow library. */
async function ensureEnvironment() {
  await checkVersion();
  if (!(await isUsable())) await makeEnvironment();
  const version = (await command(inVenv("python"), ["--version"], { timeout: 30 })).trim();
  return { note: version, details: { version } };
}

/** The pinned packages inside the environment. */
async function installJupyter() {
  fs.writeFileSync(unfinished, "");
  const flags = ["--no-input", "--progress-bar", "off", "--disable-pip-version-check", "--prefer-binary"];
  const install = ["-m", "pip", "install", ...flags, "-r", requirements];
  await command(inVenv("python"), install, { log, timeout: 900 });
  const ask = "import jupyterlab, nbclient, nbconvert, optuna; print(jupyterlab.__version__)";
  const version = (await command(inVenv("python"), ["-c", ask], { log, timeout: 120 })).trim();
  fs.rmSync(unfinished, { force: true });
  return { note: `JupyterLab ${version}`, details: { jupyterlab: version } };
}

module.exports = { ensureEnvironment, installJupyter, isFinished, quickStart, requirements, systemPython };
