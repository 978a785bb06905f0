import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { type Database, openDatabase } from "./duckdb";
import { type FileHead, readHead } from "./fileHead";
import { InputError } from "./inputError";
import { readDataset } from "./readInteractions";
import { tableSource } from "./tableSource";

const folder = mkdtempSync(join(tmpdir(), "one-reader-"));
const opened = openDatabase();
after(async () => {
  (await opened).close();
  rmSync(folder, { recursive: true });
});

/** A thousand and more by hand: OFFSHELF_FUZZ=5000. */
const numRuns = Number(process.env.OFFSHELF_FUZZ ?? 100);

let files = 0;
function written(content: string | Buffer, name = "odd.csv"): string {
  const file = join(folder, `${files++}-${name}`);
  writeFileSync(file, content);
  return file;
}

/** A file's rows with their lines, in order, and the lines that were refused. */
async function rowsOf(database: Database, head: FileHead): Promise<{ rows: unknown[][]; torn: number[] }> {
  const source = await tableSource(database, head);
  await database.run(`CREATE OR REPLACE TABLE t AS SELECT * FROM ${source.sql}`);
  const columns = head.columns.map((_, c) => `c${c}`).join(", ");
  const rows = await database.rows(
    `SELECT CAST(${source.line} AS VARCHAR), ${columns} FROM t ORDER BY rowid`,
  );
  await source.release();
  assert.equal(source.torn.first.length, Math.min(10, source.torn.count));
  return { rows, torn: source.torn.first.map(({ line }) => line) };
}

/** The same head for the careful reader. */
function careful(head: FileHead): FileHead {
  const { plain: _, ...rest } = head as FileHead & { plain?: string };
  return rest as FileHead;
}

const oddField = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom("a", "7", "é", "漢", "-", "."), maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom('"', '""', " ", "a", "\t", ";", "|", "::", "'", "\\", "\x01", "\x01b", "\x00"),
      maxLength: 4,
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('"a,b"', '"a\nb"', '"a""b"', ' "a"', '"', '"a', 'a"', '""') },
  { weight: 1, arbitrary: fc.constant("long".repeat(500)) },
);
const odd = fc.record({
  mark: fc.constantFrom("", "", "\ufeff"),
  before: fc.constantFrom("", "", "\n", "\r\n\n"),
  separator: fc.constantFrom(",", ",", ";", "\t", "|", "::"),
  ends: fc.array(fc.constantFrom("\n", "\r\n", "\r", "\n\n"), { minLength: 1, maxLength: 2 }),
  oddness: fc.constantFrom(0, 0, 1),
  rows: fc.array(fc.array(oddField, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
  torn: fc.array(fc.constantFrom("", ",", ",,", "x"), { maxLength: 2 }),
  last: fc.boolean(),
  encoding: fc.constantFrom("utf8", "utf8", "latin1", "utf16le"),
});

test("any odd file: read at once and with care it has the same rows, and every line is kept or reported", async () => {
  const database = await opened;
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(odd, async (made) => {
      const simple = (text: string): string => text.replace(/["\s\0;|:,]/g, "") || "x";
      const lines = made.rows.map((row, r) =>
        row
          .map((field) => (made.oddness === 0 ? simple(field) : field))
          .join(made.separator)
          .concat(made.oddness === 0 ? "" : (made.torn[r] ?? "").replaceAll(",", made.separator)),
      );
      const header = ["user_id", "item_id", "note"].join(made.separator);
      const endOf = (line: number): string => made.ends[made.oddness === 0 ? 0 : line % made.ends.length];
      const body = [header, ...lines].map((line, l) => line + endOf(l)).join("");
      const mark = made.encoding === "latin1" ? "" : made.mark;
      const whole = mark + made.before + (made.last ? body : body.trimEnd());
      const text = made.encoding === "latin1" ? whole.replaceAll("漢", "ß") : whole;
      const bytes =
        made.encoding === "utf16le"
          ? Buffer.from(`\ufeff${text}`, "utf16le")
          : Buffer.from(text, made.encoding as "utf8");
      const head = await readHead(database, written(bytes));
      assert.deepEqual(head.columns, ["user_id", "item_id", "note"]);
      const withCare = await rowsOf(database, careful(head));
      if (head.kind === "csv" && head.plain !== undefined) {
        plain++;
        assert.deepEqual(await rowsOf(database, head), withCare);
        assert.deepEqual(withCare.torn, []);
      }
      // Every line that is not blank is the header's, begins a row, belongs to one in quotes, or is reported.
      const all = text.replace("\ufeff", "").split(/\r\n|\r|\n/);
      const taken = withCare.torn.map((line) => line - 1);
      for (const [line, ...values] of withCare.rows)
        for (let l = values.join("").split(/\r\n|\r|\n/).length - 1; l >= 0; l--)
          taken.push(Number(line) - 1 + l);
      assert.equal(new Set(taken).size, taken.length, "no line is two rows'");
      const isHeader = (l: number): boolean => l === all.findIndex((each) => each !== "");
      all.forEach((line, l) => {
        if (line !== "") assert.equal(taken.includes(l), !isHeader(l), `line ${l + 1}`);
      });
      if (made.oddness === 0) assert.equal(withCare.rows.length, made.rows.length);
    }),
    { seed: 7, numRuns },
  );
  assert.ok(plain > numRuns / 10, `${plain} of ${numRuns} were plain`);
});

test("any well-formed file has the rows that csv-parse finds", async () => {
  const database = await opened;
  const field = fc.string({
    unit: fc.constantFrom("a", "ü", ",", '"', "\n", "\r\n", "\t", " ", "\x01"),
    maxLength: 6,
  });
  const cell = fc.tuple(field, fc.boolean()).map(([value, isQuoted]) => {
    return isQuoted || /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value;
  });
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom("\n", "\r\n"), async (cells, end) => {
      const text = ["user_id,item_id,note", ...cells.map((row) => row.join(","))].join(end) + end;
      const theirs: string[][] = parse(text, { from_line: 2, skip_empty_lines: true, record_delimiter: end });
      const head = await readHead(database, written(text));
      const { rows: ours, torn } = await rowsOf(database, head);
      assert.deepEqual(torn, []);
      assert.deepEqual(
        ours.map(([, ...values]) => values.map((value) => value ?? "")),
        theirs,
      );
    }),
    { seed: 8, numRuns },
  );
});

test("what is refused at once is refused with care, in the same words", async () => {
  const value = fc.constantFrom("1", "2", "x", "", "3.5", "-1", "1e300", " 4", "nan");
  const rows = fc.array(fc.tuple(value, value, value, value), { minLength: 1, maxLength: 6 });
  const outcome = async (file: string, skipBadRows: boolean): Promise<unknown> => {
    try {
      const { interactions, skippedRows } = await readDataset({ interactions: file }, { skipBadRows });
      return [interactions, skippedRows];
    } catch (error) {
      assert.ok(error instanceof InputError, String(error));
      return error.message.replaceAll(file, "FILE");
    }
  };
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (cells, skip) => {
      const body = cells.map((row) => `${row.join(",")}\n`).join("");
      const plain = written(`user_id,item_id,timestamp,rating\n${body}`);
      const quoted = written(`user_id,"item_id",timestamp,rating\n${body}`);
      assert.deepEqual(await outcome(plain, skip), await outcome(quoted, skip));
    }),
    { seed: 9, numRuns: Math.ceil(numRuns / 5) },
  );
});

test("a stray quote costs its row", async () => {
  const row = (r: number): string => `u${r % 6},i${r % 10},${1000 + r},${1 + (r % 5)}`;
  for (const stray of ['"u0,i1,1030,1', 'u0,"i1,1030,1', 'u0,"i1,1030,"1', 'u0,i1,1030,"1']) {
    const lines = Array.from({ length: 400 }, (_, r) => (r === 30 ? stray : row(r)));
    // Another field in quotes, far away and near, closes nothing that the stray one opened.
    lines[35] = '"u5",i5,1035,1';
    lines[200] = 'u1,"i,1",1200,1';
    const file = written(`user_id,item_id,timestamp,rating\n${lines.join("\n")}\n`);
    const { interactions, skippedRows } = await readDataset({ interactions: file }, { skipBadRows: true });
    assert.deepEqual([interactions.size, skippedRows], [399, 1], stray);
  }
});

test("a name is one file's, whatever DuckDB would find by it", async () => {
  const text = (user: string): string => `user_id,item_id,rating\n${user},i,5\n`;
  for (const name of [
    "star*.csv",
    "log[1].csv",
    "what?.csv",
    "a=b.csv",
    "{a}.csv",
    "it's.csv",
    "[x]*?.csv",
  ]) {
    writeFileSync(join(folder, name), text(name));
    for (const other of ["star-old.csv", "log1.csv", "whats.csv", "x1y.csv"])
      writeFileSync(join(folder, other), text("other"));
    const { interactions } = await readDataset({ interactions: join(folder, name) });
    assert.deepEqual(interactions.userIds, [name]);
  }
});

test("blank lines before the header, separators at the end of lines", async () => {
  const blank = written("\n\r\n\nuser_id,item_id,rating\n1,2,5\n\n3,4,5\n");
  assert.equal((await readDataset({ interactions: blank })).interactions.size, 2);
  for (const [header, left] of [
    ["user_id,item_id,rating", 2],
    ["user_id,item_id,rating,", 2],
  ] as const) {
    const trailing = written(`${header}\n1,2,5,\n3,4,x,\n5,6,3,,\n`);
    const { interactions, skippedRows } = await readDataset(
      { interactions: trailing },
      { skipBadRows: true },
    );
    assert.deepEqual([interactions.size, skippedRows], [left, 1]);
  }
});

test("lines with other numbers of separators are not plain", async () => {
  const database = await opened;
  for (const line of ["d,e", "d,e,f,g", "d,e,f,"]) {
    const head = await readHead(database, written(`user_id,item_id,note\na,b,c\n${line}\nf,g,h\n`));
    assert.ok(head.kind === "csv" && head.plain === undefined, line);
    const { rows, torn } = await rowsOf(database, head);
    assert.deepEqual([rows.length, torn], line === "d,e,f," ? [3, []] : [2, [3]]);
  }
});
