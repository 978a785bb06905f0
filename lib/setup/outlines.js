"use strict";
// When do the declarations of a source still hold? As long as the source itself is the same, and the outlines of
// all it imports: what stands inside a function with a written result type is nobody else's business.
const fs = require("node:fs");
const path = require("node:path");
const { keep, keyOf, lib, readKept, tools } = require("./kept");

/** What a source imports, as written. One too many (an example in a comment) does no harm. */
const importOf = /\b(?:from|import|require)\s*\(?\s*["'](\.[^"']*)["']/g;

/**
 * A source without the bodies of functions whose result type is written down, and without comments above statements.
 *
 * @param typescript a TypeScript compiler
 * @example outlineOf(ts, "function two(): number { return 2; }") // "function two(): number \n"
 */
function outlineOf(typescript, text) {
  const source = typescript.createSourceFile("source.ts", text, typescript.ScriptTarget.ES2022);
  let outline = "";
  let from;
  const visit = (node) => {
    if (typescript.isFunctionLike(node) && node.type && node.body) {
      outline += text.slice(from, node.body.getStart(source));
      from = node.body.end;
    } else typescript.forEachChild(node, visit);
  };
  for (const statement of source.statements) {
    from = statement.getStart(source);
    visit(statement);
    outline += `${text.slice(from, statement.end)}\n`;
  }
  return outline;
}

const isFile = (file) => fs.existsSync(file) && fs.statSync(file).isFile();

/** The file of lib that `name` means in `from`; undefined for what lies elsewhere or is not there. */
function importedFile(from, name) {
  const target = path.resolve(path.dirname(from), name);
  if (!target.startsWith(lib)) return undefined;
  return [`${target}.ts`, target, path.join(target, "index.ts")].find(isFile);
}

/** The sources of lib as they were when they were first looked at, until `forget` is called for one. */
function outlines(typescript) {
  const seen = new Map();

  function look(file) {
    let found = seen.get(file);
    if (found !== undefined) return found;
    const text = fs.readFileSync(file, "utf8");
    const key = keyOf(text, tools);
    found = { key, outline: key, imports: [] };
    if (file.endsWith(".ts")) {
      let kept = readKept(file, "json", key);
      if (kept === undefined) {
        const imports = [...new Set([...text.matchAll(importOf)].map(([, name]) => name))];
        kept = JSON.stringify({ outline: keyOf(outlineOf(typescript, text)), imports });
        keep(file, "json", key, kept);
      }
      const { outline, imports } = JSON.parse(kept);
      found.outline = outline;
      found.imports = imports.map((name) => importedFile(file, name)).filter((one) => one !== undefined);
    }
    seen.set(file, found);
    return found;
  }

  /** The files of lib that a source stands on: what it imports, what these import, and so on. */
  function foundations(file) {
    const reached = new Set(look(file).imports);
    for (const one of reached) for (const next of look(one).imports) reached.add(next);
    reached.delete(file);
    return [...reached].sort();
  }

  return {
    foundations,
    /** The key under which the declarations of a source hold. */
    keyFor: (file) =>
      keyOf(
        look(file).key,
        ...foundations(file).flatMap((one) => [path.relative(lib, one), look(one).outline]),
      ),
    forget: (file) => seen.delete(file),
  };
}

module.exports = { outlineOf, outlines };
