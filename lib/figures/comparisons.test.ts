import assert from "node:assert/strict";
import { test } from "node:test";
import { learningCurves } from "./learningCurves";
import { rankingPlot } from "./rankingPlot";

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
