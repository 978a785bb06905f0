import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { bookContents, bookFile, chaptersOf, whatIsComing, withMinutes } from "./bookContents";
import { sectionOf } from "./gallery";
import { notebookFiles } from "./runNotebooks";

const table = `| notebook | what it answers | short | full |
|---|---|---|---|
| [1 · What?](01-what.ipynb) | A line. | 0.5 | 12 |
| 2 · Planned: and why? | Another. | 1 | 2 |
`;

test("chapters are read from the table of the first page, those without a file as well", () => {
  assert.deepEqual(chaptersOf(table), [
    { name: "01-what", title: "1 · What?", line: "A line.", minutes: { short: 0.5, full: 12 } },
    { title: "2 · Planned: and why?", line: "Another.", minutes: { short: 1, full: 2 } },
  ]);
});

test("measured minutes stand in their own column, in halves, and nothing else changes", () => {
  const measured = [
    { name: "01-what", seconds: 100 },
    { name: "99-other", seconds: 1 },
  ];
  assert.equal(withMinutes(table, measured, "short"), table.replace("0.5 | 12", "1.5 | 12"));
  assert.equal(
    withMinutes(table, [{ name: "01-what", seconds: 2 }], "full"),
    table.replace("| 12 |", "| 0.5 |"),
  );
});

test("what is coming has a line a notebook, and the sum", () => {
  assert.equal(
    whatIsComing(["01-what", "07-new"], chaptersOf(table), "full"),
    "2 notebooks, about 12 minutes on two quiet cores:\n  1 · What?    12 min\n  07-new",
  );
});

test("every notebook stands in the first page, in order, under its own title", () => {
  const chapters = bookContents();
  const files = notebookFiles().map((file) => basename(file, ".ipynb"));
  assert.deepEqual(
    chapters.flatMap(({ name }) => (name === undefined ? [] : [name])),
    files,
  );
  assert.deepEqual(
    chapters.map(({ title }) => Number(title.split(" ")[0])),
    chapters.map((_, i) => i + 1),
    "numbers without gaps",
  );
  for (const { name, title } of chapters)
    if (name !== undefined) assert.equal(title, sectionOf(join(dirname(bookFile), `${name}.ipynb`)).title);
});

test("every link of the first page leads somewhere, and every word names its notebook", () => {
  const text = readFileSync(bookFile, "utf8");
  for (const [, target] of text.matchAll(/\]\(([^)#]+)/g))
    assert.ok(/^https:/.test(target) || existsSync(join(dirname(bookFile), target)), target);
  const words = text.slice(text.indexOf("## Words")).match(/^\| (?!word|-).+ \|$/gm) ?? [];
  assert.ok(words.length >= 20, `${words.length} words`);
  for (const word of words) {
    assert.match(word, /\[\d+\]\(\d\d-[^)]+\.ipynb\)/);
    for (const [, number, file] of word.matchAll(/\[(\d+)\]\((\d\d)-/g))
      assert.equal(Number(number), Number(file));
  }
  const names = words.map((word) => word.split(" | ")[0].toLowerCase());
  assert.deepEqual(names, [...names].sort(), "in the order of the alphabet");
});
