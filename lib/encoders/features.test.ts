import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Catalog, catalogOfIds } from "../data/catalog";
import { historiesOf, historiesOfLists } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { plantFuture } from "../data/plantedFuture.fixture";
import { temporalSplit } from "../data/split";
import { textColumn } from "../data/textColumns";
import { random } from "../math/random";
import { kinds, logOf, logOfGroups, logOfHours, small, withGroups } from "./decidedLogs.fixture";
import { featureReader, featureWidth, rankOf } from "./features";
import { fitFeatures } from "./fitFeatures";
import { nextItemData, trainNextItem } from "./nextItem";
import { nextItemFingerprint } from "./nextItemCache";
import { nextItemConfig } from "./nextItemConfig";
import { loadNextItem, saveNextItem } from "./nextItemFile";
import { nextItemModel } from "./nextItemModel";
import { encoderNames, sequenceNetwork } from "./sequenceNetworks";

test("models are told apart by the columns that they read; without any, by what they were before", async () => {
  const lists = [
    [0, 1, 2],
    [2, 1],
  ];
  const bare = { histories: historiesOfLists(lists, { users: [0, 1] }), itemCount: 3 };
  assert.equal(nextItemFingerprint(bare, nextItemConfig()), "4721878a7376beb3");
  const { log, groups } = logOfGroups(20);
  const prints = [groups, groups.map((group) => (group === groups[0] ? "other" : group))].flatMap((given) => {
    const data = nextItemData(withGroups(log, given), temporalSplit(log));
    return (["none", ["group"], ["gap"]] as const).map((features) =>
      nextItemFingerprint(
        data,
        nextItemConfig({ features: typeof features === "string" ? features : [...features] }),
      ),
    );
  });
  const [none, group, gap, noneToo, otherGroup, gapToo] = prints;
  assert.deepEqual([noneToo, gapToo], [none, gap]);
  assert.equal(new Set([none, group, gap, otherGroup]).size, 4);
});

/** Rows of 3 users with 2 items: a device, a price with gaps, an age, and genres of the items. */
const shop: Interactions = {
  ...logOf(
    [0, 1, 0, 2, 1, 0].map((user, row) => ({ user, item: row % 2, time: 3600 * row })),
    3,
    2,
  ),
  extra: { price: Float32Array.of(1, 2.5, Number.NaN, 4, 2, 3.5), clicks: Float32Array.of(0, 1, 1, 0, 1, 5) },
  texts: { device: textColumn(["a", "b", "", "b", "b", "c"]) },
  userColumns: { text: {}, numbers: { age: Float64Array.of(30, Number.NaN, 50.5) } },
};
const shopItems: Catalog = {
  ...catalogOfIds(["0", "1"]),
  text: { genres: ["Action, Drama, Drama", ""], remark: ["long", "longer"] },
};

test("known inputs: kinds by how often they come, lists in parts, numbers by rank, and what is missing", () => {
  const histories = historiesOf(shop, Int32Array.of(0, 1, 2, 3, 4));
  const features = fitFeatures(["genres", "device", "price", "clicks", "age"], histories, shopItems)!;
  assert.deepEqual(
    features.columns.map((column) => [
      column.name,
      column.kind === "rank" ? column.knots.length : column.values,
    ]),
    [
      ["log.device", ["b", "a"]],
      ["log.price", 33],
      ["log.clicks", [1, 0]],
      ["user.age", 33],
      ["item.genres", ["Action", "Drama"]],
    ],
  );
  const width = featureWidth(features);
  assert.equal(width, 4 + 2 + 4 + 2 + 4);
  // All rows, of which the last was not learned from: device c and 5 clicks are "other".
  const all = historiesOf(shop, Int32Array.of(0, 1, 2, 3, 4, 5));
  const inputsOf = (entry: number, hidden?: readonly number[]): number[] => {
    const row = new Float32Array(width + 2);
    featureReader(features).of(all).write(entry, row, 1, hidden);
    assert.deepEqual([row[0], row[width + 1]], [0, 0]);
    return Array.from(row.subarray(1, width + 1), (value) => Math.round(100 * value) / 100);
  };
  // User 0 has rows 0, 2 and 5.
  assert.deepEqual(inputsOf(0), [0, 1, 0, 0, -0.84, 0, 0, 1, 0, 0, -0.28, 0, 0.71, 0.71, 0, 0]);
  assert.deepEqual(inputsOf(1), [0, 0, 0, 1, 0, 1, 1, 0, 0, 0, -0.28, 0, 0.71, 0.71, 0, 0]);
  assert.deepEqual(inputsOf(2).slice(0, 10), [0, 0, 1, 0, 0.67, 0, 0, 0, 1, 0]);
  // Hidden, and in a history that comes from no log: everything but the item is missing.
  const stranger = [0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0.71, 0.71, 0, 0];
  assert.deepEqual(inputsOf(0, [1, 1, 1, 1, 0]), stranger);
  assert.deepEqual(inputsOf(0, [0, 0, 0, 0, 1]).slice(10), [-0.28, 0, 0, 0, 0, 1]);
  const row = new Float32Array(width);
  featureReader(features)
    .of(historiesOfLists([[0]]))
    .write(0, row, 0);
  assert.deepEqual(
    Array.from(row, (value) => Math.round(100 * value) / 100),
    stranger,
  );
});

test("auto takes what varies and says something of most entries; no free text, no ids", () => {
  const rows = Array.from({ length: 200 }, (_, row) => ({
    user: row % 150,
    item: row % 40,
    time: 100 * row,
  }));
  const log: Interactions = {
    ...logOf(rows, 150, 40),
    extra: { same: new Float32Array(200).fill(3), price: Float32Array.from(rows, (_, row) => row / 7) },
    userColumns: {
      text: {
        name: Array.from({ length: 150 }, (_, user) => `n${user}`),
        likes: rows.slice(0, 150).map(({ user }) => `${user % 7}, ${user % 5}, ${user % 11}`),
        sex: rows.slice(0, 150).map(({ user }) => (user % 3 ? "f" : "")),
      },
      numbers: { key: Float64Array.from({ length: 150 }, (_, user) => 1000 + user) },
    },
  };
  const histories = historiesOf(log, Int32Array.from(rows.keys()));
  const taken = fitFeatures("auto", histories)!.columns.map(({ name }) => name);
  assert.deepEqual(taken, ["log.price", "time.gap", "time.hour", "user.likes", "user.sex"]);
  const bare = { ...log, order: "row order" as const, extra: {}, userColumns: undefined };
  assert.equal(fitFeatures("auto", historiesOf({ ...bare }, Int32Array.from(rows.keys()))), undefined);
});

test("a rank is where a number stands among quantiles", () => {
  const knots = Float64Array.of(0, 10, 10, 10, 20);
  const ranks = [-5, 0, 5, 10, 15, 20, 99].map((value) => rankOf(value, knots));
  assert.deepEqual(ranks, [-1, -1, -0.75, 0, 0.75, 1, 1]);
  assert.equal(rankOf(3, Float64Array.of(3)), 0);
});

test("whatever the columns of test rows hold, the model is the same to the byte", async () => {
  const { log, groups } = logOfGroups(60);
  const split = temporalSplit(log);
  const draw = random(4);
  const withColumns = (of: Interactions, late: boolean): Interactions => {
    const isLate = new Uint8Array(of.size);
    for (const row of [...split.validation, ...split.test]) isLate[row] = late ? 1 : 0;
    return {
      ...withGroups(of, groups),
      times: of.times.map((time, row) => (isLate[row] ? time + 5e6 * row : time)),
      extra: {
        price: Float32Array.from(of.users, (user, row) =>
          isLate[row] ? 1e6 * draw.next() : (user * row) % 17,
        ),
      },
      texts: {
        device: textColumn(Array.from(of.users, (user, row) => (isLate[row] ? "new" : `d${user % 3}`))),
      },
    };
  };
  const histories = (of: Interactions) => ({
    histories: historiesOf(of, split.train),
    itemCount: of.itemIds.length,
  });
  const features = ["log.price", "log.device", "time.gap", "time.hour", "user.group"];
  const settings = { ...small, epochs: 2, features };
  const before = await trainNextItem(histories(withColumns(log, false)), settings);
  const planted = withColumns(plantFuture(log, split), true);
  const after = await trainNextItem(histories(planted), settings);
  // The planted log has the value "new" among its devices: the same kinds are learned from all the same.
  assert.deepEqual(after.parameters, before.parameters);
  const states = (model: typeof before, of: Interactions) =>
    model.encoder.encode(historiesOf(of, split.train));
  assert.deepEqual(states(after, planted), states(before, withColumns(log, false)));
});

test("every encoder reads columns, and its states have the size they have without", async () => {
  const { log, groups } = logOfGroups(30);
  const histories = historiesOf(
    withGroups(log, groups),
    Int32Array.from({ length: log.size }, (_, row) => row),
  );
  const other = { ...histories, log: withGroups(log, [...groups].reverse()) };
  for (const encoder of encoderNames) {
    const settings = { ...small, encoder, epochs: 1, features: ["group"] };
    const { encoder: made, config } = await trainNextItem({ histories, itemCount: 3 * kinds + 30 }, settings);
    assert.equal(made.stateSize, sequenceNetwork(config).stateSize, encoder);
    assert.notDeepEqual(made.encode(other), made.encode(histories), encoder);
    made.dispose();
  }
});

test("a state knows the columns of its entries up to itself, and of none after it", async () => {
  const log = logOfHours(30, 6);
  const rows = Int32Array.from({ length: log.size }, (_, row) => row);
  const settings = { ...small, epochs: 1, features: ["hour"] };
  const { encoder } = await trainNextItem(
    { histories: historiesOf(log, rows), itemCount: 3 * kinds },
    settings,
  );
  const histories = historiesOf(log, rows, { users: Int32Array.of(0) });
  const later = { ...log, times: log.times.slice() };
  later.times[histories.rows[3]] += 5 * 3600;
  const [one, two] = [log, later].map((of) => encoder.encodePositions({ ...histories, log: of })) as [
    Float32Array,
    Float32Array,
  ];
  const size = encoder.stateSize;
  assert.deepEqual(two.subarray(0, 3 * size), one.subarray(0, 3 * size));
  assert.notDeepEqual(two.subarray(3 * size, 4 * size), one.subarray(3 * size, 4 * size));
});

test("a model comes back from its file with its columns, and strangers have lists by items alone", async () => {
  const { log, groups } = logOfGroups(40);
  const rows = Int32Array.from({ length: log.size }, (_, row) => row);
  const histories = historiesOf(withGroups(log, groups), rows);
  const items: Catalog = {
    ...catalogOfIds(log.itemIds),
    text: { genre: log.itemIds.map((_, item) => `g${item % 3}`) },
  };
  const features = ["group", "genre", "gap"];
  const model = await trainNextItem(
    { histories, itemCount: items.size, items },
    { ...small, epochs: 1, features },
  );
  const folder = await mkdtemp(join(tmpdir(), "offshelf-features-"));
  await saveNextItem(model, folder);
  const loaded = await loadNextItem(folder);
  await rm(folder, { recursive: true });
  assert.deepEqual(loaded.parameters, model.parameters);
  assert.deepEqual(loaded.config.features, ["user.group", "time.gap", "item.genre"]);
  assert.deepEqual(loaded.encoder.encode(histories), model.encoder.encode(histories));
  const strangers = historiesOfLists([[1, 2]]);
  const stranger = loaded.encoder.encode(strangers);
  assert.ok(stranger.every(Number.isFinite));
  // An item's own columns count for strangers, too.
  const sequence = model.parameters.sequence;
  const blank = {
    columns: sequence.features!.columns,
    items: new Float32Array(sequence.features!.items.length),
  };
  const without = nextItemModel({ ...model.parameters, sequence: { ...sequence, features: blank } });
  assert.notDeepEqual(without.encoder.encode(strangers), stranger);
  const rowsOfNone = { ...histories, log: undefined };
  assert.throws(
    () => model.encoder.encode({ ...rowsOfNone }),
    /histories that know their log, got rows of none/,
  );
  assert.throws(
    () => model.encoder.encode(historiesOf(log, rows)),
    /a log with a column user\.group, got one without/,
  );
});
