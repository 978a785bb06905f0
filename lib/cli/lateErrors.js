"use strict";
// Loaded into the kernel before everything else when the notebook runner asks for it: writes down promise
// rejections and errors that no cell waits for. tslab only prints them, and a runner that reads the cells'
// results would let them pass.
const fs = require("node:fs");

const file = process.env.OFFSHELF_LATE_ERRORS;
if (file) {
  const note = (error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    fs.appendFileSync(file, `${text}\n`);
  };
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
}
