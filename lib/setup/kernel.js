"use strict";
// The project's TypeScript kernel: tslab, working at the project root, so that cells import "./lib/..." sources.
// Jupyter starts it with the file of its connection.
const fs = require("node:fs");
const path = require("node:path");
const { prepareCells } = require("./cellCompiler");

const root = path.resolve(__dirname, "..", "..");
const configPath = process.argv[2];
if (configPath === undefined) {
  console.error("kernel.js requires the connection file that Jupyter passes; start it with `npm run lab`");
  process.exit(2);
}

const { startKernel } = prepareCells(root)("main.js");
startKernel({ configPath, enableFindLocal: false });

// tslab only prints an error that comes after its cell has ended. Whoever runs a notebook from start to end
// would take it for a success, so the kernel ends. In JupyterLab, where a reader sees the message, it goes on.
const late = (what) => (reason) => {
  console.error(`${what} after its cell had ended:`, reason);
  if (process.env.OFFSHELF_LAB === "1") return;
  // The notebook runner reads the reason here: by now no cell may be listening.
  const file = process.env.OFFSHELF_LATE_ERRORS;
  if (file) fs.appendFileSync(file, `${reason instanceof Error ? reason.stack : String(reason)}\n`);
  console.error("The kernel stops here.");
  // The message is on its way to the notebook: let it arrive.
  setTimeout(() => process.exit(1), 300);
};
process.removeAllListeners("unhandledRejection");
process.removeAllListeners("uncaughtException");
process.on("unhandledRejection", late("A promise was rejected"));
process.on("uncaughtException", late("An error was thrown"));
