import assert from "node:assert/strict";
import { test } from "node:test";
import { estimatesBesideTruth } from "./estimatesBesideTruth";

type Trace = { name: string; mode: string; xaxis: string; showlegend: boolean; x: number[]; y: number[] };

const marks = [
  { name: "IPS", value: 0.3, lower: 0.2, upper: 0.4 },
  { name: "DM", value: 0.1, lower: 0.05, upper: 0.15 },
];
const panels = [
  { heading: "near", note: "n_e = 900", truth: 0.4, marks },
  { heading: "far", truth: 0.15, marks },
];
const about = { metric: "reward a round", title: "T", dataset: "invented" };

test("what holds the truth is told from what misses it; the ends of an interval belong to it", () => {
  const figure = estimatesBesideTruth({ panels, ...about });
  const points = (figure.data as unknown as Trace[]).filter(
    ({ mode, x, name }) => mode === "markers" && x.length === 1 && name !== "the truth",
  );
  assert.deepEqual(
    points.map(({ name, xaxis, x, y, showlegend }) => [name, xaxis, x[0], y[0], showlegend]),
    [
      ["interval holds the truth", "x", 0.3, 1, true],
      ["misses it", "x", 0.1, 0, true],
      ["interval holds the truth", "x2", 0.1, 0, false],
      ["misses it", "x2", 0.3, 1, false],
    ],
  );
  assert.equal(figure.caption, "2 of 4 intervals hold the truth; missed by DM (near); IPS (far).");
});

test("the truth is a line from bottom to top of its own panel, on one scale for all", () => {
  const figure = estimatesBesideTruth({ panels, ...about });
  const lines = (figure.data as unknown as Trace[]).filter(({ name }) => name === "the truth");
  assert.deepEqual(
    lines.map(({ xaxis, x, y }) => [xaxis, x, y]),
    [
      ["x", [0.4, 0.4], [-0.5, 1.5]],
      ["x2", [0.15, 0.15], [-0.5, 1.5]],
    ],
  );
  const { xaxis, xaxis2, yaxis } = figure.layout as Record<string, { range: number[]; ticktext: string[] }>;
  assert.deepEqual(xaxis!.range, xaxis2!.range);
  assert.ok(xaxis!.range[0]! < 0.05 && xaxis!.range[1]! > 0.4);
  assert.deepEqual(yaxis!.ticktext, ["IPS", "DM"]);
});

test("a truth that was measured is a stripe, and what meets it does not miss", () => {
  const measured = (truthRange: [number, number]) =>
    estimatesBesideTruth({
      ...{ ...about, truthName: "a trial" },
      panels: [{ heading: "one log", truth: 0.45, truthRange, marks }],
    });
  const figure = measured([0.38, 0.52]);
  assert.match(figure.caption, /^1 of 2 intervals meet a trial; missed by DM/);
  assert.match(measured([0.42, 0.48]).caption, /^0 of 2/);
  const shapes = figure.layout.shapes as { x0: number; x1: number; xref: string }[];
  assert.deepEqual(
    shapes.filter(({ xref }) => xref === "x").map(({ x0, x1 }) => [x0, x1]),
    [[0.38, 0.52]],
  );
  assert.ok(figure.data.some(({ name }) => name === "a trial"));
  assert.ok((figure.layout.xaxis as { range: number[] }).range[1]! > 0.52);
});

test("without a truth there is no line and no judgement", () => {
  const figure = estimatesBesideTruth({ panels: [{ heading: "a log", marks }], ...about, range: [0, 1] });
  assert.ok(figure.data.every(({ name }) => name !== "the truth" && name !== "misses it"));
  assert.equal(figure.layout.showlegend, false);
  assert.match(figure.caption, /the truth is not known/);
  assert.deepEqual((figure.layout.xaxis as { range: number[] }).range, [0, 1]);
  assert.throws(() => estimatesBesideTruth({ panels: [], ...about }), /at least one panel with estimates/);
});
