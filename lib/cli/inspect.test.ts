import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCommand } from "./frame";
import { describeInspect } from "./inspect";
import { memoryOutput } from "./output";

const folder = mkdtempSync(join(tmpdir(), "inspect-"));
after(() => rmSync(folder, { recursive: true }));

test("one screen, the command that trains, and the same as JSON", async () => {
  const [file, json] = [join(folder, "it's.csv"), join(folder, "found.json")];
  writeFileSync(file, "visitor;thing;event\n1;a;view\n2;b;cart\n2;a\n");
  const output = memoryOutput();
  const status = await runCommand(
    "inspect",
    describeInspect,
    [file, "--columns", "user=visitor,item=thing", "--json", json],
    output,
  );
  assert.equal(status, 0, output.stderr());
  const text = output.stdout();
  assert.ok(text.split("\n").length < 40);
  assert.match(text, /separated by ";"/);
  assert.match(text, /events weigh cart = 3, view = 1|events weigh view = 1, cart = 3/);
  assert.match(text, /it's\.csv:4: 2 fields, expected 3/);
  assert.match(
    text,
    /next: npm run -s train -- --interactions '.*it'\\''s\.csv' --columns user=visitor,item=thing --skip-bad-rows\n$/,
  );
  assert.deepEqual(JSON.parse(readFileSync(json, "utf8")).columns[2].role, "weight");
});

test("an items file is shown beside the log, and what it lacks", async () => {
  const [file, items] = [join(folder, "log.csv"), join(folder, "items.csv")];
  writeFileSync(file, "user_id,item_id\n1,a\n2,b\n2,c\n");
  writeFileSync(items, "item_id,title,available,genre\na,A,1,x\nb,B,0,y\n");
  const output = memoryOutput();
  assert.equal(await runCommand("inspect", describeInspect, [file, "--items", items], output), 0);
  const text = output.stdout();
  assert.match(text, /items file +2 items; 1 unavailable; columns genre, available/);
  assert.match(text, /1 items of the log are not in the items file, "c" for one/);
  assert.match(text, new RegExp(`--interactions ${file} --items ${items}\n$`));
});

test("what cannot be read is said in one line", async () => {
  const output = memoryOutput();
  assert.equal(await runCommand("inspect", describeInspect, [folder], output), 2);
  assert.equal(output.stderr(), `${folder}: is a folder, expected a CSV or Parquet file\n`);
});
