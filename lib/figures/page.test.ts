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
function run(window: Record<string, unknown>, config?: string, theme?: string) {
  const place = {
    style: {} as Record<string, string>,
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
    body: { getAttribute: () => theme ?? null },
  };
  const script = /<script>([\s\S]*)<\/script>/.exec(figureHtml(figure))![1];
  vm.runInNewContext(script, { window, document, Promise, JSON });
  return { place, added };
}

test("where Plotly is on the page already, the figure is drawn at once", () => {
  const drawn: unknown[][] = [];
  const { place, added } = run({ Plotly: { newPlot: (...args: unknown[]) => drawn.push(args) } });
  assert.equal(drawn.length, 1);
  assert.equal(drawn[0][0], place);
  assert.deepEqual(JSON.parse(JSON.stringify(drawn[0][1])), [{ type: "bar", y: [1, 2] }]);
  assert.equal(added.length, 0);
});

test("in JupyterLab it comes from the project's files, below the server's base address, once", async () => {
  const drawn: unknown[][] = [];
  const window: Record<string, unknown> = {};
  const first = run(window, '{"baseUrl": "/user/somebody/"}');
  const second = run(window, '{"baseUrl": "/user/somebody/"}');
  assert.equal(first.added[0].src, "/user/somebody/files/node_modules/plotly.js-dist-min/plotly.min.js");
  assert.equal(second.added.length, 0);
  window.Plotly = { newPlot: (...args: unknown[]) => drawn.push(args) };
  first.added[0].onload!();
  await new Promise((settle) => setTimeout(settle, 10));
  assert.equal(drawn.length, 2);
});

test("where it cannot be had, the place says what helps", async () => {
  const { place, added } = run({});
  added[0].onerror!();
  await new Promise((settle) => setTimeout(settle, 10));
  assert.match(place.textContent, /npm run lab/);
});

test("a page of its own names its picture, with quotes and brackets escaped", () => {
  const page = figurePage(figure, "../plotly.js");
  assert.match(page, /<title>A &quot;quoted&quot; &amp; &lt;b><\/title>/);
  assert.match(page, /<script src="\.\.\/plotly\.js"><\/script>/);
});

test("on a dark page grounds and words change places, on a light one nothing changes", () => {
  const layoutOn = (theme: string | undefined, wanted: boolean) => {
    const drawn: { paper_bgcolor: string; font: { color: string } }[] = [];
    const newPlot = (_place: unknown, _data: unknown, layout: (typeof drawn)[number]) => drawn.push(layout);
    const { place } = run({ Plotly: { newPlot }, matchMedia: () => ({ matches: wanted }) }, undefined, theme);
    return { ground: drawn[0].paper_bgcolor, words: drawn[0].font.color, place: place.style.background };
  };
  const dark = { ground: "#111111", words: "#E8E8E8", place: "#111111" };
  const light = { ground: "#FFFFFF", words: "#222222", place: undefined };
  assert.deepEqual(layoutOn("false", false), dark); // JupyterLab's dark theme
  assert.deepEqual(layoutOn(undefined, true), dark); // a page of its own, where the reader's system is dark
  assert.deepEqual(layoutOn("true", true), light); // JupyterLab's theme decides where there is one
  assert.deepEqual(layoutOn(undefined, false), light);
});
