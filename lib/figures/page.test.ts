import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { figureHtml, figurePage, marker } from "./page";
import { styled } from "./theme";

const figure = styled(
  [{ type: "bar", y: [1, 2] }],
  {},
  { title: "T", caption: 'A "quoted" & <b>', dataset: "invented" },
);

/** Runs the script of a figure's HTML in a page that is only pretended. */
function run(window: Record<string, unknown>, config?: string) {
  const place = {
    attributes: {} as Record<string, string>,
    textContent: "",
    setAttribute(name: string, value: string) {
      this.attributes[name] = value;
    },
  };
  const added: { src?: string; onload?: () => void; onerror?: () => void }[] = [];
  const document = {
    querySelectorAll: (selector: string) => (selector.includes(marker) ? [place] : []),
    getElementById: () => (config === undefined ? null : { textContent: config }),
    createElement: () => ({}),
    head: { appendChild: (script: object) => added.push(script) },
  };
  const script = /<script>([\s\S]*)<\/script>/.exec(figureHtml(figure))![1]!;
  vm.runInNewContext(script, { window, document, Promise, JSON });
  return { place, added };
}

test("where Plotly is on the page already, the figure is drawn at once", () => {
  const drawn: unknown[][] = [];
  const { place, added } = run({ Plotly: { newPlot: (...args: unknown[]) => drawn.push(args) } });
  assert.equal(drawn.length, 1);
  assert.equal(drawn[0]![0], place);
  assert.deepEqual(JSON.parse(JSON.stringify(drawn[0]![1])), [{ type: "bar", y: [1, 2] }]);
  assert.equal(added.length, 0);
});

test("in JupyterLab it comes from the project's files, below the server's base address, once", async () => {
  const drawn: unknown[][] = [];
  const window: Record<string, unknown> = {};
  const first = run(window, '{"baseUrl": "/user/somebody/"}');
  const second = run(window, '{"baseUrl": "/user/somebody/"}');
  assert.equal(first.added[0]!.src, "/user/somebody/files/node_modules/plotly.js-dist-min/plotly.min.js");
  assert.equal(second.added.length, 0);
  window.Plotly = { newPlot: (...args: unknown[]) => drawn.push(args) };
  first.added[0]!.onload!();
  await new Promise((settle) => setTimeout(settle, 10));
  assert.equal(drawn.length, 2);
});

test("where it cannot be had, the place says what helps", async () => {
  const { place, added } = run({});
  added[0]!.onerror!();
  await new Promise((settle) => setTimeout(settle, 10));
  assert.match(place.textContent, /npm run lab/);
});

test("a page of its own names its picture, with quotes and brackets escaped", () => {
  const page = figurePage(figure, "../plotly.js");
  assert.match(page, /<title>A &quot;quoted&quot; &amp; &lt;b><\/title>/);
  assert.match(page, /<script src="\.\.\/plotly\.js"><\/script>/);
});
