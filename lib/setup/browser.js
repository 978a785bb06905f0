"use strict";
// The browser that draws static images and runs the browser tests.
const fs = require("node:fs");
const path = require("node:path");
const { places, inRoot } = require("./places");
const { readStamp } = require("./stamp");

/** Headless, without a sandbox (containers have none), and silent: it asks no server anything by itself. */
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--font-render-hinting=none",
];

const libraryFolders = [
  "usr/lib/x86_64-linux-gnu",
  "lib/x86_64-linux-gnu",
  "usr/lib/x86_64-linux-gnu/pulseaudio",
  "usr/lib/aarch64-linux-gnu",
  "lib/aarch64-linux-gnu",
  "usr/lib/aarch64-linux-gnu/pulseaudio",
];

/** Where the unpacked browser lies in its folder. */
const unpackedProgram = path.join(places.browser, "usr", "lib", "chromium", "chromium");

/** A font configuration for the unpacked fonts, beside those of the system. */
function fontConfiguration(folder = places.browser) {
  const families = {
    "Liberation Sans": ["sans-serif", "system-ui", "Arial", "Helvetica"],
    "Liberation Serif": ["serif", "Times", "Times New Roman"],
    "DejaVu Sans Mono": ["monospace", "Courier", "Courier New"],
  };
  const aliases = Object.entries(families).flatMap(([family, asked]) =>
    asked.map(
      (name) =>
        `  <alias binding="same"><family>${name}</family><prefer><family>${family}</family></prefer></alias>`,
    ),
  );
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${folder}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
${aliases.join("\n")}
</fontconfig>
`;
}

/** The environment in which the unpacked browser finds its libraries and fonts. */
function unpackedEnvironment() {
  const found = libraryFolders
    .map((name) => path.join(places.browser, name))
    .filter((name) => fs.existsSync(name));
  const before = process.env.LD_LIBRARY_PATH;
  return {
    LD_LIBRARY_PATH: [...found, ...(before ? [before] : [])].join(":"),
    FONTCONFIG_FILE: path.join(places.browser, "fonts.conf"),
  };
}

/** How to start the browser at `executablePath`; one inside the project needs its own libraries. */
function browserAt(executablePath, origin) {
  const own = executablePath === unpackedProgram;
  const env = { ...process.env, ...(own ? unpackedEnvironment() : {}) };
  return { executablePath, env, args: [...flags], origin };
}

/**
 * The browser that set-up found or unpacked: what playwright's `chromium.launch` takes, and where it is from.
 * OFFSHELF_BROWSER names another one. Throws when set-up has not been run.
 *
 * @returns {{ executablePath: string, env: NodeJS.ProcessEnv, args: string[], origin: string }}
 */
function browser() {
  const named = process.env.OFFSHELF_BROWSER;
  if (named) return browserAt(named, "OFFSHELF_BROWSER");
  const record = readStamp(places.browserRecord);
  if (record === undefined) throw new Error("no browser is set up: run `npm start` once");
  const { program, origin } = record.details;
  const executablePath = path.isAbsolute(program) ? program : inRoot(program);
  if (!fs.existsSync(executablePath)) {
    throw new Error(`the browser ${program} is gone: run \`npm start\` once to set up another`);
  }
  return browserAt(executablePath, origin);
}

module.exports = { browser, browserAt, fontConfiguration, unpackedProgram };
