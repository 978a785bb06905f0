import assert from "node:assert/strict";
import { test } from "node:test";
import { rowPanels } from "./rowPanels";

const input = {
  headings: [
    { heading: "near", note: "n = 10" },
    { heading: "a heading of very many words that needs several lines" },
  ],
  rows: ["first", "second", "third"],
  xTitle: "reward",
  x: [{ range: [0, 1] }, { range: [0, 2] }],
  rowHeight: 30,
  legend: ["a", "b"],
};

test("the first name is at the top of every panel and written at the left only", () => {
  const { layout, placeOf, upright } = rowPanels(input);
  assert.deepEqual(
    [...placeOf],
    [
      ["first", 2],
      ["second", 1],
      ["third", 0],
    ],
  );
  assert.deepEqual(upright, [-0.5, 2.5]);
  const { yaxis, yaxis2, xaxis2 } = layout as Record<
    string,
    { tickvals: number[]; showticklabels: boolean; range: number[] }
  >;
  assert.deepEqual(yaxis!.tickvals, [2, 1, 0]);
  assert.deepEqual([yaxis!.showticklabels, yaxis2!.showticklabels], [true, false]);
  assert.deepEqual(xaxis2!.range, [0, 2]);
});

test("stripes lie behind every other row of each panel, lines between rows where it is ruled", () => {
  const heights = (ruled: boolean) =>
    rowPanels({ ...input, ruled }).layout.shapes.map(({ xref, y0, y1 }) => [xref, y0, y1]);
  assert.deepEqual(heights(false), [
    ["x domain", 1.5, 2.5],
    ["x domain", -0.5, 0.5],
    ["x2 domain", 1.5, 2.5],
    ["x2 domain", -0.5, 0.5],
  ]);
  assert.deepEqual(heights(true).slice(0, 2), [
    ["x domain", 1.5, 1.5],
    ["x domain", 0.5, 0.5],
  ]);
});

test("a figure grows with its rows, its headings and its legend", () => {
  const usual = rowPanels(input);
  assert.equal(rowPanels({ ...input, rows: [...input.rows, "fourth"] }).height, usual.height + 30);
  assert.ok(rowPanels({ ...input, legend: [] }).height < usual.height);
  assert.ok(
    rowPanels({ ...input, headings: [{ heading: "near" }, { heading: "far" }] }).height < usual.height,
  );
  assert.match(String(usual.layout.annotations[0]!.text), /^<b>near<\/b><br><span .*>n = 10<\/span>$/);
});
