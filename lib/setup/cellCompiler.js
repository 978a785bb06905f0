"use strict";
// What tslab needs before it compiles cells of this project: used by the kernel, and where cells run without Jupyter.
const path = require("node:path");
const { showDeclarations } = require("./declarations");
const { writeShorthandOut } = require("./shorthand");
const { runSources } = require("./sources");
const { setSurroundings } = require("./surroundings");

/**
 * Works at the project root from here on, and makes tslab see lib as the notebooks do.
 *
 * @param {string} root the project's folder
 * @returns a function that gives one of tslab's own files, such as "main.js"
 */
function prepareCells(root) {
  process.chdir(root);
  setSurroundings();
  // TypeScript watches folders for files that may appear, and tslab 1.0.22 stops with "Unexpected pending
  // rebuildTimer" when one does (a figure is saved, a file is added to lib).
  const compiler = require.resolve("@tslab/typescript-for-tslab");
  const typescript = require(compiler);
  typescript.sys.watchDirectory = () => ({ close() {} });
  require.cache[compiler].exports = showDeclarations(typescript);
  runSources();
  const ofTslab = (name) => require(path.join(root, "node_modules", "tslab", "dist", name));
  writeShorthandOut(ofTslab("converter.js"), typescript);
  return ofTslab;
}

module.exports = { prepareCells };
