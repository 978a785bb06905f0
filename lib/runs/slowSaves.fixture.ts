import { setTimeout } from "node:timers/promises";

/**
 * Loaded before a command: whatever it saves takes OFFSHELF_TEST_SLOW milliseconds longer before and after each rename, so
 * that a kill often falls into the window in which a checkpoint is written.
 */
const files = require("node:fs/promises") as typeof import("node:fs/promises");
const { rename } = files;
const pause = Number(process.env.OFFSHELF_TEST_SLOW ?? 0);

files.rename = async (from, to) => {
  await setTimeout(pause);
  await rename(from, to);
  await setTimeout(pause);
};
