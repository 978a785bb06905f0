import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { architecture } from "./architecture";
import { diagram } from "./diagram";
import { overview } from "./overview";

const lib = resolve(__dirname, "..");

test("the architecture shows every folder of lib", () => {
  const there = readdirSync(lib, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const text = JSON.stringify(architecture().layout.annotations);
  for (const { name } of there) assert.ok(text.includes(`${name}/`), name);
});

test("arrows end at the edges of their boxes", () => {
  const box = (id: string, x: number) => ({ id, title: id, x, y: 1, width: 2, height: 1 });
  const { layout } = diagram([box("a", 1), box("b", 6)], [{ from: "a", to: "b" }], {
    title: "T",
    caption: "C",
    subtitle: "S",
    columns: 8,
    rows: 2,
  });
  const [arrow] = layout.annotations as Record<string, number>[];
  assert.deepEqual([arrow.ax, arrow.ay, arrow.x, arrow.y], [2, 1, 5, 1]);
});

test("an arrow to nowhere is refused", () =>
  assert.throws(
    () =>
      diagram([], [{ from: "a", to: "b" }], { title: "T", caption: "C", subtitle: "S", columns: 1, rows: 1 }),
    /arrows between its boxes, got a/,
  ));

test("boxes of both diagrams do not overlap", () => {
  for (const figure of [overview(), architecture()]) {
    const boxes = figure.layout.shapes as Record<"x0" | "x1" | "y0" | "y1", number>[];
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1))
        assert.ok(a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0);
  }
});
