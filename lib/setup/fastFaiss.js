"use strict";
// Which FAISS is used: the one that `npm run setup -- --fast-faiss` compiled for this machine's instructions where it is
// in place and works, else faiss-node's own. Asked once a process, when FAISS is first needed.
const path = require("node:path");
const { instructionLevel } = require("./instructions");
const { places } = require("./places");
const { fileFingerprint, validStamp } = require("./stamp");

const version = "1.12.0";
const home = path.join(places.native, "faiss-fast");
const addon = path.join(home, "faiss-node.node");
const source = path.join(__dirname, "typedFaiss.cc");

/** What shows that the fast one is in place and made for this machine: its instructions would end others' processes. */
const step = {
  stamp: path.join(home, ".offshelf.json"),
  inputs: () => [
    version,
    fileFingerprint(source),
    instructionLevel(),
    process.platform,
    process.arch,
    process.versions.modules,
  ],
  proof: () => [addon],
};

/** Searches three vectors, by typed arrays too where the addon takes them. @throws when an answer is wrong. */
function tryOut({ Index, TypedIndex }) {
  const expect = (labels) => {
    if (labels.join() !== "1,2,0") throw new Error(`a search gave ${labels.join()}, expected 1,2,0`);
  };
  const index = Index.fromFactory(2, "Flat", 0);
  index.add([1, 0, 0, 1, 0.6, 0.8]);
  expect(index.search([0, 1], 3).labels);
  if (TypedIndex === undefined) return;
  const typed = TypedIndex.fromFactory(2, "Flat", 0);
  typed.add(Float32Array.of(1, 0, 0, 1, 0.6, 0.8));
  const labels = new Int32Array(3);
  typed.search(Float32Array.of(0, 1), 3, new Float32Array(3), labels);
  expect(labels);
}

/**
 * FAISS and its name. OFFSHELF_FAISS=generic leaves the fast one aside. One that does not work is left aside too, and
 * a line on standard error says so.
 *
 * @param {() => object} generic loads faiss-node's own; what it throws is the caller's
 * @param {{ fast?: string, inPlace?: boolean, load?: (file: string) => object, say?: (line: string) => void }} [options]
 *   `fast`: the other addon, if `inPlace`
 */
function chooseFaiss(generic, options = {}) {
  const { fast = addon, inPlace = validStamp(step) !== undefined, load = require } = options;
  const { say = (line) => process.stderr.write(`${line}\n`) } = options;
  const wanted = process.env.OFFSHELF_FAISS ?? "";
  if (!["", "generic"].includes(wanted))
    throw new Error(`OFFSHELF_FAISS requires generic or nothing, got ${wanted}`);
  if (inPlace && wanted !== "generic") {
    try {
      const module = load(fast);
      tryOut(module);
      return { module, name: `FAISS ${version} compiled for ${instructionLevel()}`, fast: true };
    } catch (error) {
      const reason = error.message.split("\n")[0];
      say(
        `The FAISS compiled for this machine does not work (${reason}): faiss-node's own is used. ` +
          "Mend it: npm run setup -- --fast-faiss --again",
      );
    }
  }
  return { module: generic(), name: "faiss-node's own", fast: false };
}

module.exports = { addon, chooseFaiss, home, source, step, tryOut, version };
