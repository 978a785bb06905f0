import assert from "node:assert/strict";
import { test } from "node:test";
import { valueCurve } from "./valueCurve";

const steps = Array.from({ length: 20 }, (_, i) => i);
const draw = (y: number[]) =>
  valueCurve({
    lines: [{ name: "critic", x: steps, y }],
    lowestReward: -1,
    highestReward: 1,
    discount: 0.9,
    dataset: "invented",
  });

test("rewards in [-1, 1] and discount .9 allow values in [-10, 10]: the alarm begins there", () => {
  const shaded = (y: number[]) => {
    const shapes = draw(y).layout.shapes as { type: string; y0: number; y1: number }[];
    return shapes.filter(({ type }) => type === "rect");
  };
  const both = shaded([0, 1, -6]);
  assert.ok(Math.abs(both[0].y0 - 10) < 1e-9 && Math.abs(both[1].y1 + 10) < 1e-9);
  // Where no line comes near the floor only the ceiling is shown.
  const upper = shaded([0, 1, -4]);
  assert.ok(upper.length === 1 && Math.abs(upper[0].y0 - 10) < 1e-9);
});

test("the caption says who left the bounds, also when Q is no number any more", () => {
  assert.match(draw([0, 5, 9.9]).caption, /all critics stay within/);
  assert.match(draw([0, 5, 10.1]).caption, /critic left what rewards allow/);
  assert.match(draw([0, 5, -11]).caption, /critic left/);
  assert.match(draw([0, 5, Number.NaN]).caption, /critic left/);
});

test("a discount of 1 has no bound", () =>
  assert.throws(
    () => valueCurve({ lines: [], lowestReward: 0, highestReward: 1, discount: 1, dataset: "x" }),
    /requires a discount in \[0, 1\), got 1/,
  ));

test("a line that was cut on its way says so at its end, and in the caption keeps its name", () => {
  const rising = Array.from({ length: 20 }, (_, i) => i);
  const figure = draw(rising);
  assert.ok(figure.data.some(({ name }) => name === "critic (still rising)"));
  assert.match(figure.caption, /: critic left what rewards allow/);
});
