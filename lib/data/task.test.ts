import assert from "node:assert/strict";
import { test } from "node:test";
import { plantFuture } from "./plantedFuture.fixture";
import { smallLog } from "./smallLog.fixture";
import { fittingRows, leaveOneOutSplit, type Split, temporalSplit } from "./split";
import { syntheticDataset } from "./synthetic";
import { taskOf } from "./task";

/** Rows 0 .. 5 train, 6 validation, 7 .. the rest test. */
function splitAt(size: number, first: number, second: number): Split {
  const rows = Array.from({ length: size }, (_, row) => row);
  const part = (from: number, to: number): Int32Array => Int32Array.from(rows.slice(from, to));
  return {
    protocol: "temporal",
    train: part(0, first),
    validation: part(first, second),
    test: part(second, size),
  };
}

const log = smallLog([
  [0, 0, 5], // train
  [1, 1, 5],
  [2, 2, 1],
  [0, 3, 4], // validation
  [3, 4, 5],
  [0, 5, 4], // test: relevant
  [0, 5, 5], // the same item again: once
  [0, 0, 5], // had before: no
  [0, 9, 5], // train never saw it: stays
  [0, 6, 3], // below 4: no
  [1, 6, 2], // nothing relevant: user 1 is not judged
  [3, 1, 4], // known from validation only: judged at test
  [4, 1, 5], // no row before the cut: not judged
  [2, 8, 2],
  [2, 8, 4], // relevant by the later rating
  [2, 7, 4],
]);
const split = splitAt(log.size, 3, 5);

test("who is judged at test, and by what", () => {
  const task = taskOf(log, split, "test");
  assert.deepEqual([...task.histories.users], [0, 2, 3]);
  assert.deepEqual([...task.histories.items], [0, 3, 2, 4]);
  assert.deepEqual([...task.relevantOffsets], [0, 2, 4, 5]);
  assert.deepEqual([...task.relevantItems], [5, 9, 7, 8, 1]);
  assert.deepEqual([...task.relevantGains], [1, 1, 1, 1, 1]);
});

test("validation histories hold train rows only", () => {
  const task = taskOf(log, split, "validation");
  assert.deepEqual([...task.histories.users], [0]);
  assert.deepEqual([...task.histories.items], [0]);
  assert.deepEqual([...task.relevantItems], [3]);
});

test("the threshold can be given; weights are relevant from above 0", () => {
  assert.deepEqual([...taskOf(log, split, "test", { relevantAt: 5 }).relevantItems], [5, 9]);
  const weighted = {
    ...log,
    weightKind: "weight" as const,
    weights: log.weights.map((w) => (w === 3 ? 0 : w)),
  };
  assert.deepEqual([...taskOf(weighted, split, "test").relevantItems], [5, 9, 6, 7, 8, 1]);
  assert.throws(() => taskOf(log, split, "test", { relevantAt: 6 }), {
    name: "InputError",
    message:
      "no test row reaches 6, which would make it relevant: their weights go from 2 to 5, expected a lower bar: train --set relevantAt=5, evaluate --relevant-at 5",
  });
});

test("leave-one-out: every rating is relevant", () => {
  const rows = smallLog([
    [0, 0, 1],
    [0, 1, 1],
    [0, 2, 1],
    [1, 0, 5],
    [1, 2, 1],
    [1, 1, 2],
    [2, 1, 5],
  ]);
  const task = taskOf(rows, leaveOneOutSplit(rows), "test");
  assert.deepEqual([...task.histories.users], [0, 1]);
  assert.deepEqual([...task.histories.items], [0, 1, 0, 2]);
  assert.deepEqual([...task.relevantItems], [2, 1]);
});

test("a planted future changes nothing that looks at the past only", () => {
  const { interactions } = syntheticDataset({ seed: 3 });
  for (const makeSplit of [temporalSplit, leaveOneOutSplit]) {
    const before = makeSplit(interactions);
    const planted = plantFuture(interactions, before);
    assert.deepEqual(makeSplit(planted), before);
    for (const row of before.train) {
      assert.equal(planted.items[row], interactions.items[row]);
      assert.equal(planted.weights[row], interactions.weights[row]);
    }
    const changed = [...before.validation, ...before.test].filter(
      (row) => planted.items[row] !== interactions.items[row],
    );
    assert.equal(changed.length, before.validation.length + before.test.length);

    const late = plantFuture(interactions, before, { keep: "train and validation" });
    const [real, absurd] = [taskOf(interactions, before, "test"), taskOf(late, before, "test")];
    const absurdOf = new Map(Array.from(absurd.histories.users, (user, h) => [user, h]));
    let shared = 0;
    for (let h = 0; h < real.histories.size; h++) {
      const other = absurdOf.get(real.histories.users[h]);
      if (other === undefined) continue;
      shared++;
      const itemsOf = (task: typeof real, at: number): number[] => [
        ...task.histories.items.subarray(task.histories.offsets[at], task.histories.offsets[at + 1]),
      ];
      assert.deepEqual(itemsOf(absurd, other), itemsOf(real, h));
    }
    assert.ok(shared > 10, `${shared} users judged in both`);
    assert.notDeepEqual(absurd.relevantItems, real.relevantItems);
    assert.deepEqual(fittingRows(before, { refit: true }).length, interactions.size - before.test.length);
  }
});
