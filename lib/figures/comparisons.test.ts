import assert from "node:assert/strict";
import { test } from "node:test";
import { bandedLines } from "./bandedLines";
import { learningCurves } from "./learningCurves";
import { rankingPlot } from "./rankingPlot";
import { retrievalSpeed } from "./retrievalSpeed";
import { similarityHeatmap } from "./similarityHeatmap";
import { slateProbabilities } from "./slateProbabilities";

const dataset = "invented";
type Trace = {
  name?: string;
  x: unknown[];
  y: unknown[];
};

test("ranking: best at the top, whiskers as long as the interval, diamonds where a reference is known", () => {
  const figure = rankingPlot({
    metric: "NDCG@10",
    rows: [
      { name: "b", mean: 0.2, lower: 0.1, upper: 0.4, kind: "agent", reference: 0.3 },
      { name: "a", mean: 0.5, lower: 0.4, upper: 0.6 },
    ],
    dataset,
  });
  const traces = figure.data as unknown as Trace[];
  assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["b", "a"]); // upwards
  const [whisker, , dot] = traces.filter((trace) => trace.name === "trained by reinforcement");
  assert.deepEqual([whisker.x, whisker.y, dot.x, dot.y], [[0.1, 0.4, null], [0, 0, null], [0.2], [0]]);
  const reference = traces.find(({ name }) => name === "another implementation")!;
  assert.deepEqual([reference.x, reference.y], [[0.3], [0]]);
  assert.match(figure.caption, /a is highest with 0\.5000 \[0\.4000, 0\.6000\]/);
  assert.throws(() => rankingPlot({ metric: "x", rows: [], dataset }), /at least one row/);
});

test("learning curves: one panel a measure, each agent once in the legend, the story in the caption", () => {
  const steps = [0, 100];
  const figure = learningCurves({
    curves: [
      { name: "plain", steps, measures: { ndcg: [0.05, 0.001], distinct: [900, 12] } },
      { name: "held", steps, measures: { ndcg: [0.05, 0.06] } },
    ],
    measures: { ndcg: "NDCG@10", distinct: "distinct items" },
    dataset,
  });
  const traces = figure.data as { name: string; xaxis: string; showlegend: boolean }[];
  assert.deepEqual(
    traces.map(({ name, xaxis, showlegend }) => [name, xaxis, showlegend]),
    [
      ["plain", "x", true],
      ["held", "x", true],
      ["plain", "x2", false],
    ],
  );
  assert.equal(figure.caption, "NDCG@10: plain from 0.05 to 0.001; held from 0.05 to 0.06.");
});

test("bands: an edge below, an edge above filled down to it, then the line", () => {
  const line = { name: "a", x: [0, 1], y: [1, 2], lower: [0, 1], upper: [2, 3] };
  const figure = bandedLines({ lines: [line], x: "x", y: "y", title: "T", caption: "C", dataset });
  const fills = figure.data.map((trace) => trace.fill);
  assert.deepEqual(fills, [undefined, "tonexty", undefined]);
});

test("lines: places can have names, and the upright axis can start at zero", () => {
  const about = { x: "x", y: "y", title: "T", caption: "C", dataset };
  const lines = [{ name: "a", x: [1, 2], y: [5, 6] }];
  const named = bandedLines({ lines, ticks: ["Emma", "Dune"], fromZero: true, ...about }).layout;
  const { tickvals, ticktext } = named.xaxis as { tickvals: unknown; ticktext: unknown };
  assert.deepEqual(
    [tickvals, ticktext],
    [
      [1, 2],
      ["Emma", "Dune"],
    ],
  );
  const floorOf = ({ yaxis }: typeof named): number => (yaxis as { range: [number, number] }).range[0];
  assert.ok(floorOf(named) <= 0 && floorOf(named) > -0.1);
  assert.ok(floorOf(bandedLines({ lines, ...about }).layout) > 4.5);
});

test("similarities need a square", () => {
  assert.throws(
    () => similarityHeatmap({ similarities: [1, 0, 0], labels: ["a", "b"], dataset }),
    /requires 2 × 2 similarities for 2 labels, got 3/,
  );
  const [map] = similarityHeatmap({ similarities: [1, 0.5, 0.25, 1], labels: ["a", "b"], dataset }).data;
  assert.deepEqual(map.z, [
    [1, 0.5],
    [0.25, 1],
  ]);
});

test("similarities: neighbours of one group share a frame, and negative cosines a scale on both sides", () => {
  const labels = ["a", "b", "c"];
  const similarities = [1, 0.9, 0.1, 0.9, 1, 0.1, 0.1, 0.1, 1];
  const figure = similarityHeatmap({ similarities, labels, groups: ["x", "x", "y"], dataset });
  const frames = figure.layout.shapes as { x0: number; x1: number; y0: number; y1: number }[];
  assert.deepEqual(
    frames.map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1]),
    [[-0.5, 1.5, 0.5, 2.5]], // the first row is at the top
  );
  assert.deepEqual([figure.data[0].zmin, figure.data[0].zmax], [0, 1]);
  const opposite = similarityHeatmap({ similarities: [1, -1, -1, 1], labels: ["a", "b"], dataset });
  assert.deepEqual([opposite.data[0].zmin, opposite.layout.shapes], [-1, []]);
});

test("a list: places are kept, what was read next stands out", () => {
  const figure = slateProbabilities({ titles: ["a", "b"], probabilities: [0.6, 0.4], marked: [1], dataset });
  const traces = figure.data as unknown as Trace[];
  assert.deepEqual(
    traces.map(({ name, x, y }) => [name, x, y]),
    [
      ["in the list", [60], [1]],
      ["read next", [40], [0]],
    ],
  );
  assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["2. b", "1. a"]);
  const numbers = figure.layout.annotations as { x: number; y: number }[];
  assert.deepEqual(
    numbers.map(({ x, y }) => [x, y]),
    [
      [60, 1],
      [40, 0],
    ],
  );
});

test("a list: its numbers stand beyond the bar and what was drawn", () => {
  const figure = slateProbabilities({
    titles: ["a", "b"],
    probabilities: [0.6, 0.4],
    drawn: [0.7, 0.3],
    dataset,
  });
  const numbers = figure.layout.annotations as { x: number; text: string }[];
  assert.deepEqual(
    numbers.map(({ x, text }) => [x, text.trim()]),
    [
      [70, "60.0%"],
      [40, "40.0%"],
    ],
  );
});

test("retrieval: exact and approximate searches are told apart", () => {
  const rows = [
    { name: "scan", microseconds: 1234, recall: 1 },
    { name: "graph", microseconds: 80, recall: 0.97 },
  ];
  const figure = retrievalSpeed({ rows, dataset });
  assert.deepEqual(
    figure.data.map(({ name, x }) => [name, x]),
    [
      ["exact", [1234]],
      ["approximate", [80]],
    ],
  );
  assert.deepEqual(
    (figure.layout.annotations as { text: string }[]).map(({ text }) => text),
    ["scan<br>1.2 ms", "graph<br>80 µs"],
  );
  assert.match(figure.caption, /graph is fastest with 80 µs a query and finds 97\.0%/);
});
