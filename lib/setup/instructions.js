"use strict";
// Which of the instruction sets that FAISS can be compiled for this machine's processor has.
const fs = require("node:fs");

/** What FAISS's own build files compile each level with, best first. */
const levels = {
  avx512: ["avx2", "fma", "f16c", "popcnt", "avx512f", "avx512cd", "avx512vl", "avx512dq", "avx512bw"],
  avx2: ["avx2", "fma", "f16c", "popcnt"],
};

/** The first processor's flags, as Linux tells them; "" elsewhere. */
function processorFlags(file = "/proc/cpuinfo") {
  try {
    return /^flags\s*:(.*)$/m.exec(fs.readFileSync(file, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}

/**
 * The best level whose flags are all there.
 *
 * @param {string} [flags] names with spaces between them
 * @returns {"avx512" | "avx2" | "generic"}
 */
function instructionLevel(flags = processorFlags()) {
  const has = new Set(flags.split(/\s+/));
  const level = Object.keys(levels).find((name) => levels[name].every((flag) => has.has(flag)));
  return level ?? "generic";
}

module.exports = { instructionLevel, levels };
