"use strict";
// Debian packages without root and without installing: apt resolves, downloads and checks them into the
// project's cache, dpkg-deb unpacks them there. The system is only read.
const fs = require("node:fs");
const path = require("node:path");
const { command } = require("./command");
const { places } = require("./places");

const folder = path.join(places.cache, "apt");
const log = path.join(places.logs, "debian.log");
const settings = path.join(folder, "apt.conf");

/** apt's own folders inside the cache, so that neither root nor fresh system lists are needed. */
function writeSettings() {
  for (const part of ["lists/partial", "archives/partial"]) {
    fs.mkdirSync(path.join(folder, part), { recursive: true });
  }
  const lines = [
    `Dir::State::lists "${folder}/lists";`,
    `Dir::Cache "${folder}";`,
    'Dir::Cache::pkgcache "";',
    'Dir::Cache::srcpkgcache "";',
    'Debug::NoLocking "true";',
    // As root apt would hand downloads to a user who cannot write here.
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    // Hooks of the system's apt (clearing its caches, telling the desktop) are not for us.
    "#clear APT::Update::Pre-Invoke;",
    "#clear APT::Update::Post-Invoke;",
    "#clear APT::Update::Post-Invoke-Success;",
    "#clear DPkg::Pre-Install-Pkgs;",
    "#clear DPkg::Post-Invoke;",
  ];
  fs.writeFileSync(settings, `${lines.join("\n")}\n`);
}

function apt(args, options = {}) {
  return command("apt-get", ["-c", settings, "-q", "-y", ...args], { timeout: 240, log, ...options });
}

/** Fetches the package lists of the sources this machine is configured with. */
async function fetchLists() {
  writeSettings();
  await apt(["update"], { timeout: 120 });
}

/** Unpacks every .deb of a folder into `target`, which appears only when it is complete. */
async function unpackAll(archives, target) {
  const temporary = `${target}.partial`;
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  // A second C library beside the system's would not start; the system's own is always there.
  const packages = fs.readdirSync(archives).filter((name) => name.endsWith(".deb") && !/^libc6_/.test(name));
  for (const name of packages) {
    await command("dpkg-deb", ["-x", path.join(archives, name), temporary], { log });
  }
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(temporary, target);
  fs.rmSync(archives, { recursive: true, force: true });
  return packages;
}

function emptyArchives(name) {
  const archives = path.join(folder, name);
  fs.rmSync(archives, { recursive: true, force: true });
  fs.mkdirSync(path.join(archives, "partial"), { recursive: true });
  return archives;
}

/** Unpacks the named packages, exactly these, into `target`. */
async function unpackPackages(name, packages, target) {
  const archives = emptyArchives(name);
  await apt(["download", ...packages], { cwd: archives });
  return unpackAll(archives, target);
}

/** Unpacks the named packages and everything they need that this system lacks into `target`. */
async function unpackWithNeeds(name, packages, target) {
  const archives = emptyArchives(name);
  const options = ["-o", `Dir::Cache::archives=${archives}`, "--no-install-recommends", "--download-only"];
  await apt([...options, "install", ...packages]);
  return unpackAll(archives, target);
}

module.exports = { fetchLists, unpackPackages, unpackWithNeeds };
