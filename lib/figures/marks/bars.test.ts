import assert from "node:assert/strict";
import { test } from "node:test";
import { bars, columns, histogram } from "./bars";
import { frame } from "./frame.fixture";

test("one trace a group, whiskers around the means, numbers beyond the whiskers", () => {
  const mark = bars([
    { name: "a", group: "honest", mean: 0.03, lower: 0.02, upper: 0.05 },
    { name: "b", group: "peeking", mean: -0.2, lower: -0.3, upper: -0.1 },
  ]);
  const { traces = [], annotations = [] } = mark.draw(frame());
  assert.deepEqual(
    traces.map(({ name, x, y }) => [name, x, y]),
    [
      ["honest", [0.03], [2]],
      ["peeking", [-0.2], [1]],
    ],
  );
  const whisker = traces[1].error_x as { array: number[]; arrayminus: number[] };
  assert.ok(Math.abs(whisker.array[0] - 0.1) < 1e-12 && Math.abs(whisker.arrayminus[0] - 0.1) < 1e-12);
  assert.deepEqual(
    annotations.map(({ x, text }) => [x, text]),
    [
      [0.05, ".030"],
      [0, "−.200"], // a number never stands on its bar
    ],
  );
});

test("bars without intervals have no whiskers, and may be written and coloured otherwise", () => {
  const rows = [{ name: "a", group: "marked", value: 60 }];
  const { traces, annotations } = bars(rows, {
    ...{ write: (value) => `${value}%`, beyond: [70], colours: { marked: "#E69F00" } },
  }).draw(frame());
  assert.equal(traces![0].error_x, undefined);
  assert.deepEqual((traces![0].marker as { color: string }).color, "#E69F00");
  assert.deepEqual([annotations![0].x, annotations![0].text], [70, "60%"]);
});

test("few values get a column each, many are binned, and all columns add up to all values", () => {
  const [few] = histogram([0, 1, 1, 1]).draw(frame()).traces!;
  assert.deepEqual(
    [few.x, few.y],
    [
      [0, 1],
      [25, 75],
    ],
  );
  const many = Float64Array.from({ length: 1000 }, (_, i) => i / 999);
  const [binned] = histogram(many).draw(frame()).traces!;
  assert.equal((binned.x as number[]).length, 25);
  assert.ok(Math.abs((binned.y as number[]).reduce((sum, share) => sum + share, 0) - 100) < 1e-9);
});

test("words stand above the columns of values that have their own, in percent", () => {
  const [trace] = histogram([5, 4, 4, 1], { labelled: true }).draw(frame()).traces!;
  assert.deepEqual(
    [trace.x, trace.y, trace.text],
    [
      [1, 4, 5],
      [25, 50, 25],
      ["25.0%", "50.0%", "25.0%"],
    ],
  );
});

test("bins by doubling: every number from 1 is in one bin, whose text holds it", () => {
  const numbers = [1, 2, 3, 4, 8, 8, 100, 0];
  const [trace] = histogram(numbers, { perDoubling: 3, counted: true }).draw(frame()).traces!;
  const [heights, texts] = [trace.y as number[], trace.customdata as string[]];
  assert.equal(
    heights.reduce((sum, n) => sum + n, 0),
    7,
  );
  for (const number of numbers.filter((n) => n > 0)) {
    const bin = texts.findIndex((text) => {
      const [low, high] = text.split(/ to |:/).map(Number);
      return low <= number && number <= high;
    });
    assert.ok(heights[bin] > 0, `${number} in ${texts[bin]}`);
  }
});

test("columns keep their places, widths and words", () => {
  const mark = columns({
    x: [1, 4],
    heights: [20, 30],
    widths: [1, 2],
    labels: ["20%", "30%"],
    text: ["one", "four"],
  });
  const [trace] = mark.draw(frame()).traces!;
  assert.deepEqual(
    [trace.x, trace.y, trace.width],
    [
      [1, 4],
      [20, 30],
      [1, 2],
    ],
  );
  assert.deepEqual(
    [trace.text, trace.customdata],
    [
      ["20%", "30%"],
      ["one", "four"],
    ],
  );
  assert.deepEqual([mark.x, mark.base], [[0.5, 1.5, 3, 5], "y"]);
});
