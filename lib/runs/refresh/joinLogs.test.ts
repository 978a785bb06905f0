import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../../data/dataset";
import { idRows } from "../../data/ids";
import { InputError } from "../../data/inputError";
import { unavailableItems } from "../../data/unavailableItems";
import { joinLogs } from "./joinLogs";

type Row = readonly [user: string, item: string, time: number, weight?: number];

function logOf(rows: readonly Row[], changes: Partial<Dataset["interactions"]> = {}, gone?: string): Dataset {
  const users = idRows([...new Set(rows.map(([user]) => user))]);
  const items = idRows([...new Set(rows.map(([, item]) => item))]);
  const available = Float64Array.from(items.ids, (id) => (id === gone ? 0 : 1));
  return {
    ...{ name: "shop.csv", label: "shop.csv", origin: "newer.csv", skippedRows: 0, notices: [] },
    catalog: {
      ...{ size: items.ids.length, ids: items.ids, titles: items.ids, text: {}, rowOf: items.rowOf },
      numbers: gone === undefined ? {} : { available },
    },
    interactions: {
      size: rows.length,
      users: Int32Array.from(rows, ([user]) => users.rowOf(user)),
      items: Int32Array.from(rows, ([, item]) => items.rowOf(item)),
      weights: Float32Array.from(rows, (row) => row[3] ?? 1),
      times: Float64Array.from(rows, ([, , time]) => time),
      ...{ userIds: users.ids, itemIds: items.ids, order: "timestamp", weightKind: "rating", extra: {} },
      ...changes,
    },
  };
}

const rowsOf = ({ interactions: log }: Dataset): Row[] =>
  Array.from(log.users, (user, row) => [
    ...[log.userIds[user], log.itemIds[log.items[row]], log.times[row], log.weights[row]],
  ]) as unknown as Row[];

const old = logOf([
  ["u", "9", 1, 5],
  ["v", "x", 2, 4],
  ["u", "x", 5, 3],
]);

test("newer rows join by id and time, those that are there already are not doubled", () => {
  const newer = logOf([
    ["v", "x", 2, 4], // known
    ["u", "10", 4, 2], // between two old ones
    ["u", "x", 5, 1], // known, whatever its weight
    ["u", "9", 6, 1], // the same item at another time
    ["a", "x", 6, 5],
  ]);
  const { dataset, oldItems, counts, isNew } = joinLogs(old, newer);
  assert.deepEqual(rowsOf(dataset), [
    ["u", "9", 1, 5],
    ["v", "x", 2, 4],
    ["u", "10", 4, 2],
    ["u", "x", 5, 3],
    ["u", "9", 6, 1],
    ["a", "x", 6, 5],
  ]);
  assert.deepEqual(dataset.interactions.userIds, ["a", "u", "v"]);
  assert.deepEqual(dataset.catalog.ids, ["9", "10", "x"]); // in the reader's own order
  assert.deepEqual([...oldItems], [0, -1, 1]);
  assert.deepEqual([...isNew], [0, 0, 1, 0, 1, 1]);
  assert.deepEqual(counts, { oldRows: 3, fileRows: 5, knownRows: 2, newRows: 3, newUsers: 1, newItems: 1 });
  assert.match(dataset.label, /^shop\.csv, with 3 newer rows$/);
});

test("without times user and item decide, unless items may come again, and new rows stand last", () => {
  const inOrder = (rows: readonly Row[]): Dataset => logOf(rows, { order: "row order" });
  const before = inOrder([
    ["u", "a", 0],
    ["v", "b", 1],
  ]);
  const newer = inOrder([
    ["u", "a", 0],
    ["v", "a", 1],
  ]);
  const { dataset, counts } = joinLogs(before, newer);
  assert.deepEqual(
    rowsOf(dataset).map(([user, item, time]) => [user, item, time]),
    [
      ["u", "a", 0],
      ["v", "b", 1],
      ["v", "a", 2],
    ],
  );
  assert.equal(counts.knownRows, 1);
  assert.equal(joinLogs(before, newer, { repeats: true }).counts.knownRows, 0);
});

test("a newer catalogue says titles and what is gone", () => {
  const named = logOf([["u", "9", 7]], {}, "9");
  const titled: Dataset = { ...named, catalog: { ...named.catalog, titles: ["Nine"] } };
  const { dataset } = joinLogs(old, titled);
  assert.deepEqual(dataset.catalog.titles, ["Nine", "x"]);
  assert.deepEqual([...unavailableItems(dataset.catalog)!], [0]);
});

test("logs that cannot be one are refused, and so is one without anything new", () => {
  const refused = (newer: Dataset, message: RegExp): void =>
    assert.throws(
      () => joinLogs(old, newer),
      (error) => error instanceof InputError && message.test(error.message),
    );
  refused(logOf([["u", "9", 1]]), /newer\.csv: holds no row that the run's log has not \(1 rows\)/);
  refused(logOf([["u", "9", 9]], { order: "row order" }), /has no times, expected times/);
  refused(logOf([["u", "9", 9]], { weightKind: "weight" }), /holds weights, expected ratings/);
});
