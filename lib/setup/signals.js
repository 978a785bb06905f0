"use strict";
// Keeps signals away from the threads that compute: see signals.cc, and lib/tensors/tf.ts, which loads it first.
const fs = require("node:fs");
const path = require("node:path");
const { compileAddon } = require("./build");
const { places } = require("./places");
const { fileFingerprint } = require("./stamp");

const home = path.join(places.native, "signals");
const addon = path.join(home, "signals.node");
const source = path.join(__dirname, "signals.cc");

/** Only Linux has the threads and the signals that it was written for. */
const wanted = process.platform === "linux";

async function setUpSignals() {
  if (!wanted) return { note: "not needed here" };
  await compileAddon({
    sources: [source],
    flags: [],
    libraries: ["-pthread"],
    output: addon,
    log: path.join(places.logs, "signals.log"),
  });
  return { note: "a thread of their own takes them" };
}

const step = {
  stamp: path.join(home, ".offshelf.json"),
  inputs: () => [fileFingerprint(source), process.platform, process.arch, process.versions.modules],
  proof: () => (wanted ? [addon] : []),
};

/**
 * From now on no signal interrupts this thread or one that it starts; before TensorFlow starts its threads.
 *
 * @returns {boolean} false where set-up has not made it: then a signal at the wrong moment may end the process.
 */
function keepSignalsAway() {
  if (!wanted || !fs.existsSync(addon)) return false;
  return require(addon).keptAway;
}

module.exports = { addon, keepSignalsAway, setUpSignals, step };
