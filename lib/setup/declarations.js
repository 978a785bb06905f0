"use strict";
/**
 * tslab checks and compiles all sources that a cell imports, in each kernel again: nine seconds for lib's door.
 * Here its TypeScript is shown the declarations of a source (`train.d.ts`) where they are kept and still hold, and
 * the source itself elsewhere. A source that a cell was checked with leaves its declarations for the next kernel,
 * so a source with a type error is looked at, and its error shown, until it is mended.
 *
 * Only types go this way; lib runs through ./sources.
 */
const fs = require("node:fs");
const path = require("node:path");
const { keep, lib, readKept } = require("./kept");
const { outlines } = require("./outlines");

const isOurs = (file) => file.endsWith(".ts") && path.resolve(file).startsWith(lib);
const isDeclaration = (file) => file.endsWith(".d.ts");
const sourceOf = (file) => path.resolve(file.replace(/\.d\.ts$/, ".ts"));

/** Which sources are shown by their declarations: decided once for each, so that no kernel knows one twice. */
function shownSources(typescript) {
  const { keyFor, foundations, forget } = outlines(typescript);
  const kept = new Map();
  const checked = new Set();
  const keptFor = (source) => {
    if (!kept.has(source))
      kept.set(source, fs.existsSync(source) ? readKept(source, "d.ts", keyFor(source)) : undefined);
    return kept.get(source);
  };
  const isKept = (source) => keptFor(source) !== undefined;
  return {
    isKept,
    /**
     * The declarations of a source. What it stands on and must be checked is imported here, because declarations
     * leave out the imports that only its functions need.
     */
    declarationsOf(source) {
      const open = foundations(source).filter((one) => one.endsWith(".ts") && !isKept(one));
      return [keptFor(source), ...open.map((one) => `import ${JSON.stringify(one.slice(0, -3))};`)].join(
        "\n",
      );
    },
    /** Keeps the declarations of a source that was checked without an error. */
    keepDeclarations(source, text) {
      checked.add(source);
      keep(source, "d.ts", keyFor(source), text);
    },
    /** Whether an edit counts: what is still to be mended is read again; what runs changes in the next kernel. */
    edited(source) {
      if (checked.has(source)) return false;
      forget(source);
      return true;
    },
  };
}

/** All sources that a file needs, itself included, through declarations too; not what packages consist of. */
function sourcesBehind(program, file) {
  const reached = new Set([file]);
  for (const one of reached)
    one.resolvedModules?.forEach(({ resolvedModule } = {}) => {
      const next = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (next && !program.isSourceFileFromExternalLibrary(next)) reached.add(next);
    });
  return [...reached].map(({ fileName }) => fileName);
}

/**
 * Makes a TypeScript see lib this way and returns the compiler that tslab is to use.
 *
 * @param typescript the compiler that tslab brings; its `sys` is changed
 */
function showDeclarations(typescript) {
  const { sys } = typescript;
  const { fileExists, readFile, watchFile } = sys;
  const shown = shownSources(typescript);
  sys.fileExists = (file) => {
    if (!isOurs(file)) return fileExists(file);
    return shown.isKept(sourceOf(file)) ? isDeclaration(file) : fileExists(file);
  };
  sys.readFile = (file, encoding) => {
    const asked = isOurs(file) && isDeclaration(file) && shown.isKept(sourceOf(file));
    return asked ? shown.declarationsOf(sourceOf(file)) : readFile(file, encoding);
  };
  sys.watchFile = (file, changed, ...rest) => {
    // Packages are not watched: tslab 1.0.22 stops with "Unexpected pending rebuildTimer" when a package.json changes.
    if (/[\\/]node_modules[\\/]|[\\/]package\.json$/.test(file)) return { close() {} };
    if (!isOurs(file)) return watchFile(file, changed, ...rest);
    if (isDeclaration(file)) return { close() {} };
    return watchFile(file, (...event) => shown.edited(path.resolve(file)) && changed(...event), ...rest);
  };

  /** What tslab asks of a program; without the book-keeping of TypeScript's own builder, half of a cell's time. */
  const builderFor = (builder) => {
    const program = builder.getProgram();
    // tslab reads the names that a cell declares before it asks for anything that would find them.
    for (const name of program.getRootFileNames())
      typescript.bindSourceFile(program.getSourceFile(name), program.getCompilerOptions());
    return {
      ...builder,
      getAllDependencies: (file) => sourcesBehind(program, file),
      emit(file, write, ...rest) {
        if (!isOurs(file.fileName)) return builder.emit(file, write, ...rest);
        const keepIt = (name, text) =>
          isDeclaration(name) && shown.keepDeclarations(path.resolve(file.fileName), text);
        return builder.emit(file, keepIt, undefined, true);
      },
    };
  };
  const createWatchProgram = (host) => {
    const { afterProgramCreate } = host;
    host.createProgram = typescript.createAbstractBuilder;
    host.afterProgramCreate = (builder) => afterProgramCreate(builderFor(builder));
    return typescript.createWatchProgram(host);
  };
  return { ...typescript, createWatchProgram };
}

module.exports = { showDeclarations };
