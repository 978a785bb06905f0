import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { bestAvailableDataset, openDataset } from "./openDataset";

const folder = mkdtempSync(join(tmpdir(), "offshelf-open-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const plays = file("plays.csv", "user_id,item_id,rating\na,x,5\na,y,4\nb,x,3\n");
const tracks = file("tracks.csv", "item_id,title\nx,Ex\ny,Why\nz,Zed\n");

test("a name gives the dataset of that name, a path or several the files", async () => {
  assert.equal((await openDataset("synthetic")).name, "synthetic");
  const own = await openDataset(plays);
  assert.deepEqual([own.name, own.interactions.size, own.catalog.size], ["plays.csv", 3, 2]);
  const titled = await openDataset({ interactions: plays, items: tracks });
  assert.deepEqual([titled.catalog.size, titled.catalog.titles[0]], [3, "Ex"]);
});

test("what is neither a dataset nor a file says both", () =>
  assert.rejects(openDataset("goodboks"), {
    name: "InputError",
    message:
      /no dataset and no file is called "goodboks", expected a file of interactions, or one of goodbooks, /,
  }));

test("notebooks take a file where they take a name; broken files are not replaced by other data", async () => {
  const heard: string[] = [];
  const own = await bestAvailableDataset({ wanted: plays, onNotice: (notice) => heard.push(notice) });
  assert.equal(own.name, "plays.csv");
  assert.match(heard.join("\n"), /data: plays\.csv/);
  const broken = file("broken.csv", "user_id,item_id,rating\na,x,many\n");
  await assert.rejects(bestAvailableDataset({ wanted: broken }), /broken\.csv:2: /);
});
