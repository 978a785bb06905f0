import assert from "node:assert/strict";
import { test } from "node:test";
import { densityCurves } from "./densityCurves";

const x = [0, 1, 2];
const flat = { name: "flat", x, y: [0, 1, 0] };
const other = { name: "other", x, y: [0.5, 0.5, 1] };
const spike = { name: "spike", x, y: [1, 9, 1] };
const about = { x: "error", title: "Errors", caption: "Three curves.", dataset: "toy" };
const heights = (figure: ReturnType<typeof densityCurves>, name: string) =>
  figure.data.find((trace) => trace.name === name)!.y as number[];
const words = (figure: ReturnType<typeof densityCurves>): string =>
  (figure.layout.annotations as { text: string }[]).map(({ text }) => text).join("; ");

test("a spike is cut at twice the middle height, which the picture and the caption say; no plateau is drawn", () => {
  const figure = densityCurves({ curves: [flat, other, spike], ...about });
  assert.deepEqual(heights(figure, "spike"), [1, 2, Number.NaN, 2, 1]);
  const places = figure.data.find((trace) => trace.name === "spike")!.x as number[];
  assert.deepEqual(places, [0, 0.125, 1, 1.875, 2]); // an eighth of the way from 1 to 9 is 2
  assert.deepEqual(heights(figure, "flat"), [0, 1, 0]);
  assert.match(words(figure), /cut here/);
  assert.match(words(figure), /▲ spike: up to 9/);
  assert.equal(figure.caption, "Three curves. Cut at 2: spike (up to 9).");
});

test("curves of like heights are drawn whole, and nothing is said; a cut of one's own is kept", () => {
  const whole = densityCurves({ curves: [flat, other], ...about });
  assert.doesNotMatch(words(whole), /cut/);
  assert.equal(whole.caption, "Three curves.");
  const own = densityCurves({ curves: [flat, other], cutAt: 0.75, ...about });
  assert.match(own.caption, /Cut at 0.75: flat \(up to 1\), other \(up to 1\)/);
  assert.throws(() => densityCurves({ curves: [], ...about }), /at least one curve/);
});
