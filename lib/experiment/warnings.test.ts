import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExperimentData } from "./experimentData";
import { runWarnings } from "./warnings";

const refitted = { refit: true } as ExperimentData;
const alarms = (values: number[]) =>
  runWarnings(refitted, { alarmShare: { steps: values.map((_, i) => 10 * (i + 1)), values } }).slice(1);

test("impossible values are spoken of, but not those of a critic that has only begun", () => {
  assert.deepEqual(alarms([0.03, 0, 0, 0, 0, 0, 0, 0, 0, 0]), []);
  assert.deepEqual(alarms([0, 0, 0, 0, 0, 0.004, 0, 0, 0, 0]), []);
  assert.match(alarms([0, 0, 0, 0, 0, 0, 0, 0, 0, 0.31])[0]!, /up to 31% of a batch/);
});
