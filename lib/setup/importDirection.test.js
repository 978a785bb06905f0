"use strict";
// Keeps the house in order: who may import whom, one door for each heavy dependency, small files.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { besides, folders } = require("./folders");
const { places, inRoot } = require("./places");

/** The one file through which a heavy package is loaded, when it is first used. */
const doors = {
  "@tensorflow/tfjs-node": ["tensors/tf.ts"],
  "@duckdb/node-api": ["data/duckdb.ts"],
  "faiss-node": ["retrieval/guardedFaiss.ts"],
  "onnxruntime-node": ["embeddings/text.ts"],
  "danfojs-node": ["data/table.ts"],
  esbuild: ["serving/page/bundle.ts"],
  "playwright-core": ["figures/render.ts"],
  "plotly.js-dist-min": ["figures/render.ts", "figures/page.ts"],
  tslab: ["figures/cell.ts"],
  fastify: ["serving/http/fastify.ts"],
  "@fastify": ["serving/http/fastify.ts"],
  "prom-client": ["serving/http/metrics.ts"],
  autocannon: ["cli/benchServe.ts"],
};

const rank = new Map(folders.map(({ name }, position) => [name, position]));

/** All files below a folder of lib, as paths from lib with forward slashes. */
function filesBelow(folder = inRoot("lib")) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(file);
    return [path.relative(inRoot("lib"), file).split(path.sep).join("/")];
  });
}

const files = filesBelow();
const sources = files.filter((file) => file.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(file));

/** The module names of import, export, require and import() in a TypeScript source, comments left out. */
function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const forms = [
    /\bfrom\s+["']([^"'\n]+)["']/g,
    /\b(?:require|import)\s*\(\s*["']([^"'\n]+)["']/g,
    /\bimport\s+["']([^"'\n]+)["']/g,
  ];
  return forms.flatMap((form) => Array.from(code.matchAll(form), (match) => match[1]));
}

/** What is wrong with one import of a file, or undefined. */
function breach(file, name) {
  const [folder] = file.split("/");
  if (!name.startsWith(".")) {
    const door = Object.entries(doors).find(([heavy]) => name === heavy || name.startsWith(`${heavy}/`));
    if (door !== undefined && !door[1].includes(file))
      return `${file} names ${name}, whose door is ${door[1][0]}`;
    return undefined;
  }
  const target = path.posix.join(path.posix.dirname(file), name).split("/");
  if (target.length < 2 || !file.includes("/")) return undefined;
  if (folder === target[0] || target[0] === "..") return undefined;
  if (folder === "figures") {
    return target[0] === "math" || target[0] === "setup"
      ? undefined
      : `${file} imports ${name}: figures import math only`;
  }
  if (target[0] === "figures") {
    return (rank.get(folder) ?? -1) >= rank.get("settings")
      ? undefined
      : `${file} imports figures from its left`;
  }
  if (target[0] === "setup") {
    // FAISS's door asks set-up which FAISS is in place, and TensorFlow's keeps signals away first.
    const asks = {
      "retrieval/guardedFaiss.ts": "../setup/fastFaiss.js",
      "tensors/tf.ts": "../setup/signals.js",
    };
    return folder === "cli" || asks[file] === name ? undefined : `${file} imports set-up`;
  }
  if (!rank.has(folder) || !rank.has(target[0])) return `${file} imports ${name}: the order does not know it`;
  return rank.get(target[0]) < rank.get(folder) ? undefined : `${file} imports ${name} from its right`;
}

/** Types may be imported by figures from anywhere: they vanish when the code runs. */
function withoutTypes(text) {
  return text.replace(/\b(?:import|export)\s+type\s[^;]*?from\s+["'][^"'\n]+["']/g, "");
}

test("a folder imports only from its left, and heavy packages only through their doors", () => {
  const found = sources.flatMap((file) => {
    const text = fs.readFileSync(inRoot("lib", file), "utf8");
    const names = importsOf(file.startsWith("figures/") ? withoutTypes(text) : text);
    return names.map((name) => breach(file, name)).filter((wrong) => wrong !== undefined);
  });
  assert.deepEqual(found, []);
});

test("breaches are seen", () => {
  assert.match(breach("math/random.ts", "../data/split"), /from its right/);
  assert.match(breach("agents/ddpg.ts", "@tensorflow/tfjs-node"), /door is tensors\/tf\.ts/);
  assert.match(breach("figures/theme.ts", "../data/split"), /math only/);
  assert.match(breach("data/split.ts", "../setup/browser"), /set-up/);
  assert.match(breach("retrieval/guardedFaiss.ts", "../setup/steps.js"), /set-up/);
  assert.match(breach("retrieval/faissIndex.ts", "../setup/fastFaiss.js"), /set-up/);
  assert.equal(breach("agents/ddpg.ts", "../math/random"), undefined);
  assert.equal(breach("runs/trainRun.ts", "../agents/agent"), undefined);
  assert.match(breach("agents/ddpg.ts", "../runs/trainRun"), /from its right/);
  const text =
    'import a from "x";\nexport { b } from "./y"; // from "no"\nconst c = require("z"); await import("w");\nimport "v";';
  assert.deepEqual(importsOf(text).sort(), ["./y", "no", "v", "w", "x", "z"].sort());
});

test("the map of lib shows the folders in this order", () => {
  const readme = fs.readFileSync(inRoot("lib", "README.md"), "utf8");
  const map = [...folders, ...besides]
    .map(({ name, idea }) => `  ${`${name}/`.padEnd(13)} ${idea}\n`)
    .join("");
  assert.ok(readme.includes(map), `the map in lib/README.md should be\n${map}`);
  const there = fs.readdirSync(inRoot("lib"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(
    there.map(({ name }) => name).sort(),
    [...folders, ...besides].map(({ name }) => name).sort(),
  );
});

test("set-up is plain JavaScript that needs nothing but Node", () => {
  const plain = files.filter((file) => file.startsWith("setup/") && file.endsWith(".js"));
  const loadedOnUse = ["@tensorflow/tfjs-node", "faiss-node", "faiss-node/package.json"];
  for (const file of plain) {
    for (const name of importsOf(fs.readFileSync(inRoot("lib", file), "utf8"))) {
      const own = name.startsWith("./") || name.startsWith("node:");
      if (file.endsWith(".test.js")) continue;
      assert.ok(own || (file === "setup/smoke.js" && loadedOnUse.includes(name)), `${file} loads ${name}`);
    }
  }
  assert.deepEqual(
    files.filter((file) => file.endsWith(".js") && !file.startsWith("setup/")),
    [],
  );
});

test("a file of lib has 400 lines at most", () => {
  const long = files
    .filter((file) => /\.(ts|js|py)$/.test(file))
    .map((file) => [file, fs.readFileSync(inRoot("lib", file), "utf8").trimEnd().split("\n").length])
    .filter(([, lines]) => lines > 400);
  assert.deepEqual(long, []);
});

test("no file is called utils, helpers, common or types", () => {
  assert.deepEqual(
    files.filter((file) => /(^|\/)(utils|helpers|common|types)\.[jt]s$/.test(file)),
    [],
  );
});

test("the top level holds what the house has room for, and nothing else", () => {
  const allowed = [
    ".ci .git .github .gitignore .ipynb_checkpoints .venv .vscode",
    "CHANGELOG.md CITATION.cff CONTRIBUTING.md LICENSE README.md biome.json data environment.md figures lib node_modules",
    "notebooks package-lock.json package.json tsconfig.json",
  ].flatMap((line) => line.split(" "));
  assert.deepEqual(
    fs.readdirSync(places.root).filter((name) => !allowed.includes(name)),
    [],
  );
});
