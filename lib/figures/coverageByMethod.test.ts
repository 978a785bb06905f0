import assert from "node:assert/strict";
import { test } from "node:test";
import { coverageByMethod, luckOf } from "./coverageByMethod";

type Trace = { name: string; xaxis: string; x: number[]; y: number[]; marker: { symbol: string[] } };
type Shape = { xref: string; x0: number; x1: number; fillcolor?: string };

const row = (name: string, held: Record<string, number>, runs = 200) => ({
  name,
  points: Object.entries(held).map(([method, count]) => ({ method, held: count, runs })),
});
const panels = [
  { heading: "users", rows: [row("IPS", { t: 150, BCa: 190 }), row("DM", { t: 10, BCa: 30 })] },
  { heading: "rounds", rows: [row("IPS", { t: 188 }, 2000)] },
];
const about = { title: "T", dataset: "invented" };

test("luck: the middle 95% of the binomial distribution", () => {
  assert.deepEqual(luckOf(1, 0.5), [0, 1]);
  // 10 tosses: P(X ≤ 1) = 11/1024 = .0107, P(X ≤ 2) = 56/1024 = .0547
  assert.deepEqual(luckOf(10, 0.5), [2, 8]);
  // P(X ≤ 183) = .0238 and P(X ≤ 184) = .0444 for 200 trials at .95, P(X ≤ 195) = .9737 and P(X ≤ 196) = .9910
  assert.deepEqual(luckOf(200), [184, 196]);
  const [low, high] = luckOf(100_000);
  assert.ok(Math.abs((low + high) / 2 - 95_000) < 5 && Math.abs(high - low - 270) < 4);
});

test("coverage in percent, a height of its own for each method, numbers where the axis is too short", () => {
  const figure = coverageByMethod({ panels, ...about });
  const traces = figure.data as unknown as Trace[];
  const [t] = traces.filter(({ name, xaxis }) => name === "t" && xaxis === "x");
  const [bca] = traces.filter(({ name, xaxis }) => name === "BCa" && xaxis === "x");
  assert.deepEqual(
    [t!.x, bca!.x],
    [
      [75, 60],
      [95, 60],
    ],
  );
  assert.deepEqual(t!.marker.symbol, ["circle", "triangle-left-open"]);
  assert.ok(t!.y[0]! > 1 && bca!.y[0]! < 1 && t!.y[0]! < 1.5 && bca!.y[0]! > 0.5);
  const texts = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
  assert.ok(texts.includes("5 to 15%"));
  // Of the five kinds only BCa of IPS (95%) is within luck.
  assert.match(figure.caption, /^4 of 5 kinds .* t intervals of DM \(users\) with 5\.0%\.$/);
});

test("the stripe is as wide as luck is with as many logs as the panel has", () => {
  const shapes = coverageByMethod({ panels, ...about }).layout.shapes as Shape[];
  const green = shapes.filter(({ fillcolor }) => fillcolor?.startsWith("rgba(0,158"));
  assert.deepEqual(
    green.map(({ xref, x0, x1 }) => [xref, x0, x1]),
    [
      ["x", 92, 98],
      ["x2", ...luckOf(2000).map((count) => count / 20)],
    ],
  );
  const lines = (coverageByMethod({ panels, ...about, level: 0.9 }).data as unknown as Trace[]).slice(0, 2);
  assert.deepEqual(
    lines.map(({ x, y }) => [x, y]),
    [
      [
        [90, 90],
        [-0.5, 1.5],
      ],
      [
        [90, 90],
        [-0.5, 1.5],
      ],
    ],
  );
  assert.throws(() => coverageByMethod({ panels: [], ...about }), /at least one panel with points/);
});
