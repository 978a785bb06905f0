import assert from "node:assert/strict";
import { test } from "node:test";
import { dots, inGroups } from "./dots";
import { frame } from "./frame.fixture";

type Marker = { symbol: unknown; color: unknown; cmin: number; cmax: number };

test("dots stand where they are, with whiskers to the ends of their intervals", () => {
  const mark = dots({
    name: "b",
    x: [0.32],
    y: [0.3],
    xLower: [0.2],
    xUpper: [0.5],
    yLower: [0.25],
    yUpper: [0.35],
  });
  const [trace] = mark.draw(frame()).traces!;
  assert.deepEqual([trace.x, trace.y, (trace.marker as Marker).symbol], [[0.32], [0.3], "square"]);
  const { array, arrayminus } = trace.error_x as { array: number[]; arrayminus: number[] };
  assert.ok(Math.abs(array[0] - 0.18) < 1e-12 && Math.abs(arrayminus[0] - 0.12) < 1e-12);
  assert.ok(Math.abs((trace.error_y as { array: number[] }).array[0] - 0.05) < 1e-12);
  assert.deepEqual(mark.x, [0.32, 0.2, 0.5]); // the axis shows the whole whisker
});

test("numbers become colours: each dot keeps its own", () => {
  const colours = { scale: [[0, "#FFFFFF"]] as const, range: [-1, 1] as const };
  const { marker } = dots({ x: [0, 1], y: [0, 1], colour: Float64Array.of(-0.5, 0.5), colours }).draw(frame())
    .traces![0];
  const { color, cmin, cmax } = marker as Marker;
  assert.deepEqual([color, cmin, cmax], [[-0.5, 0.5], -1, 1]);
});

test("in rows, what lies outside of the axis stands at its edge, open, with its number; methods share a row", () => {
  const write = (value: number): string => `${value}%`;
  const mark = dots([
    { name: "t", x: [0.5, 5], y: ["a", "b"], lift: 0.2, write },
    { name: "BCa", x: [0.7, -3], y: ["a", "b"], lift: -0.2, write },
  ]);
  const [t, ofT, bca, ofBca] = mark.draw(frame()).traces!;
  assert.deepEqual(
    [t.x, t.y],
    [
      [0.5, 1],
      [2.2, 1.2],
    ],
  );
  assert.deepEqual(
    [bca.x, bca.y],
    [
      [0.7, 0],
      [1.8, 0.8],
    ],
  );
  assert.deepEqual((t.marker as Marker).symbol, ["square", "triangle-right-open"]);
  assert.deepEqual((bca.marker as Marker).symbol, ["square", "triangle-left-open"]);
  assert.deepEqual(
    [ofT, ofBca].map((one) => (one.text as string[])[0].trim()),
    ["5%", "-3%"],
  );
  assert.deepEqual(mark.rows, ["a", "b"]);
});

test("labels of the same point do not cover each other, also across series", () => {
  const many = Array.from({ length: 3 }, () => ({
    x: [0.5, 0.5],
    y: [0.5, 0.5],
    labels: ["a title", undefined],
  }));
  const places = dots(many).draw(frame()).annotations as { ax: number; ay: number; text: string }[];
  assert.equal(places.length, 3);
  const width = 7 * 6.6;
  for (const [i, a] of places.entries())
    for (const b of places.slice(i + 1))
      assert.ok(
        Math.abs(a.ax - b.ax) >= width || Math.abs(a.ay - b.ay) >= 17,
        `${a.ax},${a.ay} and ${b.ax},${b.ay}`,
      );
});

test("a coloured series takes no colour from the others, a named one does", () => {
  const named = dots({ name: "a", x: [0], y: [0] });
  const coloured = dots({ name: "b", x: [0], y: [0], colour: "#123456" });
  assert.deepEqual([named.names, named.keys, coloured.names, coloured.keys], [["a"], [], [], ["b"]]);
});

test("the largest groups have looks of their own; other dots are grey, and none is lost", () => {
  const groups = [..."aabbccddeeffg", ""];
  const x = groups.map((_, i) => i);
  const series = inGroups({
    x,
    y: x,
    groups,
    text: groups,
    labels: groups.map((g) => (g === "g" ? g : undefined)),
  });
  assert.deepEqual(
    series.map(({ name }) => name),
    ["other", "a", "b", "c", "d", "e", "f"],
  );
  assert.deepEqual(
    [series[0].x, series[0].labels, series[1].x],
    [
      [12, 13],
      ["g", undefined],
      [0, 1],
    ],
  );
  assert.equal(new Set(series.map(({ colour, symbol }) => `${colour} ${symbol}`)).size, 7);
  assert.deepEqual(
    inGroups({ x: [1], y: [1], groups: ["a"] }).map(({ name }) => name),
    ["a"],
  );
  assert.deepEqual(
    inGroups({ x: [1], y: [1], groups: [""] }).map(({ name }) => name),
    ["all"],
  );
});
