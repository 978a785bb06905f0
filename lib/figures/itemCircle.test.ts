import assert from "node:assert/strict";
import { test } from "node:test";
import { itemCircle, winnerAt } from "./itemCircle";

const items = [
  { name: "east", angle: 0, bias: 0 },
  { name: "north", angle: 90, bias: 1 },
];

test("the nearer item wins; a bias of 1 at temperature .5 is worth half a cosine", () => {
  assert.equal(winnerAt(items, 44, 0.5, false), 0);
  assert.equal(winnerAt(items, 46, 0.5, false), 1);
  // north wins where cos/.5 < sin/.5 + 1, that is cos − sin < .5: from 24.3 degrees on
  assert.equal(winnerAt(items, 24, 0.5, true), 0);
  assert.equal(winnerAt(items, 25, 0.5, true), 1);
});

test("the caption names both winners; nothing and no temperature are refused", () => {
  const figure = itemCircle({ items, query: 30, temperature: 0.5, dataset: "toy" });
  assert.match(figure.caption, /finds east by direction alone, and north with/);
  assert.throws(() => itemCircle({ items: [], query: 0, temperature: 1, dataset: "toy" }), /at least one/);
  assert.throws(
    () => itemCircle({ items, query: 0, temperature: 0, dataset: "toy" }),
    /positive temperature/,
  );
});
