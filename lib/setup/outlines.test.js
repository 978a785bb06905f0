"use strict";
const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const path = require("node:path");
const typescript = require("typescript");
const { smallProject } = require("./kernel.fixture");
const { outlineOf } = require("./outlines");

let project;
before(() => {
  project = smallProject({
    "top.ts": 'import { middle } from "./middle";\nexport const top = middle;\n',
    "middle.ts": 'export { low as middle } from "./low/index";\n',
    "beside.ts": "export const beside = 1;\n",
  });
});
after(() => project.remove());

test("bodies go where the result type is written, whatever kind of function it is", () => {
  const outline = (text) => outlineOf(typescript, text).trimEnd();
  assert.equal(
    outline("function two(): number { return 2; }\nconst b = 1;"),
    "function two(): number \nconst b = 1;",
  );
  assert.equal(outline("const f = (x: number): number => 2 * x;"), "const f = (x: number): number => ;");
  assert.equal(outline("class A { get b(): 1 { return 1; } }"), "class A { get b(): 1  }");
  assert.equal(outline("const o = { m(): void { f(() => 1); } };"), "const o = { m(): void  };");
});

test("all that may show in a declaration stays", () => {
  for (const text of [
    "function inferred() { return 2; }",
    "const arrow = (x: number) => x + 1;",
    "class A { b; constructor() { this.b = 1; } }",
    "export const schema = object({ a: number().min(2) });",
    "declare function f(): void;",
  ])
    assert.equal(outlineOf(typescript, `/** Why. */\n${text} // so`), `${text}\n`);
});

test("the key changes with the source and with the outlines it stands on, through others and round a ring", () => {
  const low = 'import type { top } from "../top";\nexport function low(): number { return 1; }\n';
  require("node:fs").mkdirSync(project.inLib("low"));
  project.write("low/index.ts", low);
  const { outlines } = require(project.inLib(path.join("setup", "outlines.js")));
  const key = () => outlines(typescript).keyFor(project.inLib("top.ts"));
  const first = key();
  assert.equal(key(), first);
  project.write("low/index.ts", low.replace("return 1", "return 2"));
  assert.equal(key(), first, "a body is nobody else's business");
  project.write("beside.ts", "export const beside = 2;\n");
  assert.equal(key(), first, "nor is a source that is not imported");
  project.write("low/index.ts", low.replace("low()", "low(x = 1)"));
  assert.notEqual(key(), first);
  project.write("low/index.ts", low);
  assert.equal(key(), first);
  project.write("top.ts", 'import { middle } from "./middle";\nexport const top = middle();\n');
  assert.notEqual(key(), first);
});
