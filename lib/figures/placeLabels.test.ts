import assert from "node:assert/strict";
import { test } from "node:test";
import { panels } from "./panels";
import { placeLabels, shortTitle, spanOf } from "./placeLabels";

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
  const near = placeLabels(label, range, { width: 700, height: 400 })[0]!;
  assert.deepEqual([near.ax, near.ay], [0, -20]);
  const moved = placeLabels(label, range, { width: 700, height: 400, avoid: [above] })[0]!;
  assert.deepEqual([moved.ax, moved.ay], [0, 20]);
  const avoid = Array.from({ length: 10000 }, (_, i) => ({
    x: (i % 100) / 100,
    y: Math.floor(i / 100) / 100,
  }));
  const crowded = placeLabels(label, range, { width: 700, height: 400, avoid })[0]!;
  assert.deepEqual([crowded.ax, crowded.ay], [0, -20]);
});

test("titles lose their series and what is too long", () => {
  assert.equal(shortTitle("Twilight (Twilight, #1)"), "Twilight");
  assert.equal(shortTitle("abcdefgh", 5), "abcd…");
});

test("a span has room at both ends, even of a single value", () => {
  assert.deepEqual(spanOf([0, 10], 0.1), [-1, 11]);
  assert.deepEqual(spanOf([3], 0.5), [2.5, 3.5]);
});

test("panels share the width", () => {
  assert.deepEqual(
    panels(2, 0.2).map(({ domain }) => domain),
    [
      [0, 0.4],
      [0.6, 1],
    ],
  );
});
