import assert from "node:assert/strict";
import { test } from "node:test";
import { groupedMarks } from "./groupedMarks";

test("one trace a group, whiskers around the means, first mark at the top", () => {
  const figure = groupedMarks({
    marks: [
      { name: "past", group: "honest", mean: 0.03, lower: 0.02, upper: 0.05 },
      { name: "future", group: "peeking", mean: 0.2, lower: 0.1, upper: 0.4 },
    ],
    metric: "NDCG@10",
    title: "Bestsellers",
    dataset: "invented",
  });
  assert.deepEqual(
    figure.data.map((trace) => trace.name),
    ["honest", "peeking"],
  );
  const whiskers = figure.data[1].error_x as { array: number[]; arrayminus: number[] };
  assert.ok(Math.abs(whiskers.array[0] - 0.2) < 1e-12 && Math.abs(whiskers.arrayminus[0] - 0.1) < 1e-12);
  assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["future", "past"]);
  assert.match(figure.caption, /"future" is highest with 0\.2000/);
  assert.throws(
    () => groupedMarks({ marks: [], metric: "x", title: "x", dataset: "x" }),
    /at least one mark, got none/,
  );
});
