import assert from "node:assert/strict";
import { test } from "node:test";
import type { PreparedData } from "./preparedData";
import { alarmBetween, runWarnings, sameForEverybody } from "./warnings";

const refitted = { refit: true } as PreparedData;
const alarms = (values: number[]) =>
  runWarnings(refitted, { alarmShare: { steps: values.map((_, i) => 10 * (i + 1)), values } }).slice(1);

test("impossible values are spoken of, but not those of a critic that has only begun", () => {
  assert.deepEqual(alarms([0.03, 0, 0, 0, 0, 0, 0, 0, 0, 0]), []);
  assert.deepEqual(alarms([0, 0, 0, 0, 0, 0.004, 0, 0, 0, 0]), []);
  assert.match(alarms([0, 0, 0, 0, 0, 0, 0, 0, 0, 0.31])[0], /up to 31% of a batch/);
});

test("a kept step that followed impossible values is named, with their share; a calm one is not", () => {
  const curves = { alarmShare: { steps: [50, 100], values: [0.31, 0] } };
  const told = (alarm: number) => runWarnings(refitted, curves, { step: 1200, alarm }).slice(2);
  assert.deepEqual(told(0.01), []);
  assert.match(told(0.014)[0], /the step that is kept, 1,200, followed such values \(1\.4% of the batches/);
  assert.match(told(0.31)[0], /\(31% of/);
});

test("the alarm on the way to a step is the mean over the updates since the validation before", () => {
  // Points at 10, 20, 30 and 34: means over 10, 10, 10 and 4 updates. The first tenth, up to 4, is never counted.
  const curves = { alarmShare: { steps: [4, 10, 20, 30, 34], values: [0.9, 0.6, 0.1, 0.2, 0.5] } };
  const between = (from: number, to: number, of = 40): number => alarmBetween(curves, { from, to, of });
  const near = (got: number, wanted: number): void => assert.ok(Math.abs(got - wanted) < 1e-12, `${got}`);
  near(between(10, 30), 0.15);
  near(between(10, 20), 0.1);
  near(between(20, 34), (10 * 0.2 + 4 * 0.5) / 14);
  near(between(0, 10), 0.6);
  near(between(0, 20), (6 * 0.6 + 10 * 0.1) / 16);
  near(between(0, 10, 100), 0);
  near(between(34, 40), 0);
  near(alarmBetween({}, { from: 0, to: 10, of: 10 }), 0);
});

test("lists that are nearly one for everybody are told, not those of few users or of many items", () => {
  const lists = (size: number, different: number) => ({
    ...{ size, k: 10, scores: new Float64Array(10 * size) },
    items: Int32Array.from({ length: 10 * size }, (_, place) => (place % 10 === 9 ? -1 : place % different)),
  });
  assert.match(sameForEverybody(lists(20, 9)).join(), /20 validation users hold 9 different items/);
  assert.deepEqual(sameForEverybody(lists(19, 9)), []);
  assert.deepEqual(sameForEverybody(lists(40, 60)), []);
});
