import assert from "node:assert/strict";
import { test } from "node:test";
import { reliabilityDiagram } from "./reliabilityDiagram";

type Trace = {
  name: string;
  x: number[];
  y: number[];
  error_y: { array: number[]; arrayminus: number[] };
};

const bins = [
  { predicted: 0.004, frequency: 0, lower: 0, upper: 0.003, pairs: 900 },
  { predicted: 0.5, frequency: 0.6, lower: 0.55, upper: 0.65, pairs: 400 },
];

test("marks at predicted and chosen, whiskers to the interval; what was never chosen stands on the floor", () => {
  const figure = reliabilityDiagram({
    models: [{ name: "model", bins, expectedCalibrationError: 0.1234 }],
    dataset: "invented",
  });
  const [trace] = figure.data as unknown as Trace[];
  assert.deepEqual(trace!.x, [0.004, 0.5]);
  assert.deepEqual(trace!.y, [0.001, 0.6]);
  assert.ok(Math.abs(trace!.error_y.array[1]! - 0.05) < 1e-12);
  assert.ok(Math.abs(trace!.error_y.arrayminus[1]! - 0.05) < 1e-12);
  assert.ok(Math.abs(trace!.error_y.array[0]! - 0.002) < 1e-12);
  assert.equal(trace!.error_y.arrayminus[0], 0);
  const axis = figure.layout.yaxis as { type: string; range: number[]; ticktext: string[] };
  assert.deepEqual([axis.type, axis.range[0], axis.ticktext], ["log", -3, ["0.001", "0.01", "0.1", "1"]]);
  assert.match(figure.caption, /^12% of the probability stands in the wrong bin/);
});

test("of several models the caption names the worst; none is refused", () => {
  const figure = reliabilityDiagram({
    models: [
      { name: "one", bins, expectedCalibrationError: 0.01 },
      { name: "two", bins, expectedCalibrationError: 0.052 },
    ],
    dataset: "invented",
  });
  assert.match(figure.caption, /^two has most probability in the wrong bin, 5\.2%/);
  assert.throws(() => reliabilityDiagram({ models: [], dataset: "x" }), /at least one model/);
});
