import assert from "node:assert/strict";
import { test } from "node:test";
import { handMadeLog } from "./handMade.fixture";
import { prepareData, takeTask } from "./preparedData";

/** Users had 0 and one item more; then they want one thing on validation and another on test. */
const { dataset, ratios } = handMadeLog(
  [
    { train: [0, 1], validation: [2, 5], test: [3] },
    { train: [0, 2], validation: [4], test: [1, 5] },
    { train: [0, 4], validation: [3], test: [2] },
    { train: [0, 5], validation: [1], test: [4, 3] },
  ],
  6,
);

test("validation users are judged on validation rows, test users on test rows with validation rows had", () => {
  const data = prepareData(dataset, ratios);
  const [validation, tested] = [data.validation!, data.test()];
  assert.deepEqual(
    [...validation.relevantOffsets, ...validation.relevantItems],
    [0, 2, 3, 4, 5, 2, 5, 4, 3, 1],
  );
  assert.deepEqual([...validation.histories.items], [0, 1, 0, 2, 0, 4, 0, 5]);
  assert.deepEqual([...tested.relevantOffsets, ...tested.relevantItems], [0, 1, 3, 4, 6, 3, 1, 5, 2, 3, 4]);
  assert.deepEqual([...tested.histories.items], [0, 1, 2, 5, 0, 2, 4, 0, 4, 3, 0, 5, 1]);
  const refitted = prepareData(dataset, { ...ratios, refit: true });
  assert.equal(refitted.validation, undefined);
  assert.deepEqual(refitted.test(), tested);
});

test("what counts as relevant is asked alike of validation and test", () => {
  const weights = dataset.interactions.weights.map((_, row) => 1 + (row % 5));
  const rated = { ...dataset, interactions: { ...dataset.interactions, weights } };
  const wanted = (relevantAt: number): number[] => {
    const data = prepareData(rated, { ...ratios, relevantAt });
    return [data.validation!.relevantItems.length, data.test().relevantItems.length];
  };
  const { split } = prepareData(rated, ratios);
  const above = (rows: Int32Array, least: number): number =>
    rows.filter((row) => weights[row] >= least).length;
  for (const least of [1, 3, 4])
    assert.deepEqual(wanted(least), [above(split.validation, least), above(split.test, least)], `${least}`);
});

test("the task of some users holds their own wants", () => {
  const { relevantOffsets, relevantItems, histories } = takeTask(
    prepareData(dataset, ratios).test(),
    Int32Array.of(1, 3),
  );
  assert.deepEqual([...histories.users], [1, 3]);
  assert.deepEqual([...relevantOffsets, ...relevantItems], [0, 2, 4, 1, 5, 3, 4]);
});
