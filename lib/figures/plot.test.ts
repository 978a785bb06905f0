import assert from "node:assert/strict";
import { test } from "node:test";
import { bars } from "./marks/bars";
import { dots } from "./marks/dots";
import { heatmap } from "./marks/heatmap";
import { intervals } from "./marks/intervals";
import { lines } from "./marks/lines";
import { band, rule } from "./marks/rules";
import { type Panel, type Plot, plot } from "./plot";
import { palette, series } from "./theme";

const about = { title: "T", dataset: "ten invented numbers", caption: "C" };
const draw = (input: Partial<Plot>) => plot({ ...about, ...input });
type AxisLayout = {
  range: number[];
  tickvals: number[];
  ticktext: string[];
  title?: { text: string };
  domain: number[];
  type?: string;
  showticklabels?: boolean;
};
const axesOf = (figure: ReturnType<typeof draw>) => figure.layout as unknown as Record<string, AxisLayout>;
type Words = { text: string; x: number; y: number; ax: number; ay: number; xref: string };
const wordsOf = (figure: ReturnType<typeof draw>) => figure.layout.annotations as Words[];
const row = (name: string, value: number) => ({ name, value, lower: value - 0.1, upper: value + 0.1 });

test("a figure names its data and says its caption; no mark and no name of the data are refused", () => {
  const figure = draw({ marks: [lines({ x: [0, 1], y: [0, 1] })], x: "step", y: "loss" });
  assert.equal((figure.layout.title as { subtitle: { text: string } }).subtitle.text, "ten invented numbers");
  assert.equal(figure.caption, "C");
  const { xaxis, yaxis } = axesOf(figure);
  assert.deepEqual([xaxis.title!.text, yaxis.title!.text], ["step", "loss"]);
  assert.throws(() => draw({ marks: [] }), /at least one mark in each panel of "T", got none/);
  assert.throws(() => draw({ marks: [lines({ x: [0], y: [0] })], dataset: " " }), /the name of the data/);
});

test("axes show all that the marks hold, with some room, or begin at zero, or are as told", () => {
  const mark = lines({ x: [2, 4], y: [5, 15], lower: [1, 12], upper: [9, 20] });
  const { xaxis, yaxis } = axesOf(draw({ marks: [mark, rule({ y: 30 })] }));
  assert.ok(yaxis.range[0] < 1 && yaxis.range[1] > 30 && xaxis.range[0] < 2 && xaxis.range[1] > 4);
  const zero = axesOf(draw({ marks: [mark], y: { zero: true } })).yaxis.range[0];
  assert.ok(zero <= 0 && zero > -1);
  assert.deepEqual(axesOf(draw({ marks: [mark], y: { range: [0, 7] } })).yaxis.range, [0, 7]);
  const single = axesOf(draw({ marks: [lines({ x: [3], y: [3] })] })).xaxis.range;
  assert.ok(single[0] < 3 && single[1] > 3);
});

test("ticks: few whole numbers are ticks themselves, places can have names, tenths on a logarithmic axis", () => {
  const mark = lines({ x: [1, 2, 5], y: [0, 1, 2] });
  assert.deepEqual(axesOf(draw({ marks: [mark] })).xaxis.tickvals, [1, 2, 5]);
  const named = axesOf(draw({ marks: [mark], x: { tickNames: ["Emma", "Dune", "Persuasion"] } })).xaxis;
  assert.deepEqual(
    [named.tickvals, named.ticktext],
    [
      [1, 2, 5],
      ["Emma", "Dune", "Persuasion"],
    ],
  );
  const y = { log: true, range: [0.001, 1] } as const;
  const log = axesOf(draw({ marks: [lines({ x: [0, 1], y: [0.004, 0.5] })], y })).yaxis;
  assert.deepEqual([log.type, log.range], ["log", [-3, 0]]);
  assert.deepEqual(log.ticktext, ["0.001", "0.01", "0.1", "1"]);
});

test("rows: the first is at the top of every panel, written at the left only, on one scale for all", () => {
  const panels = [
    { heading: "near", marks: [intervals([row("IPS", 0.3), row("DM", 0.1)])] },
    { heading: "far", marks: [intervals([row("IPS", 0.5)])] },
  ];
  const { xaxis, xaxis2, yaxis, yaxis2 } = axesOf(draw({ panels, x: "reward" }));
  assert.deepEqual(
    [yaxis.ticktext, yaxis.tickvals],
    [
      ["DM", "IPS"],
      [0, 1],
    ],
  );
  assert.deepEqual([yaxis.showticklabels, yaxis2.showticklabels], [undefined, false]);
  assert.deepEqual(xaxis.range, xaxis2.range);
  assert.ok(xaxis.range[0] < 0 && xaxis.range[1] > 0.6);
  assert.equal(xaxis.title!.text, undefined); // one title below both
  assert.ok(wordsOf(draw({ panels, x: "reward" })).some(({ text }) => text === "reward"));
  const ordered = axesOf(draw({ panels, y: { order: ["DM", "IPS"] } })).yaxis.ticktext;
  assert.deepEqual(ordered, ["IPS", "DM"]);
});

test("an interval many times wider than the others does not stretch the axis", () => {
  const usual = [1, 1, 1.1, 0.9].map((value, i) => row(`${i}`, value));
  const wide = { name: "wide", value: 4, lower: -46, upper: 54 };
  const { xaxis } = axesOf(draw({ marks: [intervals([...usual, wide]), rule({ x: 1 })] }));
  assert.ok(xaxis.range[0] > 0 && xaxis.range[1] < 2);
});

test("grounds: stripes behind every other row, or lines between rows that have grounds of their own", () => {
  const marks = [band({ x: [0, 0.2] }), intervals([row("a", 0.1), row("b", 0.2), row("c", 0.3)])];
  const heights = (rows: Plot["rows"]) =>
    (
      draw({ marks, ...(rows === undefined ? {} : { rows }) }).layout.shapes as {
        y0: number;
        y1: number;
        xref: string;
      }[]
    )
      .filter(({ xref }) => xref === "x domain")
      .map(({ y0, y1 }) => [y0, y1]);
  assert.deepEqual(heights(undefined), [
    [1.5, 2.5],
    [-0.5, 0.5],
  ]);
  assert.deepEqual(heights("ruled"), [
    [1.5, 1.5],
    [0.5, 0.5],
  ]);
  assert.deepEqual(heights("plain"), []);
});

test("a figure grows with its rows, its headings and its legend", () => {
  const of = (count: number, panel: Partial<Panel> = {}, name?: string): number => {
    const rows = Array.from({ length: count }, (_, i) => row(`${i}`, i));
    const mark = intervals(rows, name === undefined ? {} : { name, colour: palette.red });
    return draw({ panels: [{ ...panel, marks: [mark] }], rowHeight: 30 }).height;
  };
  assert.equal(of(4), of(3) + 30);
  assert.ok(of(3, { heading: "near", note: "n = 10" }) > of(3, { heading: "near" }));
  assert.ok(of(3, { heading: "near" }) > of(3));
  assert.ok(of(3, {}, "holds") > of(3));
});

test("a series has one colour, dash and symbol in all panels, and stands in the legend once", () => {
  const panel = (names: string[]): Panel => ({
    marks: [dots(names.map((name, i) => ({ name, x: [i], y: [i] })))],
  });
  const figure = draw({ panels: [panel(["a", "b"]), panel(["b", "a"])] });
  type Trace = {
    name: string;
    xaxis: string;
    showlegend: boolean;
    marker: { color: string; symbol: string };
  };
  const [a, b, again] = figure.data as unknown as Trace[];
  assert.deepEqual([a.name, a.marker.color, b.marker.color], ["a", series[0], series[1]]);
  assert.notEqual(a.marker.symbol, b.marker.symbol);
  assert.deepEqual(
    [again.name, again.xaxis, again.marker.color, again.marker.symbol],
    ["b", "x2", b.marker.color, b.marker.symbol],
  );
  assert.deepEqual([b.showlegend, again.showlegend], [true, false]);
});

test("names stand beside the ends of lines, apart from each other, where these do not all end at one height", () => {
  const named = (ends: number[]) => lines(ends.map((y, i) => ({ name: `line ${i}`, x: [0, 1], y: [0, y] })));
  const figure = draw({ marks: [named([1, 0.99, 0.5])] });
  assert.equal(figure.layout.showlegend, false);
  const words = wordsOf(figure);
  const places = words.map(({ y, ay }) => -y * 300 + ay);
  for (const [i, place] of places.entries())
    for (const other of places.slice(i + 1)) assert.ok(Math.abs(place - other) >= 17, `${places}`);
  assert.deepEqual(
    words.map(({ text }) => text.replace(/<[^>]*>|—/g, "").trim()),
    ["line 0", "line 1", "line 2"],
  );
  const crowded = draw({ marks: [named([0.2, 0.2, 0.2, 0.2, 0.2, 0.2]), rule({ y: 1 })] });
  assert.deepEqual([crowded.layout.showlegend, wordsOf(crowded)], [true, []]);
  assert.equal(draw({ marks: [named([1])] }).layout.showlegend, false);
});

test("square panels: one unit is as long upwards as across, and the figure leaves them just the room", () => {
  for (const count of [1, 2, 5]) {
    const panels = Array.from({ length: count }, () => ({
      marks: [
        heatmap([
          [1, 0],
          [0, 1],
        ]),
      ],
    }));
    const figure = draw({ panels, aspect: 1, right: 92, x: { bare: true }, y: { bare: true } });
    const { margin } = figure.layout as { margin?: { l: number; r: number; t: number; b: number } };
    for (let p = 0; p < count; p++) {
      const suffix = p === 0 ? "" : String(p + 1);
      const [x, y] = [
        axesOf(figure)[`xaxis${suffix}`],
        axesOf(figure)[`yaxis${suffix}`] as unknown as { scaleanchor: string; constrain: string },
      ];
      assert.deepEqual([y.scaleanchor, y.constrain], [`x${suffix}`, "domain"]);
      const across = (x.domain[1] - x.domain[0]) * (figure.width - margin!.l - margin!.r);
      const free = Math.abs(across - (figure.height - margin!.t - margin!.b));
      assert.ok(free <= 1.5, `${count} panels leave ${free} pixels`);
    }
  }
});

test("small multiples stand in rows, and what a mark refers to is in its own panel", () => {
  const panels = [0, 1, 2].map((i) => ({
    heading: `${i}`,
    marks: [lines({ x: [0, 1], y: [0, i] }), band({ y: [0, 1] }), rule({ x: 0 }, { label: "here" })],
  }));
  const figure = draw({ panels, columns: 2 });
  const { yaxis, yaxis3 } = axesOf(figure);
  assert.ok(yaxis.domain[0] > yaxis3.domain[1]);
  const bands = figure.layout.shapes as { xref: string; yref: string }[];
  assert.deepEqual(
    bands.map(({ xref, yref }) => [xref, yref]),
    [
      ["x domain", "y"],
      ["x2 domain", "y2"],
      ["x3 domain", "y3"],
    ],
  );
  assert.deepEqual(
    wordsOf(figure)
      .filter(({ text }) => text === "here")
      .map(({ xref }) => xref),
    ["x", "x2", "x3"],
  );
});

test("bars stand on zero, with room for their numbers", () => {
  const { xaxis } = axesOf(draw({ marks: [bars([{ name: "a", value: 10 }])] }));
  assert.deepEqual([xaxis.range[0], xaxis.range[1] > 11], [0, true]);
});
