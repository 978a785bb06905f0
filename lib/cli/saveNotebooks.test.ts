import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { galleryPage, sectionOf } from "./gallery";
import { summary } from "./notebooks";
import { notebookFiles } from "./runNotebooks";
import { saveNotebooks } from "./saveNotebooks";

let home: string;
let folders: { latest: string; figures: string; notebooks: string };

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "offshelf-gallery-"));
  folders = {
    latest: join(home, "latest"),
    figures: join(home, "figures"),
    notebooks: join(home, "notebooks"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function executed(folder: string, name: string, pictures: readonly string[]): void {
  const cells = [
    { cell_type: "markdown", source: [`# About ${name}\n`, "text"] },
    ...pictures.map((picture) => ({
      cell_type: "code",
      source: "show()",
      outputs: [{ metadata: { offshelf: { name: picture, caption: `What ${picture} shows [1].` } } }],
    })),
  ];
  writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify({ cells }));
}

test("a run is taken over whole: notebooks, pictures, and a gallery that keeps the other notebooks", async () => {
  executed(folders.latest, "1-new", ["bars", "lines"]);
  executed(folders.notebooks, "2-old", ["dots"]);
  for (const name of ["bars", "lines"]) writeFileSync(join(folders.latest, `${name}.png`), name);
  await saveNotebooks(["1-new"], folders, { all: ["1-new", "2-old"] });
  assert.deepEqual(readdirSync(folders.notebooks).sort(), ["1-new.ipynb", "2-old.ipynb"]);
  assert.deepEqual(readdirSync(folders.figures).sort(), ["README.md", "bars.png", "lines.png"]);
  const page = readFileSync(join(folders.figures, "README.md"), "utf8");
  const order = ["## [About 1-new](../notebooks/1-new.ipynb)", "](bars.png)", "](lines.png)", "](dots.png)"];
  const places = order.map((part) => page.indexOf(part));
  assert.ok(
    places.every((place, i) => place > (places[i - 1] ?? 0)),
    page,
  );
  assert.match(page, /!\[What bars shows 1\.\]\(bars\.png\)\n\nWhat bars shows \[1\]\./);
});

test("a missing picture or a notebook too large leaves everything as it was", async () => {
  executed(folders.latest, "1-new", ["bars"]);
  await assert.rejects(saveNotebooks(["1-new"], folders), /requires the picture .*bars\.png/);
  writeFileSync(
    join(folders.latest, "2-big.ipynb"),
    JSON.stringify({ cells: [], padding: "x".repeat(600_000) }),
  );
  await assert.rejects(
    saveNotebooks(["2-big"], folders),
    /at most 512000 bytes a notebook, got 6000\d\d for 2-big/,
  );
  assert.deepEqual(readdirSync(folders.notebooks), []);
  assert.ok(!existsSync(join(folders.figures, "README.md")));
});

test("two figures of one name are refused: one would replace the other", () => {
  executed(folders.latest, "1-a", ["bars"]);
  executed(folders.latest, "2-b", ["bars"]);
  const sections = ["1-a", "2-b"].map((name) => sectionOf(join(folders.latest, `${name}.ipynb`)));
  assert.throws(() => galleryPage(sections), /one figure a name, got bars in "About 1-a" and "About 2-b"/);
});

test("notebooks are named by number or by how they begin, and come in their order", () => {
  for (const name of ["10-ten", "2-two", "1-one"]) executed(folders.notebooks, name, []);
  const names = (...asked: string[]) =>
    notebookFiles(asked, { folder: folders.notebooks }).map((file) =>
      file.slice(folders.notebooks.length + 1),
    );
  assert.deepEqual(names(), ["1-one.ipynb", "2-two.ipynb", "10-ten.ipynb"]);
  assert.deepEqual(names("1"), ["1-one.ipynb"]);
  assert.deepEqual(names("10-te", "02"), ["2-two.ipynb", "10-ten.ipynb"]);
  assert.throws(() => names("7"), /no notebook is called 7.*1-one\.ipynb/);
});

test("the summary has a line a notebook", () => {
  const results = [
    { name: "01-a", passed: true, seconds: 3, bytes: 10 },
    { name: "02-long", passed: false, seconds: 1.25 },
  ];
  assert.equal(summary(results), "01-a     passed  3.0 s\n02-long  FAILED  1.3 s");
});
