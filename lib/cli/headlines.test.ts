import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { textOf } from "./exercises";
import { type Headline, headlines } from "./headlines.fixture";
import { notebookFiles } from "./runNotebooks";

const root = resolve(__dirname, "..", "..");

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly {
    readonly text?: readonly string[];
    readonly data?: Readonly<Record<string, string | readonly string[]>>;
  }[];
}

/** What somebody reads in a notebook: its text, and what its cells have shown. */
function readText(cells: readonly Cell[]): string {
  return cells
    .flatMap((cell) => [
      ...(cell.cell_type === "markdown" ? [textOf(cell)] : []),
      ...(cell.outputs ?? []).map(({ text, data }) => [text ?? data?.["text/plain"] ?? ""].flat().join("")),
    ])
    .join("\n");
}

/** The text of a place: a notebook by its number, anything else by its path. */
function textAt(place: string): string {
  if (!/^\d+$/.test(place)) return readFileSync(join(root, place), "utf8");
  const [file] = notebookFiles([place]);
  return readText((JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] }).cells);
}

/** Whether two numbers are one, as far as the shorter of them was printed; names must be equal. */
function agree(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => text.replace(/,/g, "").replace("−", "-"));
  if (!/^[-+]?\d*\.?\d+$/.test(x) || !/^[-+]?\d*\.?\d+$/.test(y)) return a === b;
  const digits = Math.min(...[x, y].map((text) => text.split(".")[1]?.length ?? 0));
  return Math.abs(Number(x) - Number(y)) <= 0.5 * 10 ** -digits + 1e-12;
}

/**
 * What is wrong with a thing: places that do not tell it, and places that tell it otherwise.
 *
 * @param read the text of a place
 */
function faults({ places }: Headline, read: (place: string) => string): string[] {
  const told: { place: string; value: string }[] = [];
  const wrong: string[] = [];
  for (const [place, says] of places) {
    const values = [...read(place).matchAll(says)].map(([, value]) => value.replace(/[.,;]$/, ""));
    if (values.length === 0) wrong.push(`${place} does not say it: ${says}`);
    told.push(...values.map((value) => ({ place, value })));
  }
  for (const [i, { place, value }] of told.entries())
    for (const other of told.slice(0, i))
      if (!agree(value, other.value))
        wrong.push(`${place} says ${value}, ${other.place} says ${other.value}`);
  return [...new Set(wrong)];
}

for (const headline of headlines)
  test(`one number: ${headline.thing}`, () => {
    assert.deepEqual(faults(headline, textAt), []);
  });

test("numbers agree as far as the shorter was printed, and no further", () => {
  assert.ok(agree(".0750", "0.075"));
  assert.ok(agree("0.071", ".0707"));
  assert.ok(agree("1,331", "1331"));
  assert.ok(agree("−0.0235", "-0.02351"));
  assert.ok(!agree(".0759", ".0750"));
  assert.ok(!agree("0.071", ".0716"));
  assert.ok(!agree("1,331", "1,375"));
  assert.ok(agree("a log", "a log") && !agree("a log", "another"));
});

test("a place that says nothing, and two that differ, are faults", () => {
  const texts: Record<string, string> = { a: "DDPG .0921, and DDPG .0921", b: "DDPG 0.093", c: "nothing" };
  const places = Object.keys(texts).map((place) => [place, /DDPG (\S+?)(?:,|$)/g] as const);
  assert.deepEqual(
    faults({ thing: "DDPG", places }, (place) => texts[place]),
    ["c does not say it: /DDPG (\\S+?)(?:,|$)/g", "b says 0.093, a says .0921"],
  );
});
