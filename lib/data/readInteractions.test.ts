import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { openDatabase, sqlText } from "./duckdb";
import { readDataset } from "./readInteractions";
import { plain } from "./smallLog.fixture";

const folder = mkdtempSync(join(tmpdir(), "reading 'it' "));
after(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

test("a log with everything: order by time and file row, ids, further columns", async () => {
  const interactions = written(
    "log.csv",
    "comment,clicks,rating,timestamp,movieId,userId\nx,1,5,300,10,b\ny,,4.5,100,9,a\nz,3,3,300,x,a\nw,4,1,200,10,10\n",
  );
  const dataset = await readDataset({ interactions });
  const log = dataset.interactions;
  assert.deepEqual(plain(log), [
    ["a", "9", 100, 4.5],
    ["10", "10", 200, 1],
    ["b", "10", 300, 5],
    ["a", "x", 300, 3],
  ]);
  assert.deepEqual(log.userIds, ["10", "a", "b"]);
  assert.deepEqual(log.itemIds, ["9", "10", "x"]);
  assert.equal(log.order, "timestamp");
  assert.equal(log.weightKind, "rating");
  assert.deepEqual(Object.keys(log.extra), ["clicks"]);
  assert.deepEqual([...log.extra.clicks], [Number.NaN, 4, 1, 3]);
  assert.deepEqual(dataset.notices, ["columns that are not numeric are left out: comment"]);
  assert.deepEqual(dataset.catalog.titles, ["9", "10", "x"]);
  assert.equal(dataset.label, "log.csv (3 users, 4 ratings)");
});

test("without times the row order is the order; without weights every row has 1", async () => {
  const dataset = await readDataset({
    interactions: written("bare.csv", "user_id,item_id\n2,7\n1,7\n2,07\n"),
  });
  assert.deepEqual(plain(dataset.interactions), [
    ["2", "7", 0, 1],
    ["1", "7", 1, 1],
    ["2", "07", 2, 1],
  ]);
  assert.equal(dataset.interactions.order, "row order");
  assert.equal(dataset.interactions.weightKind, "weight");
  assert.deepEqual(dataset.notices, [
    "no time column: the order of the rows counts as the order in time",
    "no weight or rating column: every row has weight 1",
  ]);
  assert.deepEqual(dataset.catalog.ids, ["7", "07"]);
});

test("times: epoch seconds, ISO 8601 with and without a zone (then UTC), whatever the machine's zone", async () => {
  const times = [
    "0",
    "1.5",
    "1970-01-02",
    "1970-01-02T00:00:01",
    "1970-01-02T02:00:02+02:00",
    "1970-01-02T00:00:03.250Z",
  ];
  const rows = times.map((time, i) => `${i},1,${time},1\n`).join("");
  const file = written("times.csv", `user_id,item_id,timestamp,weight\n${rows}`);
  const { interactions } = await readDataset({ interactions: file });
  assert.deepEqual([...interactions.times], [0, 1.5, 86400, 86401, 86402, 86403.25]);
  assert.deepEqual([...interactions.users], [0, 1, 2, 3, 4, 5]);
});

test("rows that come twice are kept and said, finer units become seconds", async () => {
  const rows = "1,1,5,1\n1,2,5,1\n1,1,5,2\n1,1,6,1\n1,1,5,3\n";
  const twice = await readDataset({
    interactions: written("twice.csv", `user_id,item_id,timestamp,rating\n${rows}`),
  });
  assert.equal(twice.interactions.size, 5);
  assert.deepEqual(twice.notices, ["2 rows repeat the user, item and time of another; all are kept"]);
  const late = written("late.csv", "user_id,item_id,timestamp,rating\n1,1,1577836800000,5\n");
  const { notices, interactions } = await readDataset({ interactions: late });
  assert.deepEqual(notices, ["timestamps are milliseconds"]);
  assert.deepEqual([...interactions.times], [1577836800]);
  for (const [unit, name] of [
    [1e6, "microseconds"],
    [1e9, "nanoseconds"],
  ] as const) {
    // A missing time (0) at the start does not hide the unit of the others.
    const times = Array.from({ length: 30 }, (_, i) => (i === 0 ? 0 : (1577836800 + i) * unit));
    const lines = times.map((time, i) => `1,${i},${BigInt(time)},5`).join("\n");
    const fine = await readDataset({
      interactions: written("fine.csv", `user_id,item_id,timestamp,rating\n${lines}\n`),
    });
    assert.deepEqual(fine.notices, [`timestamps are ${name}`]);
    assert.deepEqual([...fine.interactions.times].slice(0, 3), [0, 1577836801, 1577836802]);
  }
  const mixed = ["1,1,1577836800,5", "1,2,1577836801,5", "1,3,1577836802000,5"].join("\n");
  const odd = await readDataset({
    interactions: written("mixed.csv", `user_id,item_id,timestamp,rating\n${mixed}\n`),
  });
  assert.deepEqual(odd.notices, ["timestamps are read as seconds, but some look like milliseconds"]);
  assert.deepEqual([...odd.interactions.times], [1577836800, 1577836801, 1577836802000]);
});

test("BOM, CRLF, quotes, line breaks inside quotes, any UTF-8, no final line end", async () => {
  const text =
    '\ufeff"user_id",item_id,rating\r\n"a,b","say ""hi""",5\r\n"two\nlines",é😀,"4"\r\n\r\nlast, blank ,3';
  const { interactions } = await readDataset({ interactions: written("quoted.csv", text) });
  assert.deepEqual(plain(interactions), [
    ["a,b", 'say "hi"', 0, 5],
    ["two\nlines", "é😀", 1, 4],
    ["last", " blank ", 2, 3],
  ]);
});

test("a time column of equal values keeps file order among many rows", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},1,${i % 7},1\n`).join("");
  const file = written("ties.csv", `user_id,item_id,timestamp,weight\n${rows}`);
  const { interactions } = await readDataset({ interactions: file });
  for (let row = 1; row < interactions.size; row++) {
    const sameTime = interactions.times[row] === interactions.times[row - 1];
    if (sameTime) assert.ok(interactions.users[row] > interactions.users[row - 1]);
    else assert.ok(interactions.times[row] > interactions.times[row - 1]);
  }
});

test("items and users: titles, text, numbers, the catalogue is the items file", async () => {
  const dataset = await readDataset({
    interactions: written("l.csv", "user_id,item_id,weight\nu2,b,1\nu1,10,2\n"),
    items: written(
      "i.csv",
      'item_id,title,price,genres,year\nb,"B, the book",1.5,"x,y",\n10,,2,z,1999\n9,Nine,,,2001\n',
    ),
    users: written("u.csv", "user_id,age,gender\nu1,30,f\nu9,50,m\n"),
  });
  assert.deepEqual(dataset.catalog.ids, ["9", "10", "b"]);
  assert.deepEqual(dataset.catalog.titles, ["Nine", "10", "B, the book"]);
  assert.deepEqual(dataset.catalog.text, { genres: ["", "z", "x,y"] });
  assert.deepEqual([...dataset.catalog.numbers.price], [Number.NaN, 2, 1.5]);
  assert.deepEqual([...dataset.catalog.numbers.year], [2001, 1999, Number.NaN]);
  assert.deepEqual(dataset.interactions.itemIds, dataset.catalog.ids);
  assert.deepEqual([...dataset.interactions.items], [2, 1]);
  assert.deepEqual(dataset.users!.ids, ["u1", "u2"]);
  assert.deepEqual(dataset.users!.text, { gender: ["f", ""] });
  assert.deepEqual([...dataset.users!.numbers.age], [30, Number.NaN]);
});

test("tab-separated files with RecBole's typed names", async () => {
  const file = written(
    "log.inter",
    "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t3\t40\n",
  );
  const { interactions } = await readDataset({ interactions: file });
  assert.deepEqual(plain(interactions), [["1", "2", 40, 3]]);
});

test("Parquet reads as the CSV it came from; its bad rows are named by row", async () => {
  const csv = written("same.csv", "user_id,item_id,timestamp,rating\n1,b,20,5\n2,a,10,4\n");
  const bad = written("bad.csv", "user_id,item_id,rating\n1,b,5\n2,a,-4\n");
  const [parquet, badParquet] = [join(folder, "it's.parquet"), join(folder, "bad.parquet")];
  const database = await openDatabase();
  await database.run(`COPY (SELECT * FROM read_csv(${sqlText(csv)})) TO ${sqlText(parquet)}`);
  await database.run(`COPY (SELECT * FROM read_csv(${sqlText(bad)})) TO ${sqlText(badParquet)}`);
  database.close();
  const [one, other] = [
    await readDataset({ interactions: csv }),
    await readDataset({ interactions: parquet }),
  ];
  assert.deepEqual(other.interactions, one.interactions);
  await assert.rejects(readDataset({ interactions: badParquet }), {
    message: `${badParquet}: row 2: rating "-4" is not such a number, expected a finite number of at least 0\n1 bad row; --skip-bad-rows goes on without`,
  });
  const { interactions } = await readDataset({ interactions: badParquet }, { skipBadRows: true });
  assert.deepEqual(plain(interactions), [["1", "b", 0, 5]]);
});

test("any text survives as an id, read at once or with line numbers", async () => {
  const id = fc.oneof(
    fc.string({
      minLength: 1,
      maxLength: 6,
      unit: fc.constantFrom("a", '"', ",", "\n", "\r", "'", " ", "é", "0", "7"),
    }),
    fc.nat(300).map(String),
  );
  const rows = fc.array(fc.tuple(id, id, fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 20 });
  const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`;
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), fc.constantFrom("\n", "\r\n"), async (log, torn, end) => {
      const lines = log.map(([user, item, rating]) => `${quoted(user)},${quoted(item)},${rating}`);
      if (torn) lines.push("torn");
      const file = written("any.csv", `user_id,item_id,rating${end}${lines.join(end)}${end}`);
      const dataset = await readDataset({ interactions: file }, { skipBadRows: true });
      assert.equal(dataset.skippedRows, torn ? 1 : 0);
      assert.deepEqual(
        plain(dataset.interactions),
        log.map(([user, item, rating], row) => [user, item, row, rating]),
      );
    }),
    { numRuns: 60 },
  );
});
