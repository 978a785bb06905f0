import assert from "node:assert/strict";
import { test } from "node:test";
import { circleDirections, shareOutsideArc } from "./circleDirections";

const about = {
  arc: [-10, 10] as const,
  pay: (degrees: number) => Math.sin(degrees),
  title: "t",
  dataset: "invented",
};

test("each circle has a ring, the logged arc and its own dots at their directions", () => {
  const figure = circleDirections({
    circles: [
      { heading: "near", directions: [0, 5] },
      { heading: "far", directions: [90, 0] },
    ],
    ...about,
  });
  type Trace = { name?: string; x: number[]; y: number[]; xaxis: string };
  const dots = (figure.data as unknown as Trace[]).filter((trace) => trace.name === "actions");
  assert.deepEqual(
    dots.map((trace) => trace.xaxis),
    ["x", "x2"],
  );
  assert.ok(Math.abs(dots[1]!.x[0]!) < 1e-12 && dots[1]!.y[0]! > 0.8);
  const log = (figure.data as unknown as Trace[]).find((trace) => trace.name === "the log")!;
  assert.ok(Math.abs(Math.atan2(log.y[0]!, log.x[0]!) + (10 * Math.PI) / 180) < 1e-12);
  assert.match(figure.caption, /near 0%, far 50%/);
  assert.throws(() => circleDirections({ circles: [], ...about }), /at least one circle/);
});

test("the ring at −20° has the colour of what −20° is paid, where pay does not repeat itself", () => {
  const figure = circleDirections({
    ...about,
    circles: [{ heading: "one", directions: [0] }],
    pay: (d) => d / 180,
  });
  type Ring = { x: number[]; y: number[]; marker: { color: number[] } };
  const ring = figure.data[0] as unknown as Ring;
  for (const [i, x] of ring.x.entries()) {
    const degrees = (Math.atan2(ring.y[i]!, x) * 180) / Math.PI;
    if (Math.abs(degrees) < 179) assert.ok(Math.abs(ring.marker.color[i]! - degrees / 180) < 1e-9);
  }
});

test("an arc may cross 180°", () => {
  assert.equal(shareOutsideArc([0, 90, 359], [-10, 10]), 1 / 3);
  assert.equal(shareOutsideArc([180, -175, 160, 0], [170, 190]), 1 / 2);
});
