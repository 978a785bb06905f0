"use strict";
// One package of the Rust registry, as a source of C++ code: cargo fetches it from wherever the user's settings say
// (no Rust is compiled), its SHA-256 is checked, and it is unpacked.
const crypto = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { command } = require("./command");
const { SetupProblem } = require("./runSteps");

/** @typedef {{ name: string, version: string, sha256: string }} Crate */

const fileName = ({ name, version }) => `${name}-${version}.crate`;

/** The copies of a crate's file among those that cargo keeps, one a registry. */
function keptByCargo(crate, home = process.env.CARGO_HOME || path.join(os.homedir(), ".cargo")) {
  const cache = path.join(home, "registry", "cache");
  const registries = fs.existsSync(cache) ? fs.readdirSync(cache) : [];
  return registries.map((name) => path.join(cache, name, fileName(crate))).filter(fs.existsSync);
}

/**
 * The first file whose bytes are those of the crate.
 *
 * @param {string[]} files
 * @param {Crate} crate
 * @throws naming what was found, when none has the pinned SHA-256
 */
function checkedFile(files, crate) {
  const hashes = files.map((file) => crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex"));
  const right = hashes.indexOf(crate.sha256);
  if (right >= 0) return files[right];
  const found = hashes.map((hash, i) => `${hash} in ${files[i]}`).join(", ") || "no file";
  throw new Error(`${fileName(crate)}: the SHA-256 is not ${crate.sha256}: found ${found}`);
}

/** Lets cargo fetch what a project of nothing but this dependency needs. */
async function fetchByCargo(crate, folder, log) {
  const project = path.join(folder, "fetch");
  fs.mkdirSync(path.join(project, "src"), { recursive: true });
  fs.writeFileSync(path.join(project, "src", "lib.rs"), "");
  const lines = [
    "[package]",
    'name = "fetch"',
    'version = "0.0.0"',
    'edition = "2018"',
    "",
    "[dependencies]",
  ];
  const manifest = path.join(project, "Cargo.toml");
  fs.writeFileSync(manifest, `${lines.join("\n")}\n${crate.name} = "=${crate.version}"\n`);
  try {
    await command("cargo", ["fetch", "--manifest-path", manifest], { log, timeout: 300 });
  } catch (error) {
    if (!/was not found/.test(error.message)) throw error;
    throw new SetupProblem(
      `cargo was not found, which fetches ${fileName(crate)}`,
      `install cargo (Debian, Ubuntu: apt-get install cargo), or name the file: OFFSHELF_CRATE=path/${fileName(crate)}`,
    );
  }
}

/**
 * Unpacks a crate into `folder`; resolves to the folder of its sources.
 *
 * @param {Crate} crate
 * @param {string} folder
 * @param {{ given?: string, log?: string }} [options] `given`: the crate's file, where it need not be fetched
 */
async function unpackCrate(crate, folder, { given = process.env.OFFSHELF_CRATE, log } = {}) {
  fs.mkdirSync(folder, { recursive: true });
  if (!given && keptByCargo(crate).length === 0) await fetchByCargo(crate, folder, log);
  const file = checkedFile(given ? [path.resolve(given)] : keptByCargo(crate), crate);
  await command("tar", ["-xzf", file, "-C", folder], { log, timeout: 120 });
  return path.join(folder, `${crate.name}-${crate.version}`);
}

module.exports = { checkedFile, keptByCargo, unpackCrate };
