import assert from "node:assert/strict";
import { test } from "node:test";
import { cutIntervals, robustRange } from "./intervals";

type Trace = {
  mode: string;
  x: (number | null)[];
  y: (number | null)[];
  text?: string[];
  marker: { symbol: unknown };
};

const about = (value: number, half: number) => ({ value, lower: value - half, upper: value + half });
const close = (seen: readonly number[], wanted: readonly number[]): void =>
  seen.forEach((value, i) => {
    assert.ok(Math.abs(value - wanted[i]) < 1e-12, `${seen} is not ${wanted}`);
  });

test("the range holds intervals of a kind whole, and does not stretch for one that is many times wider", () => {
  close(robustRange([about(1, 1)]), [-0.12, 2.12]);
  close(robustRange([about(1, 1)], [5]), [-0.3, 5.3]); // the truth is always seen
  const usual = [about(1, 0.1), about(1, 0.1), about(1.1, 0.1), about(0.9, 0.1)];
  const [low, high] = robustRange([...usual, about(4, 50)], [1]);
  assert.ok(low > 0 && high < 2, `${low} to ${high}`);
  const [, whole] = robustRange([...usual, about(1.5, 0.3)], [1]);
  assert.ok(whole > 1.8, `${whole}`); // a little wider is not cut
  assert.ok(robustRange([about(3, 0)])[0] < 3); // a range even where all is one number
  assert.throws(() => robustRange([about(Number.NaN, 1)]), /requires a finite value/);
});

test("a whisker ends in a bar where it ends, and in an arrowhead where it is cut off", () => {
  const traces = cutIntervals(
    [about(1, 0.5), about(1, 9), { value: 1.5, lower: -3, upper: 1.8 }],
    [2, 1, 0],
    {
      ...{ range: [0, 2] as const, colour: "#000000" },
    },
  ) as unknown as Trace[];
  assert.deepEqual(traces[0].x, [0.5, 1.5, null, 0, 2, null, 0, 1.8, null]);
  assert.deepEqual(traces[0].y, [2, 2, null, 1, 1, null, 0, 0, null]);
  const ends = traces[1];
  assert.deepEqual(
    ends.x.map((x, i) => [x, ends.y[i], (ends.marker.symbol as string[])[i]]),
    [
      [0.5, 2, "line-ns-open"],
      [1.5, 2, "line-ns-open"],
      [0, 1, "triangle-left"],
      [2, 1, "triangle-right"],
      [1.8, 0, "line-ns-open"],
      [0, 0, "triangle-left"],
    ],
  );
  assert.deepEqual(traces[2].x, [1, 1, 1.5]);
  assert.equal(traces.length, 3);
});

test("a value outside stands at its edge with its number, and what is no number is left out", () => {
  const marks = [about(-4, 5), about(7, 1), about(Number.NaN, 1)];
  const traces = cutIntervals(marks, [2, 1, 0], { range: [0, 2], colour: "#000000" }) as unknown as Trace[];
  assert.deepEqual(traces[0].x, [0, 1, null]); // of the second nothing lies within
  assert.deepEqual(traces[2].x, []);
  const beyond = traces.slice(3).filter(({ mode }) => mode === "markers");
  assert.deepEqual(
    beyond.map(({ x, y, marker }) => [x, y, marker.symbol]),
    [
      [[0], [2], "triangle-left-open"],
      [[2], [1], "triangle-right-open"],
    ],
  );
  assert.deepEqual(
    traces.slice(3).flatMap(({ mode, text }) => (mode === "text" ? text!.map((each) => each.trim()) : [])),
    ["at −4", "at 7"],
  );
});
