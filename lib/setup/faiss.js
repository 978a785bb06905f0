"use strict";
// The native part of faiss-node: its authors' prebuilt file where it can be downloaded, else compiled against
// Debian's libfaiss, unpacked (not installed) in the project's cache.
const fs = require("node:fs");
const path = require("node:path");
const { unpackPackages } = require("./apt");
const { compileAddon, testPart } = require("./build");
const { command } = require("./command");
const { places, inRoot } = require("./places");
const { addressIn, obtain } = require("./upstream");

const log = path.join(places.logs, "faiss.log");
const packages = [
  "libfaiss-dev",
  "libopenblas-dev",
  "libopenblas-pthread-dev",
  "libopenblas0-pthread",
  "libgfortran5",
  "libquadmath0",
  "libgomp1",
];
const library = path.join(places.native, "debian");
const home = inRoot("node_modules", "faiss-node");
const addon = path.join(home, "build", "Release", "faiss-node.node");

const addonSource = path.join(home, "src", "faiss.cc");
const folder = path.join(library, "usr", "lib", "x86_64-linux-gnu");
const blas = path.join(folder, "openblas-pthread");

/** What faiss-node's one file is compiled with. */
const flags = [
  "-fopenmp",
  "-DNAPI_VERSION=6",
  "-DNAPI_CPP_EXCEPTIONS",
  `-I${inRoot("node_modules", "node-addon-api")}`,
];

/** How an addon finds the unpacked libraries, seen from its own folder. */
function searchPath(output) {
  const [own, its] = [folder, blas].map((each) => `$ORIGIN/${path.relative(path.dirname(output), each)}`);
  // The older kind of search path also serves the libraries that openblas itself needs.
  return [`-Wl,--disable-new-dtags,-rpath,${own}:${its}`];
}

/** Unpacks Debian's libraries unless they are there. */
async function ensureDebian(fetchLists) {
  if (!fs.existsSync(path.join(folder, "libfaiss.a"))) {
    await fetchLists();
    await unpackPackages("faiss-archives", packages, library);
  }
  return { folder, blas };
}

/** Compiles for Debian's libfaiss 1.7.3, which names one type otherwise than the sources expect. */
async function build(fetchLists) {
  await ensureDebian(fetchLists);
  const shim = path.join(places.cache, "setup", "faiss-index-type.h");
  fs.mkdirSync(path.dirname(shim), { recursive: true });
  fs.writeFileSync(shim, "#include <faiss/Index.h>\nnamespace faiss { using idx_t = Index::idx_t; }\n");
  await compileAddon({
    sources: [addonSource],
    flags: [...flags, `-I${path.join(library, "usr", "include")}`, "-include", shim],
    libraries: [`-L${folder}`, `-L${blas}`, "-lfaiss", "-lopenblas", ...searchPath(addon)],
    output: addon,
    log,
  });
}

/** Runs the download part of the package's own installer (the rest clones and builds all of FAISS). */
async function install() {
  const installer = inRoot("node_modules", "prebuild-install", "bin.js");
  await command(process.execPath, [installer, "--runtime", "napi"], { cwd: home, log, timeout: 120 });
  if (!fs.existsSync(addon)) throw new Error("faiss-node's installer ended without its addon");
}

/** @param {() => Promise<void>} fetchLists fetches Debian's package lists, once for all who ask */
async function setUpFaiss(fetchLists) {
  const { repository } = JSON.parse(fs.readFileSync(path.join(home, "package.json"), "utf8"));
  const address = addressIn(repository.url);
  const test = () => testPart("faiss", log);
  const { source, tested, why } = await obtain({ address, install, build: () => build(fetchLists), test });
  const origin =
    source === "built"
      ? "built against Debian's libfaiss 1.7.3 (generic instructions)"
      : "faiss-node's own file";
  return { note: `faiss-node ${tested.package}, ${origin}`, details: { source, why, ...tested } };
}

module.exports = { addon, addonSource, ensureDebian, flags, library, searchPath, setUpFaiss };
