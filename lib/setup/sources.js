"use strict";
// Runs lib's TypeScript in this process, from JavaScript that is compiled once and kept.
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { keep, keyOf, readKept, tools } = require("./kept");
const { places } = require("./places");

/** The compiler that comes with tsx, which runs the tests: both run the same JavaScript. */
const esbuild = () => createRequire(path.join(places.modules, "tsx", "package.json"))("esbuild");

/** The JavaScript of a source file, with a source map, so that stacks name the lines of the source. */
function compiled(file) {
  const text = fs.readFileSync(file, "utf8");
  const key = keyOf(text, tools);
  const known = readKept(file, "js", key);
  if (known !== undefined) return known;
  const { code } = esbuild().transformSync(text, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: `node${process.versions.node}`,
    // import() of another source must come through require, as everything else does.
    supported: { "dynamic-import": false },
    sourcefile: path.basename(file),
    sourcemap: "inline",
    sourcesContent: false,
  });
  keep(file, "js", key, code);
  return code;
}

/** From here on, `require` takes TypeScript files too. */
function runSources() {
  process.setSourceMapsEnabled(true);
  require.extensions[".ts"] = (module, file) => module._compile(compiled(file), file);
}

module.exports = { compiled, runSources };
