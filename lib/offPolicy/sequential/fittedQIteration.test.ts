import assert from "node:assert/strict";
import { test } from "node:test";
import { fittedQIteration } from "./fittedQIteration";
import { trajectories } from "./trajectories";

test("one step to go is learned from every row, cut off or not; later rounds make up for what was cut", () => {
  // Three trajectories: two steps and cut off, three steps to the end, one step and cut off.
  const column = (...values: number[]): Float64Array => Float64Array.from(values);
  const log = trajectories({
    users: Int32Array.of(0, 0, 1, 1, 1, 2),
    steps: [0, 1, 0, 1, 2, 0],
    rewards: column(1, 2, 3, 4, 5, 6),
    propensities: column(1, 1, 1, 1, 1, 1),
    targetProbabilities: column(1, 1, 1, 1, 1, 1),
    discount: 0.5,
  });
  const fits: { targets: number[]; weights: number[] }[] = [];
  const values = column(10, 20, 30, 40, 50, 60);
  const run = (learnFrom?: Uint8Array): typeof fits => {
    fits.length = 0;
    const regression = {
      fit: (targets: Float64Array, weights: Float64Array) => {
        fits.push({ targets: [...targets], weights: [...weights] });
        return 0;
      },
      model: () => ({ logged: values.slice(), expected: values.slice() }),
    };
    fittedQIteration(log, regression, { terminals: Uint8Array.of(0, 0, 0, 0, 1, 0), learnFrom });
    return fits;
  };
  const [first, second, third] = run();
  assert.equal(fits.length, 3);
  assert.deepEqual(first, { targets: [1, 2, 3, 4, 5, 6], weights: [1, 1, 1, 1, 1, 1] });
  // Of three trajectories one was cut at its first step, of two then one at its second: the others count for them.
  assert.deepEqual(second.weights, [1.5, 0, 1.5, 2, 1, 0]);
  assert.deepEqual(third.weights, second.weights);
  assert.deepEqual(second.targets, [11, Number.NaN, 23, 29, 5, Number.NaN]);

  const [some] = run(Uint8Array.of(1, 0, 1));
  assert.deepEqual(some.weights, [1, 1, 0, 0, 0, 1]);
});
