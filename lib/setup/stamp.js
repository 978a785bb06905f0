"use strict";
// A stamp says that a step of set-up was finished, and with which inputs. It lies inside what it vouches
// for (node_modules, .venv), so that it vanishes together with it, and it is written last.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/** A short fingerprint of plain values. */
function fingerprint(value) {
  return crypto.createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 24);
}

/** A short fingerprint of a file's bytes; "" when there is none. */
function fileFingerprint(file) {
  if (!fs.existsSync(file)) return "";
  return crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex").slice(0, 24);
}

/** What the stamp at `file` says, or undefined when there is none that can be read. */
function readStamp(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a file so that it is there completely or not at all. */
function writeWhole(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, text);
  fs.renameSync(temporary, file);
}

/**
 * The stamp of a step that is in place, or undefined when the step must run: no stamp, other inputs than
 * now, or one of the files it vouches for is gone.
 *
 * @param {{ stamp: string, inputs: () => unknown, proof?: () => string[], accepts?: (details: object) => boolean }} step
 */
function validStamp(step) {
  const stamp = readStamp(step.stamp);
  if (stamp === undefined || stamp.inputs !== fingerprint(step.inputs())) return undefined;
  if (step.accepts !== undefined && !step.accepts(stamp.details ?? {})) return undefined;
  for (const file of step.proof?.(stamp.details ?? {}) ?? []) if (!fs.existsSync(file)) return undefined;
  return stamp;
}

/** Records that a step is finished. */
function writeStamp(step, { note = "", details = {}, seconds = 0 }) {
  const stamp = { inputs: fingerprint(step.inputs()), note, details, seconds };
  writeWhole(step.stamp, `${JSON.stringify(stamp, null, 2)}\n`);
}

function removeStamp(step) {
  fs.rmSync(step.stamp, { force: true });
}

module.exports = { fileFingerprint, fingerprint, readStamp, removeStamp, validStamp, writeStamp, writeWhole };
