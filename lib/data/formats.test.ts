import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { inspectLog } from "./inspectLog";
import { type LogOptions, readDataset } from "./readInteractions";
import { plain } from "./smallLog.fixture";

const folder = mkdtempSync(join(tmpdir(), "formats-"));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function written(name: string, content: string | Buffer): string {
  const file = join(folder, `${files++}-${name}`);
  writeFileSync(file, content);
  return file;
}

const three = [
  ["1", "1193", 978300760, 5],
  ["1", "661", 978302109, 3],
  ["2", "é1", 978302268, 4],
];
const lines = (separator: string): string =>
  three.map(([user, item, time, rating]) => [user, item, rating, time].join(separator)).join("\n");
const named = (names: string, separator = ","): string =>
  `${names.replaceAll(",", separator)}\n${lines(separator)}\n`;

/** Files of three rows that all say the same, as people have them, and what has to be said of each. */
const same: Record<string, [name: string, content: string | Buffer, notice?: RegExp, options?: LogOptions]> =
  {
    commas: ["a.csv", named("user_id,item_id,rating,timestamp")],
    semicolons: ["a.csv", named("user_id,item_id,rating,timestamp", ";")],
    tabs: ["a.csv", named("user_id,item_id,rating,timestamp", "\t")],
    bars: ["a.txt", named("user_id,item_id,rating,timestamp", "|")],
    "MovieLens 1M": [
      "ratings.dat",
      lines("::"),
      /no header line: columns taken as user_id, item_id, rating, timestamp/,
    ],
    "MovieLens 100K": ["u.data", lines("\t"), /no header line/],
    RecBole: ["a.inter", named("user_id:token,item_id:token,rating:float,timestamp:float", "\t")],
    gzip: ["a.csv.gz", gzipSync(named("user_id,item_id,rating,timestamp"))],
    "UTF-16": [
      "a.csv",
      Buffer.from(`\ufeff${named("user_id,item_id,rating,timestamp")}`, "utf16le"),
      /UTF-16/,
    ],
    "UTF-16, big end first": [
      "a.csv",
      Buffer.from(`\ufeff${named("user_id,item_id,rating,timestamp")}`, "utf16le").swap16(),
      /UTF-16/,
    ],
    "Latin-1": ["a.csv", Buffer.from(named("user_id,item_id,rating,timestamp"), "latin1"), /Windows-1252/],
    "other letters": ["a.csv", named("User ID,Item-ID,Rating,TimeStamp"), /user = "User ID"/],
    Amazon: ["a.csv", named("reviewerID,asin,overall,unixReviewTime"), /item = "asin"/],
    "names of one's own": [
      "a.csv",
      named("who,what,how,moment"),
      undefined,
      { columns: { user: "who", item: "what", weight: "how", time: "moment" } },
    ],
    "a time known by its values": [
      "a.csv",
      named("user,item,rating,moment"),
      /time = "moment" \(its values are times\)/,
    ],
    pandas: [
      "a.csv",
      named(",user_id,item_id,rating,timestamp").replace(/\n(?=.)/g, "\n7,"),
      /column 1 has no name/,
    ],
    "JSON lines": [
      "a.jsonl",
      three
        .map(([user_id, item_id, timestamp, rating]) =>
          JSON.stringify({ user_id, item_id, rating, timestamp }),
        )
        .join("\n"),
    ],
    "numbers for columns": [
      "a.csv",
      three.map(([user, item, time, rating]) => `x,${rating},${time},${item},${user}`).join("\n"),
      /no header line/,
      { columns: { user: "5", item: "4", weight: "2", time: "3" } },
    ],
  };

for (const [kind, [name, content, notice, options]] of Object.entries(same))
  test(`is read as people have it: ${kind}`, async () => {
    const { interactions, notices } = await readDataset({ interactions: written(name, content) }, options);
    assert.deepEqual(plain(interactions), three);
    assert.equal(interactions.weightKind, "rating");
    if (notice === undefined)
      assert.deepEqual(
        notices.filter((each) => !each.includes("not numeric")),
        [],
      );
    else assert.match(notices.join("\n"), notice);
  });

test("from a pipe", async () => {
  const [pipe, file] = [join(folder, "pipe"), written("a.csv", named("user_id,item_id,rating,timestamp"))];
  execFileSync("mkfifo", [pipe]);
  const { spawn } = await import("node:child_process");
  spawn("sh", ["-c", `cat "${file}" > "${pipe}"`]);
  assert.deepEqual(plain((await readDataset({ interactions: pipe })).interactions), three);
});

test("JSON lines: long numbers keep their digits, a line that is none is refused by its number", async () => {
  const file = written(
    "a.jsonl",
    '{"user_id":12345678901234567891,"item_id":"a","note":": 12345678901234567891,"}\n{"user_id":2}\nnothing\n',
  );
  await assert.rejects(readDataset({ interactions: file }), {
    message: new RegExp(`${file}:2: item_id is empty, expected an id\n.*:3: is not a JSON object`),
  });
  const { interactions, skippedRows } = await readDataset({ interactions: file }, { skipBadRows: true });
  assert.deepEqual(interactions.userIds, ["12345678901234567891"]);
  assert.equal(skippedRows, 2);
});

test("items without a header line", async () => {
  const items = written(
    "movies.dat",
    "1193::Toy One (1995)::Animation|Comedy\n661::Two::Drama\né1::Three::\n",
  );
  const { catalog, notices } = await readDataset({ interactions: written("r.dat", lines("::")), items });
  assert.deepEqual(catalog.titles, ["Two", "Toy One (1995)", "Three"]);
  assert.match(notices.join("\n"), /has no header line: columns taken as item_id, title, column 3/);
});

test("events weigh what is usual, or what is said", async () => {
  const log = "timestamp,visitorid,event,itemid\n1,a,view,x\n2,a,addtocart,x\n3,b,transaction,y\n";
  const usual = await readDataset({ interactions: written("events.csv", log) });
  assert.deepEqual([...usual.interactions.weights], [1, 3, 5]);
  assert.equal(usual.interactions.weightKind, "event");
  assert.match(usual.notices.join("\n"), /events weigh .*addtocart = 3/);
  const events = { view: 0.1, addToCart: 1, transaction: 10 };
  const said = await readDataset({ interactions: written("events.csv", log) }, { events });
  assert.deepEqual([...said.interactions.weights], [Math.fround(0.1), 1, 10]);
  const unknown = written("events.csv", log.replace("transaction", "ponder"));
  await assert.rejects(readDataset({ interactions: unknown }), {
    message: /:4: event "ponder" is not a known kind of event, expected one of view.*--events KIND=WEIGHT/,
  });
});

test("other kinds of files are refused by their kind", async () => {
  const refused: [Buffer | string, RegExp][] = [
    ["PK\x03\x04rest", /is a zip archive or an Excel workbook, expected/],
    ['[{"user_id": 1}]', /is one JSON list, expected JSON lines/],
    [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), /is packed by zstd/],
  ];
  for (const [content, message] of refused)
    await assert.rejects(readDataset({ interactions: written("x.csv", content) }), {
      name: "InputError",
      message,
    });
});

test("a look at a log says what was understood, guessed and odd", async () => {
  const rows = Array.from({ length: 40 }, (_, r) => `${r % 4 === 0 ? " u" : "v"};i${r % 5};${r % 2}`);
  const file = written("odd.csv", `Member ID;Product;Rating\n${rows.join("\n")}\n;i;1\n`);
  const found = await inspectLog(file, { columns: { user: "Member ID" } });
  assert.equal(found.format, 'text separated by ";", plain');
  assert.deepEqual(
    found.columns.map(({ role }) => role),
    ["user", "item", "weight"],
  );
  assert.deepEqual(
    [found.rows, found.badRows, found.users, found.items, found.repeatedPairs],
    [40, 1, 2, 5, 30],
  );
  assert.match(found.notices.join("\n"), /no time column.*\n.*item = "Product".*\n.*thumbs/);
  assert.match(
    found.suspicious.join("\n"),
    /:42: Member ID is empty[\s\S]*1 user ids begin or end with a blank[\s\S]*user "v" has 75%/,
  );
});
