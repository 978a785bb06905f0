import assert from "node:assert/strict";
import { test } from "node:test";
import { boxes } from "./boxes";
import { frame } from "./frame.fixture";
import type { Scale } from "./mark";
import { arrow, band, diagonal, note, rule } from "./rules";
import { timeline } from "./timeline";

const scale = (low: number, high: number): Scale => ({
  range: [low, high],
  log: false,
  pixels: 300,
  at: (value) => value,
});

test("a rule runs from end to end of its panel, at its value, and its words stand beside it", () => {
  const inPanel = frame({ x: scale(2, 8), y: scale(-0.5, 1.5) });
  const upright = rule({ x: 4 }, { name: "the truth" }).draw(inPanel);
  assert.deepEqual(
    [upright.traces![0].x, upright.traces![0].y],
    [
      [4, 4],
      [-0.5, 1.5],
    ],
  );
  assert.equal(upright.traces![0].name, "the truth");
  const level = rule({ y: 1 }, { label: "right" }).draw(inPanel);
  assert.deepEqual(
    [level.traces![0].x, level.traces![0].y],
    [
      [2, 8],
      [1, 1],
    ],
  );
  const { text, y, xref } = level.annotations![0];
  assert.deepEqual([text, y, xref, level.traces![0].showlegend], ["right", 1, "x domain", false]);
});

test("a band ends with the axis and names itself in the legend where it has a name", () => {
  const inPanel = frame({ x: scale(0, 100), y: scale(-10, 13) });
  const { shapes, traces } = band({ x: [92, 120] }, { name: "luck" }).draw(inPanel);
  assert.deepEqual([shapes![0].x0, shapes![0].x1, shapes![0].yref], [92, 100, "y domain"]);
  assert.equal(traces![0].name, "luck");
  const level = band({ y: [10, 13] }).draw(inPanel);
  assert.deepEqual([level.shapes![0].y0, level.shapes![0].y1, level.traces], [10, 13, []]);
});

test("words stand at the top of an upright band, in its middle", () => {
  const mark = band({ x: [80, 90] }, { label: "validation" });
  const { annotations } = mark.draw(frame({ x: scale(0, 100), y: scale(0, 60) }));
  const { text, x, y, yref } = annotations![0];
  assert.deepEqual([text, x, y, yref, mark.labelled], ["validation", 85, 0.99, "y domain", true]);
  assert.deepEqual(band({ x: [80, 90] }).draw(frame()).annotations, []);
});

test("the line of equals is drawn where both axes show it, and nowhere else", () => {
  const [line] = diagonal().draw(frame({ x: scale(0.2, 0.9), y: scale(0, 0.6) })).traces!;
  assert.deepEqual(
    [line.x, line.y],
    [
      [0.2, 0.6],
      [0.2, 0.6],
    ],
  );
  assert.deepEqual(diagonal().draw(frame({ x: scale(2, 3), y: scale(0, 1) })).traces, []);
});

test("words and arrows stand at points or in corners", () => {
  const { annotations } = note("flatter", { corner: "bottom right" }).draw(frame());
  const { xanchor, yanchor, x } = annotations![0];
  assert.deepEqual([xanchor, yanchor, x], ["right", "bottom", 0.99]);
  const tip = arrow([0, 0], [3, 4]).draw(frame()).annotations![0];
  assert.deepEqual([tip.x, tip.y, tip.ax, tip.ay], [3, 4, 0, 0]);
});

test("a timeline's rows are ordered by their first event; each has a line to its last", () => {
  const [line, dots] = timeline([[50, 95], [], [0, 25]]).draw(frame()).traces!;
  assert.deepEqual(
    [dots.x, dots.y],
    [
      [0, 25, 50, 95],
      [0, 0, 1, 1],
    ],
  );
  assert.deepEqual(
    [line.x, line.y],
    [
      [0, 25, null, 50, 95, null],
      [0, 0, null, 1, 1, null],
    ],
  );
});

test("a box holds quartiles, and its whiskers nine tenths: of 0 … 100", () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
  const mark = boxes([{ name: "b", values }]);
  const [box] = mark.draw(frame()).traces!;
  assert.deepEqual(
    [box.q1, box.median, box.q3, box.lowerfence, box.upperfence],
    [[25], [50], [75], [5], [95]],
  );
  assert.deepEqual([box.x, mark.columns], [[1], ["b"]]);
});
