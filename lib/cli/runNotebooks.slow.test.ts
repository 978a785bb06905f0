import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { controls, writeNotebook } from "./notebooks.fixture";
import { memoryOutput } from "./output";
import { type NotebookResult, runNotebooks } from "./runNotebooks";

const root = resolve(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "offshelf-controls-"));
const out = join(folder, "latest");
const output = memoryOutput();
const results = new Map<string, NotebookResult>();

before(async () => {
  const files = Object.entries(controls).map(([name, cells]) => writeNotebook(folder, name, cells));
  for (const result of await runNotebooks(files, output, { out, timeout: 120 }))
    results.set(result.name, result);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("a throw fails the notebook, named with its cell and its text", () => {
  const { passed, failure } = results.get("throws")!;
  assert.equal(passed, false);
  assert.equal(failure!.cell, 2);
  assert.match(failure!.error, /Error: thrown on purpose/);
  assert.match(output.stderr(), /throws: FAILED in cell 2/);
  assert.doesNotMatch(readFileSync(join(out, "throws.ipynb"), "utf8"), /"text": \[\s*"never reached/);
});

test("a type error fails the notebook", () => {
  const { passed, failure } = results.get("mistyped")!;
  assert.equal(passed, false);
  assert.equal(failure!.cell, 1);
  assert.match(failure!.error, /Type 'string' is not assignable to type 'number'/);
});

test("a rejection that no cell waits for fails the notebook, even after its last cell", () => {
  const { passed, failure } = results.get("late")!;
  assert.equal(passed, false);
  assert.match(failure!.error, /nobody waits for this/);
});

test("a good notebook passes and is written as it would be committed", () => {
  assert.equal(results.get("good")!.passed, true, JSON.stringify(results.get("good")));
  const text = readFileSync(join(out, "good.ipynb"), "utf8");
  const { cells } = JSON.parse(text);
  assert.deepEqual(
    cells.slice(1).map((cell: { execution_count: number }) => cell.execution_count),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(
    cells.map((cell: { id: string }) => cell.id),
    [1, 2, 3, 4, 5, 6, 7].map((i) => `cell-${i}`),
  );
  const progress = cells[2].outputs;
  assert.equal(progress.length, 1, "progress is updated in place, not stacked up");
  assert.equal(progress[0].data["text/plain"].join(""), "counting: 3/3");
  const [figure] = cells[3].outputs;
  assert.deepEqual(Object.keys(figure.data).sort(), ["image/png", "text/plain"]);
  assert.equal(figure.metadata.offshelf.name, "control-ratings");
  assert.deepEqual(cells[4].outputs[0].text, ["at .\n"]);
  assert.ok(!text.includes(root), "no path of this machine");
  assert.ok(!/"(shell|iopub)\./.test(text), "no times");
});

test("a bar that its caller left counting has ended in what is kept", () => {
  assert.equal(results.get("unended")!.passed, true, JSON.stringify(results.get("unended")));
  const [{ data }] = JSON.parse(readFileSync(join(out, "unended.ipynb"), "utf8")).cells[1].outputs;
  assert.equal(data["text/plain"].join(""), "<counting>: 3/3 · half way");
  const bar = data["text/html"].join("");
  assert.match(bar, /&lt;counting>: 3\/3 · half way</);
  assert.match(bar, /width:100\.0%/);
  assert.doesNotMatch(bar, / s left/);
});

test("an exported page wears our style and leads to the pages before and after it", () => {
  const html = readFileSync(join(out, "late.html"), "utf8");
  assert.match(html, /<title>Control: late<\/title>/);
  assert.match(html, /prefers-color-scheme: dark/);
  assert.match(html, /<a href="index\.html">Contents<\/a>/);
  assert.match(html, /<a rel="prev" class="prev" href="good\.html">← Control: good<\/a>/);
  assert.match(html, /<a rel="next" class="next" href="mistyped\.html">Control: mistyped →<\/a>/);
  assert.doesNotMatch(html, /jp-Notebook/, "nothing of nbconvert's own look");
  const thrown = readFileSync(join(out, "throws.html"), "utf8");
  assert.match(thrown, /<pre tabindex="0" class="stderr">[^<]*Error: thrown on purpose/);
});

test("the exported page carries Plotly once and asks no network", () => {
  const html = readFileSync(join(out, "good.html"), "utf8");
  assert.equal(html.split("plotly.js v").length - 1, 1);
  assert.doesNotMatch(html, /<script[^>]*\ssrc=/);
  assert.doesNotMatch(html, /import\(?\s*['"]https?:/);
  assert.ok(existsSync(join(out, "control-ratings.png")));
  assert.ok(existsSync(join(out, "control-ratings.html")));
});

test("a cell over its time fails the notebook", async () => {
  const file = writeNotebook(folder, "endless", [
    "await new Promise<void>((go) => { setTimeout(go, 60000); });",
  ]);
  const [result] = await runNotebooks([file], memoryOutput(), { out, timeout: 6 });
  assert.equal(result.passed, false);
  assert.match(result.failure!.error, /took longer than 6 s/);
});
