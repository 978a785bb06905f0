"use strict";
// The native part of @tensorflow/tfjs-node: its authors' libtensorflow where it can be downloaded, else the library
// of the Python package tensorflow-cpu with the addon compiled against it.
const fs = require("node:fs");
const path = require("node:path");
const { compileAddon, testPart } = require("./build");
const { command } = require("./command");
const { places, inRoot, inVenv } = require("./places");
const { addressIn, obtain } = require("./upstream");

const log = path.join(places.logs, "tensorflow.log");
const version = "2.18.1";
const wheel = {
  requirement: `tensorflow-cpu==${version}`,
  sha256: "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
  python: "3.11",
  platform: "manylinux_2_17_x86_64",
};
const library = path.join(places.native, `tensorflow-${version}`);
const home = inRoot("node_modules", "@tensorflow", "tfjs-node");
const addon = path.join(home, "lib", "napi-v8", "tfjs_binding.node");

// The headers the addon includes lie in these folders of the wheel; the whole set is 8,000 files.
const headerFolders = ["tensorflow/c", "tensorflow/core/platform", "tsl/platform", "tsl/c", "xla/tsl/c"];

const unzip = `
import sys, zipfile
archive, target, *folders = sys.argv[1:]
wanted = tuple("tensorflow/include/" + folder + "/" for folder in folders)
with zipfile.ZipFile(archive) as wheel:
    for member in wheel.infolist():
        name = member.filename
        if name.startswith("tensorflow/libtensorflow_") and ".so" in name or name.startswith(wanted):
            member.filename = name[len("tensorflow/"):]
            wheel.extract(member, target)
`;

/** Downloads the wheel (230 MB, its hash is pinned) and unpacks the libraries and headers from it. */
async function fetchLibrary() {
  if (fs.existsSync(path.join(library, "libtensorflow_cc.so.2"))) return;
  const temporary = `${library}.partial`;
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  try {
    const pinned = path.join(temporary, "requirement.txt");
    fs.writeFileSync(pinned, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
    const target = ["--python-version", wheel.python, "--platform", wheel.platform, "--only-binary=:all:"];
    const quiet = ["--no-deps", "--no-input", "--progress-bar", "off", "--disable-pip-version-check"];
    const download = ["-m", "pip", "download", "--require-hashes", ...quiet, ...target];
    await command(inVenv("python"), [...download, "-r", pinned, "-d", temporary], { log, timeout: 900 });
    const archive = fs.readdirSync(temporary).find((name) => name.endsWith(".whl"));
    const contents = path.join(temporary, "contents");
    const unpack = ["-c", unzip, path.join(temporary, archive), contents, ...headerFolders];
    await command(inVenv("python"), unpack, { log, timeout: 300 });
    fs.rmSync(library, { recursive: true, force: true });
    fs.renameSync(contents, library);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** Links the library into the package under the names that its build files use. */
function linkLibrary() {
  const folder = path.join(home, "deps");
  const fresh = `${folder}.partial`;
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(path.join(fresh, "lib"), { recursive: true });
  // Relative links hold when the whole project is moved.
  const towards = (from, name) => path.relative(path.join(folder, from), path.join(library, name));
  fs.symlinkSync(towards("", "include"), path.join(fresh, "include"));
  const links = {
    "libtensorflow.so": "libtensorflow_cc.so.2",
    "libtensorflow_cc.so.2": "libtensorflow_cc.so.2",
    "libtensorflow_framework.so": "libtensorflow_framework.so.2",
    "libtensorflow_framework.so.2": "libtensorflow_framework.so.2",
  };
  for (const [link, name] of Object.entries(links)) {
    fs.symlinkSync(towards("lib", name), path.join(fresh, "lib", link));
  }
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(fresh, folder);
}

async function build() {
  await fetchLibrary();
  linkLibrary();
  await compileAddon({
    sources: ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => path.join(home, "binding", name)),
    flags: ["-DNAPI_VERSION=8", `-I${home}`, `-I${path.join(home, "deps", "include")}`],
    libraries: [
      `-L${path.join(home, "deps", "lib")}`,
      "-ltensorflow",
      "-ltensorflow_framework",
      "-Wl,-rpath,$ORIGIN/../../deps/lib",
    ],
    output: addon,
    log,
  });
}

/** Runs the package's own installer. */
async function install() {
  const bin = inRoot("node_modules", ".bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  fs.rmSync(path.join(home, "deps"), { recursive: true, force: true });
  await command(process.execPath, ["scripts/install.js"], { cwd: home, env, log, timeout: 300 });
  if (!fs.existsSync(addon)) throw new Error("tfjs-node's installer ended without its addon");
}

async function setUpTensorflow() {
  const address = addressIn(fs.readFileSync(path.join(home, "scripts", "install.js"), "utf8"));
  const test = () => testPart("tensorflow", log);
  const { source, tested, why } = await obtain({ address, install, build, test });
  const origin = source === "built" ? `built against ${wheel.requirement}` : "tfjs-node's own files";
  return { note: `TensorFlow ${tested.tensorflow}, ${origin}`, details: { source, why, ...tested } };
}

module.exports = { addon, library, setUpTensorflow, version };
