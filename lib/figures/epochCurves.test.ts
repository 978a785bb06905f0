import assert from "node:assert/strict";
import { test } from "node:test";
import { epochCurves } from "./epochCurves";

const epochs = [
  { loss: 6.9, validationNdcg: 0.05 },
  { loss: 6.1, validationNdcg: 0.07 },
  { loss: 5.9, validationNdcg: 0.06 },
];
const about = { items: 1000, dataset: "a log" };

test("the star stands at the kept epoch, the rule at the loss of guessing", () => {
  const figure = epochCurves({ epochs, kept: 2, ...about });
  const traces = figure.data as { x: number[]; y: number[]; marker?: { symbol?: string } }[];
  const star = traces.find(({ marker }) => marker?.symbol === "star")!;
  assert.deepEqual([star.x, star.y], [[2], [0.07]]);
  assert.deepEqual(traces[0].y, [Math.log(1000), Math.log(1000)]);
  assert.match(figure.caption, /from 0\.050 to 0\.070 in epoch 2, whose weights are kept\.$/);
});

test("where the last epoch is kept, picture and caption say that training was cut off", () => {
  const figure = epochCurves({ epochs: epochs.slice(0, 2), kept: 2, ...about });
  assert.match(figure.caption, /there training was cut off\.$/);
  assert.match(JSON.stringify(figure.layout), /kept: the last/);
  assert.throws(() => epochCurves({ epochs: [], kept: 1, ...about }), /at least one epoch/);
});
