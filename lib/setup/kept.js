"use strict";
// What is made from a source of lib (JavaScript, declarations) is kept in data/cache/sources, so that commands and
// notebook kernels start without making it again. It counts only with the key it was made under.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { places, inRoot } = require("./places");
const { writeWhole } = require("./stamp");

const lib = inRoot("lib") + path.sep;
const folder = path.join(places.cache, "sources");

/** A short fingerprint of texts. */
function keyOf(...texts) {
  const hash = crypto.createHash("sha1");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex");
}

const isOurs = (source) => source.startsWith(lib);
const keptFile = (source, kind) => path.join(folder, path.relative(lib, source).replace(/\.ts$/, `.${kind}`));

/** All that decides, beside the sources, what is made from them: the installed packages, Node, and these files. */
const tools = keyOf(
  process.version,
  ...[
    path.join(places.modules, ".package-lock.json"),
    ...["kept.js", "sources.js", "outlines.js", "declarations.js"].map((name) => path.join(__dirname, name)),
  ].map((file) => (fs.existsSync(file) ? fs.readFileSync(file) : "")),
);

/**
 * What is kept of one kind for a source of lib, or undefined when it was made under another key or not at all.
 * The key stands in the last line, so half a file never counts.
 *
 * @param {"js" | "d.ts" | "json"} kind
 */
function readKept(source, kind, key) {
  if (!isOurs(source)) return undefined;
  try {
    const text = fs.readFileSync(keptFile(source, kind), "utf8");
    const end = `\n// ${key}\n`;
    return text.endsWith(end) ? text.slice(0, -end.length) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a text for a source, in place of an older one. Other processes see the old one or the new one.
 * Where nothing can be written (no space, no permission), the next start is slower, and that is all.
 */
function keep(source, kind, key, text) {
  if (!isOurs(source)) return;
  try {
    writeWhole(keptFile(source, kind), `${text}\n// ${key}\n`);
    sweep();
  } catch {}
}

let swept = false;
/** Removes, once in a process, what is kept for sources that are gone, and what a killed process left half done. */
function sweep() {
  if (swept) return;
  swept = true;
  const hourAgo = Date.now() - 3_600_000;
  for (const name of fs.readdirSync(folder, { recursive: true })) {
    const file = path.join(folder, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    const source = /^(.*)\.(?:js|d\.ts|json)$/.exec(name)?.[1];
    const wanted = source === undefined ? stat.mtimeMs > hourAgo : fs.existsSync(`${lib}${source}.ts`);
    if (!wanted) fs.rmSync(file, { force: true });
  }
}

module.exports = { folder, keep, keyOf, lib, readKept, tools };
