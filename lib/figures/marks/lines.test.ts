import assert from "node:assert/strict";
import { test } from "node:test";
import { frame } from "./frame.fixture";
import { lines } from "./lines";

const near = (seen: unknown, wanted: readonly number[]): void =>
  (seen as number[]).forEach((value, i) => {
    assert.ok(Math.abs(value - wanted[i]) < 1e-12, `${seen} is not ${wanted}`);
  });

test("a band is an edge below, an edge above filled down to it, then the line with the numbers given", () => {
  const { traces = [] } = lines({ name: "a", x: [0, 1], y: [1, 2], lower: [0, 1], upper: [2, 3] }).draw(
    frame(),
  );
  assert.deepEqual(
    traces.map(({ y, fill }) => [y, fill]),
    [
      [[0, 1], undefined],
      [[2, 3], "tonexty"],
      [[1, 2], undefined],
    ],
  );
  assert.deepEqual((traces[2].line as { dash: string }).dash, "dot");
});

test("whiskers are as long as the interval is on either side", () => {
  const mark = lines(
    { x: [1, 2], y: [0.1, 0.3], lower: [0.05, 0.2], upper: [0.15, 0.5] },
    { whiskers: true },
  );
  const [trace] = mark.draw(frame()).traces!;
  const { array, arrayminus } = trace.error_y as { array: number[]; arrayminus: number[] };
  near(array, [0.05, 0.2]);
  near(arrayminus, [0.05, 0.1]);
});

test("a line ends at its last number, and typed arrays become lists", () => {
  const mark = lines({ name: "a", x: Float32Array.of(1, 2, 3), y: [5, 6, Number.NaN] });
  const { ends, traces } = mark.draw(frame());
  assert.deepEqual([ends![0].x, ends![0].y, ends![0].name], [2, 6, "a"]);
  assert.deepEqual(traces![0].x, [1, 2, 3]);
  assert.deepEqual([mark.x, mark.names], [[1, 2, 3], ["a"]]);
});

test("a few points carry dots, many do not", () => {
  const mode = (count: number): unknown =>
    lines({ x: new Float64Array(count), y: new Float64Array(count) }).draw(frame()).traces![0].mode;
  assert.deepEqual([mode(30), mode(31)], ["lines+markers", "lines"]);
});

test("of many points so many are drawn as the axis can show, evenly spread over it", () => {
  const x = Array.from({ length: 10_000 }, (_, i) => i + 1);
  const drawn = (log: boolean): number[] => {
    const at = log ? Math.log10 : (value: number): number => value;
    const scale = { range: [1, 10_000] as const, log, pixels: 300, at };
    return lines({ x, y: x }, { most: 5 }).draw(frame({ x: scale })).traces![0].x as number[];
  };
  assert.deepEqual(drawn(true), [1, 10, 100, 1000, 10_000]);
  assert.deepEqual(drawn(false), [1, 2501, 5001, 7501, 10_000]);
  assert.deepEqual(lines({ x: [1, 2], y: [3, 4] }, { most: 5 }).draw(frame()).traces![0].y, [3, 4]);
});

test("names stand at the highest points of their lines, one above the other where these are near", () => {
  const named = [
    { name: "Steady", x: [0, 1], y: [0.5, 0.4] },
    { name: "Comet (Comet, #1)", x: [0, 1], y: [0.2, 0.6] },
    { name: "Twin", x: [0, 1], y: [0.3, 0.6] },
  ];
  const { annotations = [], ends } = lines(named, { names: "peaks" }).draw(frame());
  assert.deepEqual(
    annotations.map(({ text, x, xanchor }) => [text, x, xanchor]),
    [
      ["Steady", 0, "left"],
      ["Comet", 1, "right"],
      ["Twin", 1, "right"],
    ],
  );
  assert.deepEqual([annotations[1].yshift, annotations[2].yshift, ends], [5, 23, []]);
});
