import assert from "node:assert/strict";
import { test } from "node:test";
import { grid, legendRows, wrapText } from "./layout";

test("lines end between words and keep to their length, where the words allow it", () => {
  assert.deepEqual(wrapText("far from the log", 8), ["far from", "the log"]);
  assert.deepEqual(wrapText("far from the log", 7), ["far", "from", "the log"]);
  assert.deepEqual(wrapText("an extraordinary log", 5), ["an", "extraordinary", "log"]);
  assert.deepEqual(wrapText(" ", 5), []);
});

test("names share a line while they fit, then stand in columns of the longest", () => {
  assert.equal(legendRows(["men", "women"], 800), 1);
  const long = "fourteen words of a name"; // 24 letters: 187 pixels
  assert.equal(legendRows([long, long, "b", "c"], 500), 1);
  assert.equal(legendRows([long, long, long], 500), 2);
  assert.equal(legendRows([long, long, long], 150), 3);
  assert.equal(legendRows([`${long}<sub>e</sub>`, long], 400), 1);
  assert.equal(legendRows([], 100), 1);
});

test("panels share the width, in rows from the top", () => {
  const across = (count: number, columns: number, gaps: readonly [number, number]) =>
    grid(count, { columns, gaps }).map((cell) => [cell.across, cell.upwards]);
  assert.deepEqual(across(2, 2, [0.2, 0]), [
    [
      [0, 0.4],
      [0, 1],
    ],
    [
      [0.6, 1],
      [0, 1],
    ],
  ]);
  const three = grid(3, { columns: 2, gaps: [0, 0.2] });
  assert.deepEqual(
    three.map(({ upwards, first, last }) => [upwards, first, last]),
    [
      [[0.6, 1], true, false],
      [[0.6, 1], false, true], // nothing stands below it
      [[0, 0.4], true, true],
    ],
  );
  assert.deepEqual(
    three.map(({ axes }) => axes.yaxis),
    ["y", "y2", "y3"],
  );
});
