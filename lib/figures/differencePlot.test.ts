import assert from "node:assert/strict";
import { test } from "node:test";
import { differencePlot } from "./differencePlot";

test("differences: furthest ahead at the top, what is shown is counted, one colour a kind", () => {
  const figure = differencePlot({
    rows: [
      { name: "behind", kind: "baseline", mean: -0.02, lower: -0.03, upper: -0.01 },
      { name: "ahead", kind: "agent", mean: 0.02, lower: 0.01, upper: 0.03 },
      { name: "alike", kind: "control", mean: 0.001, lower: -0.004, upper: 0.006 },
    ],
    from: "RecentPop",
    metric: "NDCG@10",
    dataset: "invented",
  });
  const rows = (figure.layout.yaxis as { ticktext: string[] }).ticktext; // upwards
  assert.deepEqual(rows, ["behind", "alike", "ahead"]);
  assert.match(
    figure.caption,
    /^1 of 3 methods are shown to be ahead of RecentPop in NDCG@10, 1 behind; of 1 /,
  );
  assert.match((figure.layout.title as { text: string }).text, /1 of 3 methods beat RecentPop/);
  const named = (figure.data as unknown as { name?: string }[]).map(({ name }) => name);
  for (const name of ["trained by reinforcement", "critic off", "baseline"])
    assert.ok(named.includes(name), name);
  assert.throws(
    () => differencePlot({ rows: [], from: "x", metric: "x", dataset: "invented" }),
    /at least one row/,
  );
});
