"use strict";
// The prebuilt files that the packages' own authors offer, tried first where their host answers.
const https = require("node:https");

/** Whether a host answers at all, within a few seconds. Proxies are the installer's business: then we try. */
function answers(address, milliseconds = 3000) {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (value) => {
      clearTimeout(timer);
      request.destroy();
      resolve(value);
    };
    const timer = setTimeout(() => settle(false), milliseconds);
    const request = https.request(address, { method: "HEAD" }, () => settle(true));
    request.on("error", () => settle(false));
    request.end();
  });
}

/** The first https address in a package's own file, or undefined. */
function addressIn(text) {
  return /https:\/\/[\w.-]+/.exec(text)?.[0];
}

/** What OFFSHELF_NATIVE asks for: "upstream", "build", or "" for upstream first and building otherwise. */
function wantedSource() {
  const wanted = process.env.OFFSHELF_NATIVE ?? "";
  if (!["", "upstream", "build"].includes(wanted)) {
    throw new Error(`OFFSHELF_NATIVE requires upstream or build, got ${wanted}`);
  }
  return wanted;
}

/** Building from Debian's and PyPI's files is for Linux on x64 with the GNU C library; others have upstream's. */
function canBuild() {
  const { platform, arch } = process;
  return (
    platform === "linux" && arch === "x64" && Boolean(process.report.getReport().header.glibcVersionRuntime)
  );
}

/**
 * Gets a native part: upstream's when its host answers and the result works, else built here.
 *
 * @param {{ address?: string, install: () => Promise<void>, build: () => Promise<void>,
 *   test: () => Promise<object> }} part `test` uses it in a process of its own and rejects when it fails
 * @returns {Promise<{ source: "upstream" | "built", tested: object, why: string }>}
 */
async function obtain({ address, install, build, test }) {
  const wanted = wantedSource();
  let why = "asked for by OFFSHELF_NATIVE";
  if (wanted !== "build") {
    const reachable = address !== undefined && (wanted === "upstream" || (await answers(address)));
    why = "upstream's host does not answer";
    try {
      if (reachable) {
        await install();
        return { source: "upstream", tested: await test(), why: "" };
      }
    } catch (error) {
      if (wanted === "upstream" || !canBuild()) throw error;
      why = `upstream's files: ${error.message}`;
    }
  }
  if (!canBuild()) {
    const error = new Error(`${why}, and building is only known for Linux on x64 with glibc`);
    error.todo = "let this machine reach the package's own download host, then run `npm start` again";
    throw error;
  }
  await build();
  return { source: "built", tested: await test(), why };
}

module.exports = { addressIn, answers, canBuild, obtain, wantedSource };
