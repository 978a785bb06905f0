"use strict";
// Sets up whatever is missing: `npm start` and `npm test` begin with it. environment.md tells each step.
const path = require("node:path");
const { endAll, watchCommands } = require("./command");
const { takeLock } = require("./lock");
const { places } = require("./places");
const { missingSteps, runSteps } = require("./runSteps");
const { removeStamp } = require("./stamp");
const { allSteps, optionalSteps } = require("./steps");

const usage = `Usage: npm run setup [-- --again --text --fast-faiss --tensorboard --peers]
Sets up whatever is missing, each step once: npm packages, native libraries, Python environment, browser.
  --text    also the text encoder, for item vectors from titles, authors and genres (140 MB to download)
  --fast-faiss  also FAISS compiled for this machine's instructions, from source (a few minutes)
  --tensorboard  also TensorBoard, for \`npm run tensorboard\` (45 MB to download, a minute)
  --peers   also PyTorch, faiss-cpu, Polars and Open Bandit Pipeline, for \`npm run bench -- --peers\` (0.7 GB to
            download, in an environment of their own)
  --again   do every step again, even those that are in place
  --help    this text`;

const say = (line) => process.stderr.write(`${line}\n`);

/** Prints a line for each finished step; on a terminal also one line, kept up to date, of those at work. */
function reporter(steps) {
  const width = Math.max(...steps.map((step) => step.title.length));
  const atWork = new Set();
  const terminal = process.stderr.isTTY;
  const clear = () => terminal && process.stderr.write("\r\u001b[K");
  const show = () => {
    if (terminal && atWork.size > 0) process.stderr.write(`  ... ${[...atWork].join(", ")}`);
  };
  const change = (step, action, line) => {
    clear();
    atWork[action](step.title);
    if (line !== undefined) say(line);
    show();
  };
  const line = (step, time, note) => `  ${step.title.padEnd(width)}  ${time.padStart(7)}  ${note}`;
  return {
    started: (step) => change(step, "add"),
    finished: (step, seconds, note) => change(step, "delete", line(step, `${seconds.toFixed(1)} s`, note)),
    failed: (step) => change(step, "delete", line(step, "FAILED", "")),
    inPlace: (step, stamp) => change(step, "delete", line(step, "there", stamp.note)),
  };
}

function elapsed(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/**
 * Runs the steps that are missing, alone in this folder; resolves to the exit status.
 *
 * @param {object[]} steps as runSteps takes them
 * @param {{ again?: boolean, lockFile?: string }} [options] `again`: those in place as well
 */
async function setUp(steps, options = {}) {
  const start = performance.now();
  if (!options.again && missingSteps(steps).length === 0) {
    say(`Set-up is in place (${elapsed(start)}).`);
    return 0;
  }
  const lock = await takeLock(options.lockFile ?? path.join(places.setup, "lock"), {
    onWait: (pid) => say(`Another set-up (process ${pid}) is at work in this folder: waiting for it to end.`),
  });
  process.env.OFFSHELF_SETUP = lock.token;
  watchCommands(lock.note);
  for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(signal, () => {
      endAll();
      lock.release();
      say("\nSet-up was interrupted. Run the same command again: it goes on where it stopped.");
      process.exit(status);
    });
  }
  try {
    if (options.again) for (const step of steps) removeStamp(step);
    const missing = missingSteps(steps);
    if (missing.length === 0) {
      say(`Set-up is in place (${elapsed(start)}).`);
      return 0;
    }
    const whole = missing.length === steps.length ? " (about 1 GB to download, a few minutes)" : "";
    say(`Setting up ${missing.map((step) => step.title).join(", ")}${whole}:`);
    const failures = await runSteps(steps, reporter(steps));
    if (failures.length === 0) {
      say(`Set-up is complete (${elapsed(start)}).`);
      return 0;
    }
    for (const lines of failures) say(`\n${lines.join("\n")}`);
    say("\nSet-up is not complete. environment.md explains each step.");
    return 1;
  } finally {
    lock.release();
  }
}

function main(args) {
  const optional = Object.entries(optionalSteps());
  const known = ["--again", "--help", ...optional.map(([option]) => `--${option}`)];
  const unknown = args.find((arg) => !known.includes(arg));
  if (unknown !== undefined) {
    say(`setup knows no option ${unknown}\n${usage}`);
    return Promise.resolve(2);
  }
  if (args.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return Promise.resolve(0);
  }
  const asked = optional.filter(([option]) => args.includes(`--${option}`)).map(([, step]) => step);
  return setUp([...allSteps(), ...asked], { again: args.includes("--again") });
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error) => {
      say(`Set-up failed: ${error.message}`);
      process.exitCode = 1;
    },
  );
}

module.exports = { setUp };
