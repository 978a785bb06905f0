import assert from "node:assert/strict";
import { test } from "node:test";
import { placeLabels, shortTitle, shortTitles, spreadApart } from "./placeLabels";

test("labels of the same point do not cover each other", () => {
  const same = Array.from({ length: 6 }, () => ({ text: "a title of some length", x: 0.5, y: 0.5 }));
  const placed = placeLabels(same, { x: [0, 1], y: [0, 1] }, { width: 700, height: 400 });
  const width = "a title of some length".length * 6.6;
  for (const [i, a] of placed.entries())
    for (const b of placed.slice(i + 1))
      assert.ok(
        Math.abs(a.ax - b.ax) >= width || Math.abs(a.ay - b.ay) >= 17,
        `${a.ax},${a.ay} and ${b.ax},${b.ay}`,
      );
});

test("a label leaves points visible where it can, and stands somewhere where it cannot", () => {
  const label = [{ text: "a title", x: 0.5, y: 0.5 }];
  const range = { x: [0, 1] as const, y: [0, 1] as const };
  const above = { x: 0.5, y: 0.55 }; // 20 pixels above, where the label would stand otherwise
  const near = placeLabels(label, range, { width: 700, height: 400 })[0];
  assert.deepEqual([near.ax, near.ay], [0, -20]);
  const moved = placeLabels(label, range, { width: 700, height: 400, avoid: [above] })[0];
  assert.deepEqual([moved.ax, moved.ay], [0, 20]);
  const avoid = Array.from({ length: 10000 }, (_, i) => ({
    x: (i % 100) / 100,
    y: Math.floor(i / 100) / 100,
  }));
  const crowded = placeLabels(label, range, { width: 700, height: 400, avoid })[0];
  assert.deepEqual([crowded.ax, crowded.ay], [0, -20]);
});

test("titles lose their series and what is too long", () => {
  assert.equal(shortTitle("Twilight (Twilight, #1)"), "Twilight");
  assert.equal(shortTitle("abcdefgh", 5), "abcd…");
});

test("names at the right are moved apart, in the order of their heights", () => {
  assert.deepEqual(spreadApart([10, 12], { least: 6, most: 100 }), [10, 16]);
  assert.deepEqual(spreadApart([12, 10, 50], { least: 6, most: 100 }), [16, 10, 50]);
  assert.deepEqual(spreadApart([95, 96, 97], { least: 6, most: 100 }), [88, 94, 100]);
  assert.deepEqual(spreadApart([5, 5], { least: 6, most: 100 }), [5, 11]);
});

test("titles that would be cut to the same letters stay different", () => {
  assert.deepEqual(shortTitles(["Emma (Oxford)", "Dune", "Emma (Penguin)"]), [
    "Emma",
    "Dune",
    "Emma (Penguin)",
  ]);
});
