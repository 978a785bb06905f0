import assert from "node:assert/strict";
import { test } from "node:test";
import { policyPanels, spreadApart } from "./policyPanels";

type Whisker = { array: number[]; arrayminus: number[]; visible: boolean };
type Trace = {
  name?: string;
  mode: string;
  xaxis: string;
  x: number[];
  y: number[];
  error_x: Whisker;
  error_y: Whisker;
};

const panels = [
  {
    ...{ heading: "ranking: ρ = −1", xLabel: "NDCG@10" },
    points: [
      { name: "a", x: 0.1, y: 0.4, error: 0.01 },
      { name: "b", x: 0.2, y: 0.3 },
    ],
  },
  {
    ...{ heading: "estimate: ρ = 1", xLabel: "reward a step", equals: true },
    points: [
      { name: "b", x: 0.32, y: 0.3, lower: 0.2, upper: 0.5 },
      { name: "a", x: 0.41, y: 0.4 },
    ],
  },
];
const about = { yLabel: "true value", title: "T", dataset: "invented" };

test("a policy has one colour and symbol in all panels, whatever their order, and its interval lies across", () => {
  const figure = policyPanels({ panels, ...about });
  const dots = (figure.data as unknown as (Trace & { marker: { color: string; symbol: string } })[]).filter(
    ({ mode }) => mode === "markers",
  );
  assert.deepEqual(
    dots.map(({ name, xaxis, x, y }) => [name, xaxis, x[0], y[0]]),
    [
      ["a", "x", 0.1, 0.4],
      ["b", "x", 0.2, 0.3],
      ["b", "x2", 0.32, 0.3],
      ["a", "x2", 0.41, 0.4],
    ],
  );
  assert.deepEqual(dots[0]!.marker, dots[3]!.marker);
  assert.notEqual(dots[0]!.marker.symbol, dots[1]!.marker.symbol);
  const { array, arrayminus, visible } = dots[2]!.error_x;
  assert.ok(Math.abs(array[0]! - 0.18) < 1e-12 && Math.abs(arrayminus[0]! - 0.12) < 1e-12 && visible);
  assert.deepEqual([dots[0]!.error_y.array, dots[0]!.error_y.visible], [[0.01], true]);
  assert.deepEqual([dots[0]!.error_x.visible, dots[1]!.error_y.visible], [false, false]);
});

test("one upright scale, and the line of equals only where both axes are the same quantity", () => {
  const figure = policyPanels({ panels, ...about });
  const { yaxis, yaxis2, xaxis2 } = figure.layout as Record<string, { range: number[] }>;
  assert.deepEqual(yaxis!.range, yaxis2!.range);
  assert.ok(yaxis!.range[0]! < 0.3 && yaxis!.range[1]! > 0.41);
  assert.ok(xaxis2!.range[0]! < 0.2 && xaxis2!.range[1]! > 0.5);
  const lines = (figure.data as unknown as Trace[]).filter(({ mode }) => mode === "lines");
  assert.deepEqual(
    lines.map(({ xaxis }) => xaxis),
    ["x2"],
  );
  assert.deepEqual(lines[0]!.x, lines[0]!.y);
  assert.throws(() => policyPanels({ panels: [], ...about }), /at least one panel with policies, got none/);
});

test("names at the right are moved apart, in the order of their heights", () => {
  assert.deepEqual(spreadApart([10, 12], { least: 6, most: 100 }), [10, 16]);
  assert.deepEqual(spreadApart([12, 10, 50], { least: 6, most: 100 }), [16, 10, 50]);
  assert.deepEqual(spreadApart([95, 96, 97], { least: 6, most: 100 }), [88, 94, 100]);
  assert.deepEqual(spreadApart([5, 5], { least: 6, most: 100 }), [5, 11]);
});
