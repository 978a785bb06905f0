"use strict";
// JupyterLab from the project's .venv, at the project root, opened on notebooks/.
const { spawn } = require("node:child_process");
const path = require("node:path");
const { requireSetup } = require("./guard");
const { places, inVenv } = require("./places");
const { quickStart } = require("./python");
const { writeWhole } = require("./stamp");
const { setSurroundings } = require("./surroundings");

const usage = `Usage: npm run lab [-- OPTIONS OF JUPYTERLAB]
Opens JupyterLab on notebooks/. --no-browser prints the address instead, --port N chooses the port.`;

const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
requireSetup();

// As root (containers) Jupyter wants to be told. News would be asked from an outside server: off.
const root = process.getuid?.() === 0 ? ["--allow-root"] : [];
const quiet = [
  "--LabApp.news_url=None",
  "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  "--LabApp.extension_manager=readonly",
];
// The question whether to fetch news is a setting of the page; these are its defaults in this environment.
const overrides = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};
const overridesFile = path.join(places.venv, "share", "jupyter", "lab", "settings", "overrides.json");
writeWhole(overridesFile, `${JSON.stringify(overrides, null, 2)}\n`);
const settings = [
  "--ServerApp.root_dir",
  places.root,
  "--LabApp.default_url",
  "/lab/tree/notebooks",
  ...quiet,
];
const env = setSurroundings({ ...process.env, OFFSHELF_LAB: "1" });
const start = `${quickStart}; from jupyterlab.labapp import main; sys.exit(main())`;
const child = spawn(inVenv("python"), ["-c", start, ...settings, ...root, ...args], {
  cwd: places.root,
  env,
  stdio: "inherit",
});
child.on("error", (error) => {
  process.stderr.write(
    `JupyterLab did not start: ${error.message}; \`npm run doctor\` tells what is missing.\n`,
  );
  process.exitCode = 1;
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
