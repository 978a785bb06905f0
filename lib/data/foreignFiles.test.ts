import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readDataset } from "./readInteractions";

/**
 * Small files in the form of well-known public logs: the same five rows each. They are read at once, or with what
 * their message tells to say, or refused with a message that names what is wrong.
 */
const rows: readonly (readonly [user: string, item: string, seconds: number, weight: number])[] = [
  ["u1", "i1", 1500602892, 5],
  ["u1", "i2", 1500689292, 3],
  ["u2", "i1", 1500775692, 4],
  ["u2", "i3", 1500862092, 1],
  ["u3", "i2", 1500948492, 2],
];
type Row = (typeof rows)[number];

const folder = mkdtempSync(join(tmpdir(), "foreign-"));
after(() => rmSync(folder, { recursive: true }));
const date = (seconds: number): Date => new Date(1000 * seconds);
const day = (seconds: number): string => date(seconds).toISOString().slice(0, 10);
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const named = (seconds: number): [month: string, day: string, time: string, year: number] => [
  months[date(seconds).getUTCMonth()],
  String(date(seconds).getUTCDate()).padStart(2, "0"),
  date(seconds).toISOString().slice(11, 19),
  date(seconds).getUTCFullYear(),
];
const lines = (line: (row: Row, i: number) => string, head = ""): string =>
  `${head}${rows.map(line).join("\n")}\n`;

interface Foreign {
  readonly text: string;
  readonly columns?: Readonly<Record<string, string>>;
  readonly events?: Readonly<Record<string, number>>;
  /** Seconds that its times lose: a date has none of the day's. */
  readonly without?: number;
  /** What each row weighs; as in `rows` by default. */
  readonly weights?: readonly number[];
  readonly notices?: readonly RegExp[];
}
const ones = [1, 1, 1, 1, 1];

const foreign: Readonly<Record<string, Foreign>> = {
  "reviews as JSON lines, with texts": {
    text: lines(([user, item, time, stars]) =>
      JSON.stringify({
        review_id: "r",
        ...{ user_id: user, business_id: item, stars, text: 'It was "ok",\nreally' },
        date: date(time).toISOString().slice(0, 19).replace("T", " "),
      }),
    ),
    notices: [/item = "business_id", weight = "stars", time = "date"/],
  },
  "a shop's reviews": {
    text: lines(([user, item, time, overall]) =>
      JSON.stringify({ overall, reviewerID: user, asin: item, style: { Format: "x" }, unixReviewTime: time }),
    ),
    notices: [/user = "reviewerID", item = "asin", weight = "overall", time = "unixReviewTime"/],
  },
  milliseconds: {
    text: lines(
      ([user, item, time, rating]) => `${user},${item},${rating}.0,${time}000`,
      "user_id,parent_asin,rating,timestamp\n",
    ),
    notices: [/timestamps are milliseconds/],
  },
  "a shop's events": {
    text: lines(
      ([user, item, time, k]) => `${time}007,${user},${k > 3 ? "addtocart" : "view"},${item},`,
      "timestamp,visitorid,event,itemid,transactionid\n",
    ),
    without: -0.007,
    weights: [3, 1, 3, 1, 1],
    notices: [/user = "visitorid", item = "itemid", weight = "event"/, /view = 1/, /milliseconds/],
  },
  "events without a header": {
    text: lines(([user, item, time, k]) => `${user},${item},77,${k > 3 ? "buy" : "pv"},${time}`),
    columns: { user: "1", item: "2", weight: "4", time: "5" },
    weights: [5, 1, 5, 1, 1],
    notices: [/no header line/, /pv = 1/],
  },
  "listening, tabs and stray quotes": {
    text: lines(
      ([user, item, time]) => `${user}\t${date(time).toISOString().slice(0, 19)}Z\tmb\tArtist\t\t${item}`,
    ).replace("Artist", 'Artist "live'),
    columns: { user: "1", time: "2", item: "6" },
    weights: ones,
  },
  "games, hours or purchases": {
    text: lines(([user, item, , k]) => `${user},"${item}",${k > 3 ? "play" : "purchase"},1.0,0`),
    columns: { user: "1", item: "2", weight: "3" },
    events: { play: 4, purchase: 1 },
    weights: [4, 1, 4, 1, 1],
    notices: [/order of the rows/, /play = 4/],
  },
  "check-ins with the month's name": {
    text: lines(([user, item, time]) => {
      const [month, dayOfMonth, clock, year] = named(time);
      return `${user}\t${item}\tcat\tCafé\t40.7\t-240\tFri ${month} ${dayOfMonth} ${clock} +0000 ${year}`;
    }),
    columns: { user: "1", item: "2", time: "7" },
    weights: ones,
  },
  "trust networks: blanks between numbers": {
    text: lines(([user, item, , rating]) => `${user} ${item} ${rating}`),
    notices: [/columns taken as user_id, item_id, rating/, /order of the rows/],
  },
  "purchases by day": {
    text: lines(
      ([user, item, time]) => `${day(time)},${user},${item},0.05,2`,
      "t_dat,customer_id,article_id,price,sales_channel_id\n",
    ),
    without: 7692,
    weights: ones,
    notices: [/time = "t_dat" \(its values are times\)/],
  },
  "a spreadsheet's export in German": {
    text: lines(([user, item, time, k]) => {
      const [, dayOfMonth, clock, year] = named(time);
      const month = String(date(time).getUTCMonth() + 1).padStart(2, "0");
      return `"${user}";"${item}";"${dayOfMonth}.${month}.${year} ${clock}";"${k},0"`;
    }, 'sep=;\n"Kunde";"Artikel";"Datum";"Menge"\n'),
    columns: { user: "Kunde", item: "Artikel", time: "Datum", weight: "Menge" },
    notices: [/a line above the header left out/],
  },
  "an analytics export under remarks": {
    text: lines(
      ([user, item, time]) => `${user},${item},view,${time}000000`,
      "# ------\n# Export\n# ------\nuser_pseudo_id,item_name,event_name,event_timestamp\n",
    ),
    weights: ones,
    notices: [
      /3 lines above the header left out/,
      /user = "user_pseudo_id", item = "item_name"/,
      /microseconds/,
    ],
  },
  "remarks with as many separators as the rows": {
    text: lines(([user, item]) => `${user},${item}`, "# made by,somebody\nuser_id,item_id\n"),
    weights: ones,
    notices: [/a line above the header left out/],
  },
  "names as people write them": {
    text: lines(
      ([user, item, time, k]) => `${user},${item},${named(time)[0]} ${named(time)[1]} 2017,${k}`,
      "User ID,Product Name,Purchase Date,Star Rating\n",
    ),
    without: 7692,
    notices: [/user = "User ID", item = "Product Name", weight = "Star Rating", time = "Purchase Date"/],
  },
};

for (const [name, { text, columns, events, without = 0, weights, notices = [] }] of Object.entries(foreign))
  test(`read: ${name}`, async () => {
    const file = join(folder, `${name.replace(/\W+/g, "-")}.txt`);
    writeFileSync(file, text);
    const read = await readDataset(
      { interactions: file },
      { ...(columns && { columns }), ...(events && { events }) },
    );
    const { interactions } = read;
    const isTimed = interactions.order === "timestamp";
    assert.deepEqual(
      Array.from(interactions.users, (user, row) => [
        interactions.userIds[user],
        interactions.itemIds[interactions.items[row]],
        ...(isTimed ? [interactions.times[row]] : []),
        interactions.weights[row],
      ]),
      rows.map(([user, item, time, weight], i) => [
        ...[user, item],
        ...(isTimed ? [time - without] : []),
        weights?.[i] ?? weight,
      ]),
    );
    for (const notice of notices) assert.match(read.notices.join("\n"), notice);
  });

const refused: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  "ratings in blocks of one item": [
    "1:\n25,3,2005-09-06\n26,4,2005-10-06\n2:\n25,1,2005-01-01\n",
    /:1: no user column among .*--columns user=/,
  ],
  "orders without their customers": [
    "order_id,product_id,add_to_cart_order\n1,2,1\n1,3,2\n",
    /:1: no user column among "order_id", "product_id", "add_to_cart_order".*--columns user=NAME/,
  ],
  "sessions with their events inside": [
    '{"session":1,"events":[{"aid":2,"ts":3}]}\n{"session":2,"events":[]}\n',
    /no item column among "session", "events"/,
  ],
  "days and months that could be either": [
    "user_id,item_id,timestamp\n1,2,07/06/2017\n1,3,08/06/2017\n",
    /:2: timestamp "07\/06\/2017" is not a time, expected epoch seconds or ISO 8601/,
  ],
  "one JSON list": [
    '[{"userId":1,"itemId":2},\n{"userId":1,"itemId":3}]\n',
    /is one JSON list, expected JSON lines/,
  ],
};

for (const [name, [text, message]] of Object.entries(refused))
  test(`refused with what to do: ${name}`, async () => {
    const file = join(folder, `${name.replace(/\W+/g, "-")}.txt`);
    writeFileSync(file, text);
    await assert.rejects(readDataset({ interactions: file }), message);
  });

test("0 among whole stars from 1 to 5 means not rated; a missing id is said", async () => {
  const file = join(folder, "shelves.csv");
  writeFileSync(file, "user_id,book_id,rating\n1,1,5\n1,2,0\nNA,3,4\nNA,1,2\n");
  const { notices } = await readDataset({ interactions: file });
  assert.match(
    notices.join("\n"),
    /ratings are from 0 to 5: .* 0 is “not rated” and earns 0, relevant from 4/,
  );
  assert.match(
    notices.join("\n"),
    /user "NA" looks like a missing id; it is kept as one user with 2 rows \(50%\)/,
  );
});
