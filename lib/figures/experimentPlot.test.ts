import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExperimentMark, experimentPlot } from "./experimentPlot";

const around = (mean: number) => ({ mean, lower: mean - 0.1, upper: mean + 0.2 });
type Trace = {
  name: string;
  xaxis: string;
  x: number[];
  y: number[];
};

test("an experiment: best at the top, and beside each agent its two differences with their whiskers", () => {
  const rows: ExperimentMark[] = [
    { name: "ease", kind: "baseline", value: around(0.5), reference: 0.6 },
    { name: "td3", kind: "agent", value: around(0.3), fromStart: around(-0.05) },
    { name: "ddpg", kind: "agent", value: around(0.4), fromStart: around(0.15), fromControl: around(0.01) },
    { name: "ddpg, critic off", kind: "control", value: around(0.2), fromStart: around(0) },
  ];
  const figure = experimentPlot({ rows, metric: "NDCG@10", dataset: "invented" });
  const all = (name: string) => (figure.data as unknown as Trace[]).filter((trace) => trace.name === name);
  /** A series is drawn as its whiskers, their ends and its dots. */
  const of = (name: string) => all(name).at(-1)!;
  assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, [
    "ddpg, critic off",
    "td3",
    "ddpg",
    "ease",
  ]);
  assert.deepEqual(
    [of("trained by reinforcement").x, of("trained by reinforcement").y],
    [
      [0.4, 0.3],
      [2, 1],
    ],
  );
  assert.deepEqual(of("another implementation").x, [0.6]);
  const start = of("from its own step 0");
  assert.deepEqual([start.x, start.xaxis], [[0.15, -0.05, 0], "x2"]); // from the best method down
  const [whiskers] = all("from its own step 0");
  assert.ok(Math.abs(whiskers.x[0] - 0.05) < 1e-12 && Math.abs(whiskers.x[1] - 0.35) < 1e-12);
  assert.deepEqual(of("from the same run, critic off").x, [0.01]);
  assert.ok(Math.abs(of("from the same run, critic off").y[0] - 2) < 0.5, "beside its own row");
  assert.match(
    figure.caption,
    /ease is highest with 0\.5000.*Surely better than what they started as: ddpg\./,
  );
  assert.throws(() => experimentPlot({ rows: [], metric: "x", dataset: "d" }), /at least one row/);
});

test("without agents there is one panel and nothing is said to have been added", () => {
  const rows: ExperimentMark[] = [{ name: "ease", kind: "baseline", value: around(0.5) }];
  const figure = experimentPlot({ rows, metric: "NDCG@10", dataset: "invented" });
  assert.equal(figure.layout.xaxis2, undefined);
  assert.match(figure.caption, /None of them learned by reinforcement/);
});
