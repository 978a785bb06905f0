import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvRecords } from "./csvRecords";

const folder = mkdtempSync(join(tmpdir(), "records-"));
after(() => rmSync(folder, { recursive: true }));

async function recordsOf(text: string): Promise<unknown[]> {
  const file = join(folder, "file.csv");
  writeFileSync(file, text);
  const records: unknown[] = [];
  for await (const { line, fields, problem } of csvRecords(file, ","))
    records.push([line, ...fields.map(String), ...(problem === undefined ? [] : [`! ${problem}`])]);
  return records;
}

test("lines are counted as an editor counts them", async () => {
  assert.deepEqual(await recordsOf("a,b\n1,2\n"), [
    [1, "a", "b"],
    [2, "1", "2"],
  ]);
  assert.deepEqual(await recordsOf("\ufeffa\r\n\r\nb\r\n"), [
    [1, "a"],
    [3, "b"],
  ]);
  assert.deepEqual(await recordsOf("a\rb\nc\r\nd"), [
    [1, "a"],
    [2, "b"],
    [3, "c"],
    [4, "d"],
  ]);
  assert.deepEqual(await recordsOf('"x\ny\r\nz",1\nb,2'), [
    [1, "x\ny\r\nz", "1"],
    [4, "b", "2"],
  ]);
});

test("quotes", async () => {
  assert.deepEqual(await recordsOf('"a ""b""","",,x"y\n'), [[1, 'a "b"', "", "", 'x"y']]);
  assert.deepEqual(await recordsOf('""\n"'), [
    [1, ""],
    [2, "", "! a quote that is never closed"],
  ]);
  assert.deepEqual(await recordsOf('"a"b,c\nd\n'), [
    [1, "ab", "c", "! text after a closing quote"],
    [2, "d"],
  ]);
});

test("nothing gives no records", async () => {
  assert.deepEqual(await recordsOf(""), []);
  assert.deepEqual(await recordsOf("\n\r\n\r"), []);
});

test("any fields are read as csv-parse reads them", async () => {
  const field = fc.string({ unit: fc.constantFrom("a", "ü", ",", '"', "\n", "\r", " "), maxLength: 5 });
  const written = fc.tuple(field, fc.boolean()).map(([value, quoted]) => {
    const plain = /[",\r\n]/.test(value) ? "" : value;
    return quoted ? `"${value.replace(/"/g, '""')}"` : plain;
  });
  const row = fc.array(written, { minLength: 1, maxLength: 4 }).map((fields) => fields.join(","));
  const rows = fc.array(fc.tuple(row, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rows, async (lines) => {
      const text = lines.map(([fields, ending]) => fields + ending).join("");
      const theirs: string[][] = parse(text, {
        record_delimiter: ["\r\n", "\n", "\r"],
        relax_column_count: true,
        skip_empty_lines: true,
      });
      const ours = (await recordsOf(text)) as unknown[][];
      assert.deepEqual(
        ours.map(([, ...fields]) => fields),
        theirs,
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});
