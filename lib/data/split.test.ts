import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { smallLog } from "./smallLog.fixture";
import { fittingRows, leaveOneOutSplit, temporalSplit } from "./split";

test("temporal cuts are the floors of .8n and .9n", () => {
  for (const [size, first, second] of [
    [10, 8, 9],
    [11, 8, 9],
    [19, 15, 17],
    [25, 20, 22],
    [35, 28, 31],
  ] as const) {
    const split = temporalSplit(smallLog(Array.from({ length: size }, (_, row) => [row % 3, row, 5])));
    assert.deepEqual([split.train.length, split.validation[0], split.test[0]], [first, first, second]);
    assert.equal(split.test[split.test.length - 1], size - 1);
  }
  assert.throws(() => temporalSplit(smallLog([[0, 0, 5]])), /^Error: temporalSplit requires at least 10/);
});

test("other shares cut elsewhere, exactly, and leave no part empty", () => {
  const log = smallLog(Array.from({ length: 40 }, (_, row) => [row % 3, row, 5]));
  const sizes = (ratios: object): number[] => {
    const { train, validation, test } = temporalSplit(log, ratios);
    return [train.length, validation.length, test.length];
  };
  assert.deepEqual(sizes({ testRatio: 0.25 }), [26, 4, 10]);
  assert.deepEqual(sizes({ testRatio: 0.3, validationRatio: 0.2 }), [20, 8, 12]);
  assert.deepEqual(sizes({ testRatio: 0.1, validationRatio: 0.1 }), sizes({}));
  for (const ratios of [{ testRatio: 0 }, { validationRatio: 0 }, { testRatio: 0.6, validationRatio: 0.4 }])
    assert.throws(
      () => temporalSplit(log, ratios),
      /requires rows for train, validation and test, got shares/,
    );
});

test("leave-one-out takes each user's last two rows; a user of two rows is all train", () => {
  const log = smallLog([
    [0, 0, 1],
    [1, 1, 1],
    [0, 2, 1],
    [2, 3, 1],
    [0, 4, 1],
    [1, 5, 1],
    [2, 6, 1],
    [0, 7, 1],
    [2, 8, 1],
  ]);
  const split = leaveOneOutSplit(log);
  assert.deepEqual([...split.train], [0, 1, 2, 3, 5]);
  assert.deepEqual([...split.validation], [4, 6]);
  assert.deepEqual([...split.test], [7, 8]);
  assert.deepEqual([...fittingRows(split)], [0, 1, 2, 3, 5]);
  assert.deepEqual([...fittingRows(split, { refit: true })], [0, 1, 2, 3, 4, 5, 6]);
  assert.throws(
    () =>
      leaveOneOutSplit(
        smallLog([
          [0, 0, 1],
          [0, 1, 1],
          [1, 1, 1],
        ]),
      ),
    /requires a user with at least 3 rows/,
  );
});

const logs = fc
  .array(fc.tuple(fc.nat(4), fc.nat(6), fc.integer({ min: 1, max: 5 })), { minLength: 10, maxLength: 60 })
  .map(smallLog);

test("every row is in exactly one part, and each part ascends", () => {
  fc.assert(
    fc.property(logs, (log) => {
      const counts = log.users.reduce<number[]>((all, user) => {
        all[user] = (all[user] ?? 0) + 1;
        return all;
      }, []);
      fc.pre(Math.max(...counts.filter(Boolean)) >= 3); // leave-one-out refuses shorter logs, as tested above
      for (const makeSplit of [temporalSplit, leaveOneOutSplit]) {
        const { train, validation, test: last } = makeSplit(log);
        const all = [...train, ...validation, ...last].sort((a, b) => a - b);
        assert.deepEqual(
          all,
          Array.from({ length: log.size }, (_, row) => row),
        );
        for (const part of [train, validation, last])
          assert.deepEqual(
            [...part],
            [...part].sort((a, b) => a - b),
          );
      }
    }),
  );
});
