"use strict";
// The kernel as Jupyter drives it, over a small lib: what is kept is used, and nothing is lost by it.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { after, before, test } = require("node:test");
const { smallProject, startKernel } = require("./kernel.fixture");

const sources = {
  "index.ts": 'export { half } from "./halves";\nexport type { Size } from "./sizes";\n',
  "halves.ts": `import { checked } from "./checks";
/** Half of a number. */
export function half(x: number): number {
  return checked(x) / 2;
}
export async function later(x: number): Promise<number> {
  return (await import("./checks")).checked(x);
}
`,
  "checks.ts": `export function checked(x: number): number {
  if (x < 0) throw new Error("negative");
  return x;
}
`,
  "sizes.ts": "export interface Size {\n  readonly width: number;\n}\n",
  "gone.ts": "export const gone = 1;\n",
};
const imports = 'import { half, type Size } from "./lib/index";\n';

let project;
before(() => {
  project = smallProject(sources);
});
after(() => project.remove());

/** What is kept, by file, with the time at which it was written. */
function kept() {
  const folder = path.join(project.root, "data", "cache", "sources");
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  return Object.fromEntries(files.map((name) => [name, fs.statSync(path.join(folder, name)).mtimeMs]));
}

/** Names of what was written between two looks at what is kept. */
const written = (old, now) => Object.keys(now).filter((name) => old[name] !== now[name]);

/** What a fresh kernel says to these cells. */
async function answers(...cells) {
  const kernel = await startKernel(project.root);
  try {
    const all = [];
    for (const cell of cells)
      all.push(typeof cell === "function" ? await cell(kernel) : await kernel.run(cell));
    return all;
  } finally {
    await kernel.end();
  }
}

const wrong = `${imports}half("six");`;
const wrongText = "2:6 - Argument of type 'string' is not assignable to parameter of type 'number'.\n";

test("with nothing kept, two kernels at once run lib and leave what they made of it", async () => {
  const cells = [`${imports}half(6)`, wrong, "const size: Size = { width: half(4) };", "size.width"];
  for (const [right, mistyped, , later] of await Promise.all([answers(...cells), answers(...cells)])) {
    assert.deepEqual(right, { status: "ok", text: "3\n" });
    assert.deepEqual(mistyped, { status: "error", text: wrongText });
    assert.deepEqual(later, { status: "ok", text: "2\n" });
  }
  const files = Object.keys(kept());
  for (const name of ["index", "halves", "checks"])
    assert.deepEqual(
      files.filter((file) => file.startsWith(`${name}.`)),
      [`${name}.d.ts`, `${name}.js`, `${name}.json`],
    );
});

test("what is kept is used: nothing is made again, types and doc blocks are the same", async () => {
  const old = kept();
  const [right, waited, mistyped, shown, offered] = await answers(
    `${imports}half(6)`,
    'import { later } from "./lib/halves";\nconsole.log(await later(5));',
    wrong,
    (kernel) => kernel.inspect(`${imports}half`),
    (kernel) => kernel.complete(`${imports}const s: Size = { wid`),
  );
  assert.deepEqual(right, { status: "ok", text: "3\n" });
  assert.deepEqual(waited, { status: "ok", text: "5\n" });
  assert.deepEqual(mistyped, { status: "error", text: wrongText });
  assert.match(shown, /half\(x: number\): number[\s\S]*Half of a number\./);
  assert.deepEqual(offered, ["width"]);
  assert.deepEqual(written(old, kept()), []);
});

test("an edit inside a function runs in the next kernel; only that source is checked again", async () => {
  const old = kept();
  project.write("halves.ts", sources["halves.ts"].replace("/ 2", "/ 3"));
  const [edited] = await answers(`${imports}half(6)`);
  assert.deepEqual(edited, { status: "ok", text: "2\n" });
  assert.deepEqual(written(old, kept()), ["halves.d.ts", "halves.js", "halves.json"]);
});

test("an error in a source that no declaration names is shown, and can be mended in the same kernel", async () => {
  project.write("checks.ts", sources["checks.ts"].replace("return x", "return String(x)"));
  const [broken, again, mended, later] = await answers(
    `${imports}half(6)`,
    `${imports}half(6)`,
    async (kernel) => {
      project.write("checks.ts", sources["checks.ts"].replace("return x", "return 3 * x"));
      let found;
      for (let tries = 0; tries < 40 && found?.status !== "ok"; tries++)
        found = await kernel.run(`${imports}half(6)`);
      return found;
    },
    async (kernel) => {
      const old = kept();
      await answers(`${imports}half(6)`);
      assert.deepEqual(written(old, kept()), [], "what the mended source left holds for it");
      project.write("checks.ts", sources["checks.ts"].replace("x: number", "x: string"));
      await new Promise((settle) => setTimeout(settle, 1000));
      return kernel.run(`${imports}half(6)`);
    },
  );
  const text = "lib/checks.ts 3:3 - Type 'string' is not assignable to type 'number'.\n";
  assert.deepEqual([broken, again], Array(2).fill({ status: "error", text }));
  assert.deepEqual(mended, { status: "ok", text: "6\n" });
  assert.deepEqual(later, mended, "what runs stays as it is, its types too, until the next kernel");
});

test("a package that changes does not stop the kernel", async () => {
  const folder = project.inLib("node_modules/tiny");
  fs.mkdirSync(folder, { recursive: true });
  const rewrite = (name, text) => fs.writeFileSync(path.join(folder, name), text);
  rewrite("package.json", '{ "name": "tiny", "version": "1.0.0", "types": "index.d.ts" }');
  rewrite("index.d.ts", "export declare const tiny: number;\n");
  rewrite("index.js", "exports.tiny = 1;\n");
  project.write("usesTiny.ts", 'export { tiny } from "tiny";\n');
  const [, later] = await answers('import { tiny } from "./lib/usesTiny";\ntiny', async (kernel) => {
    rewrite("package.json", '{ "name": "tiny", "version": "1.0.1", "types": "index.d.ts" }');
    await new Promise((settle) => setTimeout(settle, 1000));
    return kernel.run("tiny + 1");
  });
  assert.deepEqual(later, { status: "ok", text: "2\n" });
});

test("a changed signature shows in the sources that use it", async () => {
  project.write(
    "checks.ts",
    sources["checks.ts"].replace("x: number", "x: string").replace("return x", "return 1"),
  );
  const [broken] = await answers(`${imports}half(6)`);
  assert.equal(broken.status, "error");
  assert.match(broken.text, /lib\/halves\.ts 4:18 - Argument of type 'number' is not assignable/);
  project.write("checks.ts", sources["checks.ts"]);
});

test("an error that only declarations have is shown in every kernel", async () => {
  project.write("sizes.ts", `${sources["sizes.ts"]}export const Box = class {\n  private x = 1;\n};\n`);
  for (let time = 1; time <= 2; time++) {
    const [found] = await answers(`${imports}half(6)`);
    assert.equal(found.status, "error");
    assert.match(
      found.text,
      /lib\/sizes\.ts 4:14 - Property 'x' of exported class expression may not be private/,
    );
  }
  project.write("sizes.ts", sources["sizes.ts"]);
});

test("half a file does not count, a stack names the source's line, what is kept of a lost source goes", async () => {
  const folder = path.join(project.root, "data", "cache", "sources");
  await answers('import { gone } from "./lib/gone";\ngone');
  fs.rmSync(project.inLib("gone.ts"));
  for (const kind of ["d.ts", "js", "json"]) {
    const file = path.join(folder, `checks.${kind}`);
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").slice(0, -60));
  }
  const [thrown] = await answers(`${imports}half(-1)`);
  assert.equal(thrown.status, "error");
  assert.match(
    thrown.text,
    /Error: negative\n\s+at checked \(.*lib\/checks\.ts:2:20\)\n\s+at half \(.*lib\/halves\.ts:4:10\)/,
  );
  const files = Object.keys(kept());
  assert.ok(files.includes("checks.d.ts"));
  assert.deepEqual(
    files.filter((file) => file.startsWith("gone")),
    [],
  );
});
