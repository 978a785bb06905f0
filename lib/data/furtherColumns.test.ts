import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { furtherColumns, namedColumns } from "./furtherColumns";
import { everyNthUser } from "./goodbooks";
import { InputError } from "./inputError";
import { readDataset } from "./readInteractions";

const folder = mkdtempSync(join(tmpdir(), "further-columns-"));
after(() => rmSync(folder, { recursive: true }));

test("several further columns keep their names, with times and without", async () => {
  const rows = ["a,1,7,x,0.5,100", "b,2,8,y,,50"];
  for (const time of ["timestamp", "late"]) {
    const file = join(folder, `${time}.csv`);
    writeFileSync(file, `user_id,item_id,clicks,comment,share,${time}\n${rows.join("\n")}\n`);
    const { extra, order } = (await readDataset({ interactions: file })).interactions;
    const timed = time === "timestamp";
    assert.equal(order, timed ? "timestamp" : "row order");
    assert.deepEqual([...extra.clicks], timed ? [8, 7] : [7, 8]);
    assert.deepEqual([...extra.share], timed ? [Number.NaN, 0.5] : [0.5, Number.NaN]);
    assert.deepEqual(Object.keys(extra), ["clicks", "share", ...(timed ? [] : ["late"])]);
  }
});

async function shop() {
  const file = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join("\n")}\n`);
    return path;
  };
  const log = [
    "user_id,item_id,timestamp,device,price,comment",
    "b,2,1970-01-05T23:30:00Z,phone,2.5,one",
    "a,1,1970-01-01T00:00:00Z,desktop,1,two",
    "a,2,1970-01-01T06:00:10Z,phone,,three",
    "b,1,1970-01-06T00:30:00Z,,4,four",
    "c,1,1970-01-06T00:30:00Z,desktop,4,five",
  ];
  return readDataset({
    interactions: file("shop.csv", log),
    items: file("shop-items.csv", ["item_id,title,genre", "1,One,Drama", "2,Two,"]),
    users: file("shop-users.csv", ["user_id,age,town", "a,30,X", "b,,Y", "c,20,"]),
  });
}

test("text columns that name kinds, users' and items' columns, and what times say, row by row of the sorted log", async () => {
  const { interactions, catalog, notices } = await shop();
  assert.ok(notices.includes("columns that are not numeric are left out: comment"));
  const columns = new Map(furtherColumns(interactions, catalog).map((column) => [column.name, column]));
  const names = "log.price log.device time.gap time.hour time.weekday user.age user.town item.genre";
  assert.equal([...columns.keys()].join(" "), names);
  const numbers = (name: string, keys: number): number[] =>
    Array.from({ length: keys }, (_, key) => columns.get(name)!.number!(key));
  const texts = (name: string): string[] => {
    const { codes, values } = columns.get(name)!.text!;
    return Array.from(codes, (code) => (code < 0 ? "" : values[code]));
  };
  assert.deepEqual(texts("log.device"), ["desktop", "phone", "phone", "", "desktop"]);
  assert.deepEqual(numbers("log.price", 5), [1, Number.NaN, 2.5, 4, 4]);
  assert.deepEqual(numbers("time.gap", 5), [Number.NaN, 21_610, Number.NaN, 3600, Number.NaN]);
  assert.deepEqual(numbers("time.hour", 5), [0, 6, 23, 0, 0]);
  assert.deepEqual(numbers("time.weekday", 5), [3, 3, 0, 1, 1]);
  assert.deepEqual(numbers("user.age", 3), [30, Number.NaN, 20]);
  assert.deepEqual(texts("user.town"), ["X", "Y", ""]);
  assert.deepEqual(texts("item.genre"), ["Drama", ""]);
});

test("some of the users keep their columns", async () => {
  const some = everyNthUser((await shop()).interactions, 2);
  assert.deepEqual(some.userIds, ["a", "c"]);
  assert.deepEqual(some.userColumns!.text.town, ["X", ""]);
  assert.deepEqual([...some.userColumns!.numbers.age], [30, 20]);
  assert.deepEqual([...some.texts!.device.codes], [0, 1, 0]);
});

test("columns are asked for by their names; one that is none is refused with those there are", async () => {
  const { interactions, catalog } = await shop();
  const columns = furtherColumns(interactions, catalog);
  const asked = (...names: string[]) => namedColumns(columns, names).map(({ name }) => name);
  assert.deepEqual(asked("hour", "item.genre", "genre"), ["time.hour", "item.genre"]);
  assert.throws(
    () => asked("genres"),
    (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /nextItem\.features: no column "genres" \(did you mean item\.genre\?\)/);
      assert.match(error.message, /expected some of log\.price, log\.device, time\.gap, .*item\.genre$/);
      return true;
    },
  );
  const twice = [...columns, { ...columns[0], name: "user.price", source: "user" as const }];
  assert.throws(
    () => namedColumns(twice, ["price"]),
    /"price" may mean several columns, expected log\.price or user\.price/,
  );
  assert.throws(
    () => namedColumns([], ["age"]),
    /no column "age", expected none: this log has no further columns/,
  );
});
