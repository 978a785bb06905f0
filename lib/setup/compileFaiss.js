"use strict";
// The optional FAISS compiled for this machine's instructions, out of sources that registries carry: the Rust crate
// faiss-sys holds FAISS's whole C++ tree, PyPI has cmake and ninja, and OpenBLAS is the one unpacked for the generic
// FAISS. The result is one file, beside the generic one and never instead of it.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { compileAddon, testPart } = require("./build");
const { command } = require("./command");
const { unpackCrate } = require("./crate");
const { addonSource, ensureDebian, flags, searchPath } = require("./faiss");
const { addon, home, source: typed, version } = require("./fastFaiss");
const { instructionLevel } = require("./instructions");
const { places, inVenv } = require("./places");
const { SetupProblem } = require("./runSteps");
const { canBuild } = require("./upstream");

const log = path.join(places.logs, "fast-faiss.log");

/** Holds FAISS 1.12.0 (MIT licence). */
const crate = {
  name: "faiss-sys",
  version: "0.7.0",
  sha256: "c4a8fa67f7070bb81f41dc71c98813b3e40a66bedab12d6c2ac2af50f0837a7e",
};

const tools = [
  "cmake==4.1.0 --hash=sha256:dab375932f5962e078da8cf76ca228c21bf4bea9ddeb1308e2b35797fa30f784",
  "ninja==1.13.0 --hash=sha256:fb46acf6b93b8dd0322adc3a4945452a4e774b75b91293bafcc7b7f8e6517dfa",
];

/** cmake and ninja for this build alone. */
async function installTools(folder) {
  fs.mkdirSync(folder, { recursive: true });
  const pinned = path.join(folder, "requirements.txt");
  fs.writeFileSync(pinned, `${tools.join("\n")}\n`);
  const quiet = ["--no-deps", "--no-input", "--progress-bar", "off", "--disable-pip-version-check"];
  const install = ["-m", "pip", "install", "--require-hashes", "--only-binary=:all:", ...quiet];
  await command(inVenv("python"), [...install, "--target", folder, "-r", pinned], { log, timeout: 300 });
  return {
    cmake: path.join(folder, "cmake", "data", "bin", "cmake"),
    ninja: path.join(folder, "bin", "ninja"),
  };
}

/** Compiles the library of one level from FAISS's tree; resolves to the archive. */
async function compileLibrary(source, folder, { cmake, ninja }, blas) {
  const level = instructionLevel();
  const off = ["FAISS_ENABLE_GPU", "FAISS_ENABLE_PYTHON", "FAISS_ENABLE_EXTRAS", "FAISS_ENABLE_MKL"];
  const settings = {
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_MAKE_PROGRAM: ninja,
    BUILD_TESTING: "OFF",
    BUILD_SHARED_LIBS: "OFF",
    ...Object.fromEntries(off.map((name) => [name, "OFF"])),
    FAISS_OPT_LEVEL: level,
    BLAS_LIBRARIES: blas,
    LAPACK_LIBRARIES: blas,
  };
  const given = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const target = level === "generic" ? "faiss" : `faiss_${level}`;
  const jobs = String(os.availableParallelism());
  await command(cmake, ["-G", "Ninja", "-S", source, "-B", folder, ...given], { log, timeout: 300 });
  await command(cmake, ["--build", folder, "--target", target, "-j", jobs], { log, timeout: 3600 });
  return path.join(folder, "faiss", `lib${target}.a`);
}

/** @param {() => Promise<void>} fetchLists fetches Debian's package lists */
async function compileFaiss(fetchLists) {
  if (!canBuild()) {
    throw new SetupProblem(
      "compiling FAISS is only known for Linux on x64 with glibc",
      "nothing: the FAISS that plain set-up brings is used",
    );
  }
  const work = `${home}.partial`;
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(work, { recursive: true });
  try {
    const [source, made, { blas }] = await Promise.all([
      unpackCrate(crate, path.join(work, "crate"), { log }),
      installTools(path.join(work, "tools")),
      ensureDebian(fetchLists),
    ]);
    const tree = path.join(source, "faiss");
    const openblas = path.join(blas, "libopenblas.so.0");
    const archive = await compileLibrary(tree, path.join(work, "build"), made, openblas);
    await compileAddon({
      sources: [typed],
      // Both FAISS could come into one process: neither may find the other's symbols.
      flags: [
        ...flags,
        `-I${path.dirname(addonSource)}`,
        `-I${tree}`,
        "-fvisibility=hidden",
        "-fno-gnu-unique",
      ],
      libraries: [archive, "-Wl,--exclude-libs,ALL", `-L${blas}`, "-lopenblas", ...searchPath(addon)],
      output: addon,
      log,
    });
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  await testPart("fast-faiss", log);
  const level = instructionLevel();
  return {
    note: `FAISS ${version} compiled for ${level} (${crate.name} ${crate.version}), used instead of the generic one`,
    details: { version, level },
  };
}

module.exports = { compileFaiss, crate };
