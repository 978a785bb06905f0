import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOf, historiesOfLists, lastOf, takeHistories, userHistories } from "./histories";
import { smallLog } from "./smallLog.fixture";

const log = smallLog([
  [1, 10, 5],
  [0, 11, 4],
  [1, 12, 3],
  [2, 13, 2],
  [1, 14, 1],
  [0, 15, 5],
]);
const all = Int32Array.from([0, 1, 2, 3, 4, 5]);

test("one history a user who occurs, oldest first", () => {
  const histories = historiesOf(log, all);
  assert.deepEqual(plain(histories), {
    size: 3,
    users: [0, 1, 2],
    offsets: [0, 2, 5, 6],
    items: [11, 15, 10, 12, 14, 13],
    weights: [4, 5, 5, 3, 1, 2],
    rows: [1, 5, 0, 2, 4, 3],
  });
  assert.deepEqual([...historiesOf(log, Int32Array.from([3, 4])).users], [1, 2]);
});

test("of some rows each entry keeps its own item, weight and row", () => {
  const { items, weights, rows } = historiesOf(log, Int32Array.from([2, 4, 5]));
  assert.deepEqual([...items], [15, 12, 14]);
  assert.deepEqual([...weights], [5, 3, 1]);
  assert.deepEqual([...rows], [5, 2, 4]);
});

test("asked-for users come in that order, empty where they have no row", () => {
  const histories = historiesOf(log, Int32Array.from([0, 3]), { users: Int32Array.from([2, 0, 1]) });
  assert.deepEqual([...histories.offsets], [0, 1, 1, 2]);
  assert.deepEqual([...histories.items], [13, 10]);
});

test("rows must ascend and exist, users must be distinct and exist", () => {
  assert.throws(
    () => historiesOf(log, Int32Array.from([1, 0])),
    /historiesOf requires ascending rows below 6, got 0/,
  );
  assert.throws(() => historiesOf(log, Int32Array.from([6])), /got 6/);
  assert.throws(
    () => historiesOf(log, all, { users: Int32Array.from([0, 0]) }),
    /each user once, got 0 twice/,
  );
  assert.throws(() => historiesOf(log, all, { users: Int32Array.from([3]) }), /user rows in 0 .. 2, got 3/);
});

test("taking and shortening", () => {
  const histories = historiesOf(log, all);
  assert.deepEqual(plain(takeHistories(histories, [2, 1, 2])), {
    size: 3,
    users: [2, 1, 2],
    offsets: [0, 1, 4, 5],
    items: [13, 10, 12, 14, 13],
    weights: [2, 5, 3, 1, 2],
    rows: [3, 0, 2, 4, 3],
  });
  const last = lastOf(histories, 2);
  assert.deepEqual([...last.items], [11, 15, 12, 14, 13]);
  assert.deepEqual([...last.offsets], [0, 2, 4, 5]);
  assert.equal(lastOf(histories, 0).items.length, 0);
  assert.throws(() => takeHistories(histories, [3]), /indices in 0 .. 2, got 3/);
  assert.throws(() => lastOf(histories, -1), /whole number of at least 0, got -1/);
});

function plain(histories: ReturnType<typeof historiesOf>): object {
  const { size, users, offsets, items, weights, rows } = histories;
  return {
    size,
    users: [...users],
    offsets: [...offsets],
    items: [...items],
    weights: [...weights],
    rows: [...rows],
  };
}

test("histories written down by hand", () => {
  const made = historiesOfLists([[3, 1], [], [2]], { users: [4, -1, 0], weights: [[5, 4], [], [1]] });
  assert.deepEqual([...made.offsets], [0, 2, 2, 3]);
  assert.deepEqual([...made.items], [3, 1, 2]);
  assert.deepEqual([...made.weights], [5, 4, 1]);
  assert.deepEqual([...made.users], [4, -1, 0]);
  assert.deepEqual([...made.rows], [-1, -1, -1]);
  const plain = historiesOfLists([[0], [1]]);
  assert.deepEqual([...plain.users, ...plain.weights], [-1, -1, 1, 1]);
  assert.throws(() => historiesOfLists([[1, 2]], { weights: [[1]] }), /2 weights in list 0, got 1/);
  assert.throws(() => historiesOfLists([[1]], { users: [] }), /requires 1 users, got 0/);
});

test("whole histories of any users, also twice, are those of the log", () => {
  const of = userHistories(log);
  for (const asked of [[], [2], [1, 0], [0, 1, 2, 1]]) {
    const users = Int32Array.from(asked);
    assert.deepEqual(of(users), takeHistories(historiesOf(log, all), users)); // users are histories here
  }
  assert.throws(() => of(Int32Array.of(3)), /userHistories requires user rows in 0 \.\. 2, got 3/);
});
