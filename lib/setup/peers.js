"use strict";
// The optional peers of `npm run bench -- --peers` (PyTorch, faiss-cpu, Polars, Open Bandit Pipeline), in a Python
// environment of their own: nothing of offshelf runs in it. peers.txt pins every package.
const fs = require("node:fs");
const path = require("node:path");
const { command } = require("./command");
const { places } = require("./places");
const { systemPython } = require("./python");
const { SetupProblem } = require("./runSteps");
const { readStamp, writeWhole } = require("./stamp");

const log = path.join(places.logs, "peers.log");
const requirements = path.join(__dirname, "peers.txt");
const home = path.join(places.cache, "peers");
const environment = path.join(home, "environment");
/** Which parts work, with their versions. */
const record = path.join(home, "parts.json");
const python =
  process.platform === "win32"
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");

/** Prints a part's version once what the bench calls has been called. */
const tests = {
  python: "import numpy, pandas; print(numpy.__version__)",
  torch: "import torch; torch.nn.GRU(2, 2)(torch.ones(1, 1, 2)); print(torch.__version__.split('+')[0])",
  faiss: "import faiss, numpy; faiss.IndexFlatIP(2).add(numpy.ones((1, 2), 'f4')); print(faiss.__version__)",
  polars: "import polars; print(polars.__version__)",
  obp: "import obp, obp.ope; print(obp.__version__)",
};

/** {part: its requirements}, by the headings of peers.txt that are single words. */
function partsOf(text) {
  const parts = {};
  let at;
  for (const line of text.split("\n").map((each) => each.trim())) {
    const heading = /^# ([a-z]+)$/.exec(line);
    if (heading) at = parts[heading[1]] = [];
    else if (line !== "" && !line.startsWith("#")) at.push(line);
  }
  return parts;
}

async function ensureEnvironment() {
  const ask = "import sys; print('%d.%d' % sys.version_info[:2])";
  const version = (await command(systemPython, ["-c", ask], { timeout: 30 })).trim();
  const [major, minor] = version.split(".").map(Number);
  if (major !== 3 || minor < 11)
    throw new SetupProblem(
      `the peers need Python 3.11 or newer, ${systemPython} is ${version}`,
      "put a newer python3 first on the PATH, then run `npm run setup -- --peers` again",
    );
  try {
    await command(python, ["-c", "import pip"], { timeout: 60 });
  } catch {
    fs.rmSync(environment, { recursive: true, force: true });
    await command(systemPython, ["-m", "venv", environment], { log, timeout: 180 });
  }
}

/** Installs one part and tries it; gives its version. */
async function install(part, pinned) {
  const flags = ["--no-deps", "--ignore-requires-python", "--prefer-binary", "--no-input"];
  const quiet = ["--progress-bar", "off", "--disable-pip-version-check"];
  await command(python, ["-m", "pip", "install", ...flags, ...quiet, ...pinned], { log, timeout: 1800 });
  if (part === "torch") await command(python, [path.join(__dirname, "standIns.py")], { log, timeout: 300 });
  return (await command(python, ["-c", tests[part]], { log, timeout: 300 })).trim();
}

/** Every part in turn; one that cannot be had does not keep the others away. */
async function setUpPeers() {
  await ensureEnvironment();
  const found = {};
  const failed = [];
  for (const [part, pinned] of Object.entries(partsOf(fs.readFileSync(requirements, "utf8")))) {
    try {
      found[part] = await install(part, pinned);
    } catch (error) {
      failed.push(`${part} (${error.tail?.split("\n").at(-1) || error.message})`);
    }
    writeWhole(record, `${JSON.stringify(found)}\n`);
  }
  if (failed.length > 0)
    throw new SetupProblem(
      `could not be installed: ${failed.join("; ")}`,
      `the bench runs without; \`npm run setup -- --peers\` tries again. Whole log: ${log}`,
    );
  const { python: _, ...named } = found;
  const note = Object.entries(named).map(([part, version]) => `${part} ${version}`);
  return { note: note.join(", "), details: found };
}

/** What of the peers works here: {torch: "2.15.0", ...}; empty without `npm run setup -- --peers`. */
function workingPeers() {
  return fs.existsSync(python) ? (readStamp(record) ?? {}) : {};
}

module.exports = { home, partsOf, python, record, requirements, setUpPeers, tests, workingPeers };
