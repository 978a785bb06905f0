"use strict";
// Finds a browser that works, or unpacks Debian's into the project's cache.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { unpackWithNeeds } = require("./apt");
const { browserAt, fontConfiguration, unpackedProgram } = require("./browser");
const { command } = require("./command");
const { places } = require("./places");

const log = path.join(places.logs, "browser.log");
const names = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "microsoft-edge"];
const macPrograms = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Browsers of this system, best first. */
function systemBrowsers() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const found = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...found, ...macPrograms].filter((file) => fs.existsSync(file));
}

/** Has the browser draw a page that a script wrote; resolves to its version, rejects when it cannot. */
async function tryBrowser({ executablePath, env, args }) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-browser-"));
  try {
    const common = { env, log, timeout: 60 };
    const version = (await command(executablePath, ["--version"], common)).trim();
    const page = "data:text/html,<p id=a>old</p><script>a.textContent=6*7</script>";
    const picture = path.join(profile, "page.png");
    const own = [...args, `--user-data-dir=${profile}`, "--virtual-time-budget=1000"];
    const content = await command(executablePath, [...own, "--dump-dom", page], common);
    if (!content.includes(">42<")) throw new Error(`${executablePath} ran but did not run a script`);
    await command(executablePath, [...own, "--window-size=200,80", `--screenshot=${picture}`, page], common);
    if (!fs.existsSync(picture)) throw new Error(`${executablePath} ran but took no picture`);
    return version;
  } finally {
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What the step tells and keeps; a browser inside the project is named from the root, which may move. */
function found(executablePath, origin, version) {
  const inside = executablePath.startsWith(places.root + path.sep);
  const program = inside ? path.relative(places.root, executablePath) : executablePath;
  return { note: `${version}, ${origin}`, details: { program, origin, version } };
}

/** Tries what the system has. Resolves to undefined when nothing there works. */
async function useSystemBrowser() {
  const named = process.env.OFFSHELF_BROWSER;
  if (named) return found(named, "OFFSHELF_BROWSER", await tryBrowser(browserAt(named, "")));
  for (const file of systemBrowsers()) {
    try {
      return found(file, "the system's", await tryBrowser(browserAt(file, "")));
    } catch {
      // Some systems carry a stub of that name, or one that does not start here: look further.
    }
  }
  return undefined;
}

/** Unpacks Debian's Chromium with its libraries and two families of fonts. Nothing is installed. */
async function unpackBrowser() {
  if (!fs.existsSync(unpackedProgram)) {
    const packages = ["chromium", "fonts-liberation", "fonts-dejavu-core"];
    await unpackWithNeeds("browser-archives", packages, places.browser);
  }
  if (!fs.existsSync(unpackedProgram)) throw new Error("this system's chromium package holds no browser");
  fs.writeFileSync(path.join(places.browser, "fonts.conf"), fontConfiguration());
  const origin = "Debian's, unpacked in data/cache/native/browser";
  return found(unpackedProgram, origin, await tryBrowser(browserAt(unpackedProgram, origin)));
}

module.exports = { useSystemBrowser, unpackBrowser };
