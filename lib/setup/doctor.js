"use strict";
// The whole state of a set-up: what is installed, which native libraries are used and from where, which data is
// there, what is missing and the command that mends it. It needs nothing but Node.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { browser } = require("./browser");
const { testPart } = require("./build");
const { command } = require("./command");
const { places, inRoot, inVenv } = require("./places");
const { quickStart, systemPython } = require("./python");
const { validStamp, writeWhole } = require("./stamp");
const { allSteps, optionalSteps } = require("./steps");
const { surroundings } = require("./surroundings");

const usage = `Usage: npm run doctor [-- --json FILE]
What is installed and from where, what is missing and the command that mends it. Status 1 when something is.`;

/** The first line a program prints, or why there is none. */
async function firstLine(program, args, options = {}) {
  try {
    return (await command(program, args, { timeout: 30, ...options })).trim().split("\n")[0];
  } catch (error) {
    return error.message;
  }
}

async function machine() {
  const free = fs.statfsSync(places.root);
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(1)} GB memory`;
  const [python, compiler] = await Promise.all([
    firstLine(systemPython, ["--version"]),
    firstLine(process.env.CXX || "g++", ["--version"]),
  ]);
  return {
    system: `${os.type()} ${os.release()} ${os.arch()}, ${os.availableParallelism()} cores, ${memory}`,
    "free disk": `${((free.bavail * free.bsize) / 2 ** 30).toFixed(1)} GB`,
    node: process.version,
    python,
    compiler,
  };
}

// Each part is used, not only looked for: a file may be there and not work.
const uses = {
  tensorflow: () => testPart("tensorflow"),
  faiss: () => testPart("faiss"),
  browser: async () => {
    const { executablePath, env } = browser();
    return {
      path: executablePath,
      version: (await command(executablePath, ["--version"], { env, timeout: 30 })).trim(),
    };
  },
  kernel: () =>
    command(inVenv("python"), ["-c", `${quickStart}; import jupyterlab, nbclient, nbconvert, optuna`], {
      timeout: 60,
    }),
  text: () => testPart("text"),
  "fast-faiss": () => testPart("fast-faiss"),
};

async function stateOf(step, mend = "npm start") {
  const stamp = validStamp(step);
  const state = {
    name: step.name,
    title: step.title,
    works: false,
    note: stamp?.note ?? "",
    mend,
  };
  if (stamp === undefined) return { ...state, note: fs.existsSync(step.stamp) ? "OUT OF DATE" : "MISSING" };
  try {
    const found = await uses[step.name]?.();
    const details = { ...stamp.details, ...(typeof found === "object" ? found : {}) };
    return { ...state, works: true, details, mend: undefined };
  } catch (error) {
    const reason = error.tail?.split("\n").find((line) => line.includes("Error")) ?? error.message;
    return { ...state, note: `DOES NOT WORK (${reason.trim()})`, mend: again(mend) };
  }
}

/** Steps in place are only done again when that is asked for. */
function again(mend) {
  return mend.includes("--") ? `${mend} --again` : "npm run setup -- --again";
}

/** Optional parts, each with the option that brings it; that one is absent is no fault. */
function optionalParts() {
  return Promise.all(
    Object.entries(optionalSteps()).map(async ([option, step]) => {
      const state = await stateOf(step, `npm run setup -- --${option}`);
      return state.note === "MISSING" ? { ...state, note: "not installed (optional)" } : state;
    }),
  );
}

/** Data folders and what they hold; absent data is downloaded or replaced, so it is never "missing". */
function dataFolders() {
  const asked = process.env.OFFSHELF_DATA;
  const folders = [{ folder: "data/raw", at: inRoot("data", "raw") }];
  if (asked) folders.push({ folder: `OFFSHELF_DATA=${asked}`, at: path.resolve(asked) });
  return folders.map(({ folder, at }) => ({
    folder,
    holds: fs.existsSync(at) ? fs.readdirSync(at).filter((name) => !name.startsWith(".")) : [],
  }));
}

function threads() {
  const names = [
    ...Object.keys(surroundings),
    "OMP_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
  ];
  const entry = (name) => {
    const given = process.env[name];
    if (given !== undefined) return [name, `${given} (from the environment)`];
    return [name, surroundings[name] ?? `not set: ${os.availableParallelism()} threads, one a core`];
  };
  return Object.fromEntries(names.map(entry));
}

function print(report) {
  const lines = ["Machine"];
  const row = (title, text) => lines.push(`  ${title.padEnd(24)} ${text}`);
  for (const [name, text] of Object.entries(report.machine)) row(name, text);
  lines.push("", "Set-up");
  for (const { title, works, note, details, mend } of [...report.steps, ...report.optional]) {
    row(title, works ? note : `${note} -> ${mend}`);
    if (details?.why) row("", `built here because: ${details.why}`);
    if (details?.path) row("", details.path);
  }
  lines.push("", "Settings (for every command and kernel)");
  for (const [name, text] of Object.entries(report.threads)) row(name, text);
  row("FAISS in use", report.faiss);
  lines.push("", "Data");
  for (const { folder, holds } of report.data) row(folder, holds.length > 0 ? holds.join(", ") : "nothing");
  lines.push(
    "",
    report.ready ? "All is there." : `Missing: ${report.missing.join(", ")}. Mend it: ${report.mend}`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function main(args) {
  if (args.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (args.length > 0 && !(args.length === 2 && args[0] === "--json")) {
    process.stderr.write(`doctor does not know ${args.join(" ")}\n${usage}\n`);
    return 2;
  }
  const [steps, optional, here] = await Promise.all([
    Promise.all(allSteps().map((step) => stateOf(step))),
    optionalParts(),
    machine(),
  ]);
  const broken = steps.filter((step) => !step.works);
  const report = {
    ready: broken.length === 0,
    missing: broken.map((step) => step.title),
    mend: broken.some((step) => step.mend !== "npm start") ? "npm run setup -- --again" : broken[0]?.mend,
    machine: here,
    steps,
    optional,
    threads: threads(),
    faiss: await testPart("faiss-in-use").then(
      ({ name }) => name,
      () => "none",
    ),
    data: dataFolders(),
  };
  if (args[0] === "--json") writeWhole(path.resolve(args[1]), `${JSON.stringify(report, null, 2)}\n`);
  print(report);
  return report.ready ? 0 : 1;
}

main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
