import assert from "node:assert/strict";
import { test } from "node:test";
import { sensitivityBand } from "./sensitivityBand";

type Trace = { name: string; x: number[]; y: number[]; error_y?: { array: number[]; arrayminus: number[] } };

const cells = [
  { temperature: 2, clip: Infinity, value: 0.3, lower: 0.2, upper: 0.5 },
  { temperature: 1, clip: Infinity, value: 0.1, lower: 0.05, upper: 0.15 },
  { temperature: 1, clip: 10, value: 0.25, lower: 0.2, upper: 0.3 },
  { temperature: 2, clip: 10, value: 0.28, lower: 0.2, upper: 0.4 },
];

test("a line a clip, over temperatures in order; the stripe is the whole range", () => {
  const figure = sensitivityBand({ estimator: "snips", cells, dataset: "invented" });
  const traces = figure.data as unknown as Trace[];
  assert.deepEqual(
    traces.map(({ name, y }) => [name, y]),
    [
      ["no clip", [0.1, 0.3]],
      ["weights up to 10", [0.25, 0.28]],
    ],
  );
  assert.ok(traces[0]!.x[0]! < 1 && traces[1]!.x[0]! > 1); // beside each other
  assert.ok(Math.abs(traces[0]!.error_y!.array[1]! - 0.2) < 1e-12);
  assert.ok(Math.abs(traces[0]!.error_y!.arrayminus[1]! - 0.1) < 1e-12);
  const [stripe] = figure.layout.shapes as { y0: number; y1: number }[];
  assert.deepEqual([stripe!.y0, stripe!.y1], [0.1, 0.3]);
  assert.match(figure.caption, /from 0\.1 to 0\.3\.$/);
  const { subtitle } = figure.layout.title as { subtitle: { text: string } };
  assert.equal(subtitle.text, "invented, propensities ESTIMATED");
});

test("the caption says on which side of the reference the whole band lies", () => {
  const caption = (value: number): string =>
    sensitivityBand({
      ...{ estimator: "ips", cells, dataset: "invented" },
      reference: { value, name: "the log" },
    }).caption;
  assert.match(caption(0.05), /all above the log \(0\.05\)/);
  assert.match(caption(0.2), /on both sides of the log/);
  assert.match(caption(0.4), /all below the log/);
  assert.throws(() => sensitivityBand({ estimator: "ips", cells: [], dataset: "x" }), /at least one cell/);
});
