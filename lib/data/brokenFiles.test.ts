import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "./inputError";
import { readDataset } from "./readInteractions";

const folder = mkdtempSync(join(tmpdir(), "broken-"));
after(() => rmSync(folder, { recursive: true }));

const header = "user_id,item_id,timestamp,rating\n";
const good = "1,10,100,5\n2,11,101,4\n";

/** Each: the file, the line that must be named (0: none), the words, how many rows remain when bad ones are skipped. */
const broken: Record<string, [content: string | Buffer, line: number, words: string, left?: number]> = {
  "an empty file": ["", 1, "the file is empty, expected a header and at least one row"],
  "blank lines only": ["\n\n", 1, "only blank lines, expected a header and at least one row"],
  "a header only": [header, 1, "no rows after the header, expected at least one"],
  "no item column": [
    "user_id,thing,rating\n1,2,3\n",
    1,
    'no item column among "user_id", "thing", "rating", expected a column item_id (or itemId, book_id, movie_id, movieId)',
  ],
  "no header at all": [
    "1,10,100,5\n2,11,101,4\n",
    1,
    'no user column among "1", "10", "100", "5", expected a column user_id (or userId)',
  ],
  "a column twice": [
    "user_id,item_id,rating,rating\n1,2,3,4\n",
    1,
    'column "rating" comes twice, expected every column name once',
  ],
  "two item columns": [
    "user_id,item_id,book_id\n1,2,3\n",
    1,
    '"item_id" and "book_id" could each be the item column, expected only one of',
  ],
  "two weights": [
    "user_id,item_id,rating,weight\n1,2,3,4\n",
    1,
    '"rating" and "weight" could each be the weight column, expected only one of weight, rating',
  ],
  "a nameless column": [
    "user_id,item_id,,rating\n1,2,3,4\n",
    1,
    "column 3 has no name, expected a header that names every column",
  ],
  "no text at all": [
    Buffer.from([0, 1, 27, 44, 65, 10, 66]),
    1,
    'no user column among "\\x00\\x01\\x1b", "A", expected a column user_id (or userId)',
  ],
  "a header that is not UTF-8 in a file that is": [
    Buffer.concat([Buffer.from("user_id,item_id,caf\xe9\n", "latin1"), Buffer.from("é,à,1\n")]),
    1,
    "the header is not UTF-8, expected UTF-8 text",
  ],
  "too few fields": [
    `${header}${good}3,12,102\n4,12,103,1\n`,
    4,
    "3 fields, expected 4, as in the header",
    3,
  ],
  "too many fields": [`${header}${good}3,12,102,5,6\n`, 4, "5 fields, expected 4, as in the header", 2],
  "bytes that are not UTF-8 in a file that is": [
    Buffer.concat([
      Buffer.from(`${header}${good}`),
      Buffer.from("3,caf\xe9,102,5\n", "latin1"),
      Buffer.from("4,café,102,5\n"),
    ]),
    4,
    "bytes that are not UTF-8, expected UTF-8 text",
    3,
  ],
  "a NUL byte": [`${header}${good}3,1\x002,102,5\n`, 4, "a NUL byte, expected text", 2],
  "a stray quote": [
    `${header}${good}3,"x,102,5\n${"4,12,103,1\n".repeat(5)}"5",12,103,1\n`,
    4,
    "a quote that is never closed, expected fields whose quotes are closed",
    8,
  ],
  "a quote never closed": [
    `${header}${good}"3,12,102,5\n4,12,103,1\n`,
    4,
    "a quote that is never closed, expected fields whose quotes are closed",
    3,
  ],
  "text after a quote": [
    `${header}${good}"3"x,12,102,5\n`,
    4,
    "text after a closing quote, expected fields whose quotes are closed",
    2,
  ],
  "an empty user": [`${header}${good},12,102,5\n`, 4, "user_id is empty, expected an id", 2],
  "an empty item": [`${header}${good}3,"",102,5\n`, 4, "item_id is empty, expected an id", 2],
  "an empty rating": [
    `${header}${good}3,12,102,\n`,
    4,
    "rating is empty, expected a finite number of at least 0",
    2,
  ],
  "a word for a rating": [
    `${header}${good}3,12,102,good\n`,
    4,
    'rating "good" is not such a number, expected a finite number of at least 0',
    2,
  ],
  "NaN for a rating": [`${header}${good}3,12,102,NaN\n`, 4, 'rating "NaN" is not such a number', 2],
  "an infinite rating": [`${header}${good}3,12,102,inf\n`, 4, 'rating "inf" is not such a number', 2],
  "a rating too large": [`${header}${good}3,12,102,1e300\n`, 4, 'rating "1e300" is not such a number', 2],
  "a negative rating": [
    `${header}${good}3,12,102,-1\n`,
    4,
    'rating "-1" is not such a number, expected a finite number of at least 0',
    2,
  ],
  "a decimal comma": [`${header}${good}3,12,102,"4,5"\n`, 4, 'rating "4,5" is not such a number', 2],
  "a time that is none": [
    `${header}${good}3,12,yesterday,5\n`,
    4,
    'timestamp "yesterday" is not a time, expected epoch seconds or ISO 8601',
    2,
  ],
  "a date that is none": [
    `${header}${good}3,12,2021-02-30,5\n`,
    4,
    'timestamp "2021-02-30" is not a time',
    2,
  ],
  "an empty time": [
    `${header}${good}3,12,,5\n`,
    4,
    "timestamp is empty, expected epoch seconds or ISO 8601",
    2,
  ],
  "CRLF lines": [`${header}${good}3,12,102,x\n`.replace(/\n/g, "\r\n"), 4, 'rating "x"', 2],
  "CR lines": [`${header}${good}3,12,102,x\n`.replace(/\n/g, "\r"), 4, 'rating "x"', 2],
  "mixed line ends": [`${header}1,10,100,5\r\n2,11,101,4\n3,12,102,x\r\n`, 4, 'rating "x"', 2],
  "a byte order mark": [`\ufeff${header}${good}3,12,102,x\n`, 4, 'rating "x"', 2],
  "line breaks inside quotes": [
    `${header}"1\na\r\nb",10,100,5\n2,11,101,4\n3,12,102,x\n`,
    6,
    'rating "x"',
    2,
  ],
  "blank lines before it": [`${header}\n${good}\n\n3,12,102,x\n`, 7, 'rating "x"', 2],
};

for (const [name, [content, line, words, left]] of Object.entries(broken)) {
  test(`refused by line: ${name}`, async () => {
    const file = join(folder, "a file's rows.csv");
    writeFileSync(file, content);
    await assert.rejects(readDataset({ interactions: file }), (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.equal(error.line, line);
      assert.ok(error.message.startsWith(`${file}:${line}: ${words}`), error.message);
      return true;
    });
    if (left === undefined) {
      await assert.rejects(readDataset({ interactions: file }, { skipBadRows: true }), InputError);
    } else {
      const dataset = await readDataset({ interactions: file }, { skipBadRows: true });
      assert.equal(dataset.interactions.size, left);
      assert.equal(dataset.skippedRows, 1);
    }
  });
}

test("the first bad rows are named, all are counted", async () => {
  const file = join(folder, "many.csv");
  const rows = ["1,10,5", "2,11,x", "3,12", ",12,4", "4,13,-2", "5,14,3", "6,15,y"];
  writeFileSync(file, `user_id,item_id,rating\n${rows.join("\n")}\n`);
  await assert.rejects(readDataset({ interactions: file }), {
    message: [
      `${file}:3: rating "x" is not such a number, expected a finite number of at least 0`,
      `${file}:4: 2 fields, expected 3, as in the header`,
      `${file}:5: user_id is empty, expected an id`,
      "5 bad rows in all; --skip-bad-rows goes on without",
    ].join("\n"),
  });
  const dataset = await readDataset({ interactions: file }, { skipBadRows: true });
  assert.deepEqual([...dataset.interactions.weights], [5, 3]);
  assert.deepEqual(dataset.interactions.userIds, ["1", "5"]);
  assert.deepEqual(dataset.notices, [
    "no time column: the order of the rows counts as the order in time",
    "5 bad rows were left out",
  ]);
});

test("nothing is left when all rows are bad", async () => {
  const file = join(folder, "all.csv");
  writeFileSync(file, "user_id,item_id,rating\n1,2,x\n");
  await assert.rejects(readDataset({ interactions: file }, { skipBadRows: true }), {
    message: `${file}: none of its 1 rows is good, expected at least one`,
  });
});

test("an interaction with an item that the items file does not list", async () => {
  const [log, items] = [join(folder, "log.csv"), join(folder, "items.csv")];
  writeFileSync(log, "user_id,item_id,rating\n1,a,5\n1,b,4\n");
  writeFileSync(items, "item_id,title\na,A title\n");
  await assert.rejects(readDataset({ interactions: log, items }), {
    message: `${log}:3: item_id "b" is not in the items file, expected an item it lists\n1 bad row; --skip-bad-rows goes on without`,
    line: 3,
  });
  const dataset = await readDataset({ interactions: log, items }, { skipBadRows: true });
  assert.equal(dataset.skippedRows, 1);
  assert.deepEqual([...dataset.interactions.items], [0]);
});

test("items files: an id twice, an empty id", async () => {
  const [log, items] = [join(folder, "log.csv"), join(folder, "items.csv")];
  writeFileSync(log, "user_id,item_id,rating\n1,a,5\n");
  writeFileSync(items, 'item_id,title\na,"A\ntitle"\nb,B\na,Again\n,None\n');
  await assert.rejects(readDataset({ interactions: log, items }), {
    message: [
      `${items}:5: item_id "a" comes a second time, expected every id once`,
      `${items}:6: item_id is empty, expected an id`,
      "2 bad rows in all; --skip-bad-rows goes on without",
    ].join("\n"),
  });
  const { catalog } = await readDataset({ interactions: log, items }, { skipBadRows: true });
  assert.deepEqual(catalog.titles, ["A\ntitle", "B"]);
});

test("what is no file at all", async () => {
  const missing = join(folder, "missing.csv");
  await assert.rejects(readDataset({ interactions: missing }), {
    name: "InputError",
    message: `${missing}: there is no such file, expected a CSV or Parquet file`,
  });
  mkdirSync(join(folder, "sub.csv"));
  await assert.rejects(readDataset({ interactions: join(folder, "sub.csv") }), {
    message: `${join(folder, "sub.csv")}: is a folder, expected a CSV or Parquet file`,
  });
  const fake = join(folder, "fake.parquet");
  writeFileSync(fake, "user_id,item_id\n1,2\n");
  await assert.rejects(readDataset({ interactions: fake }), (error: Error) => {
    assert.match(error.message, /fake\.parquet: cannot be read as Parquet \(.*\), expected a Parquet file$/);
    return error instanceof InputError;
  });
});
