import assert from "node:assert/strict";
import { test } from "node:test";
import type { Catalog } from "../../data/catalog";
import { searchTitles } from "./searchTitles";

const titles = [
  ...["Animal Farm", "The Farm", "1984", "Café Farmhouse", "Pharma, far and wide", "A long way off"],
  ...["Brave New World", "1984: the graphic novel", "O'Brien's Year"],
];
const ids = titles.map((_, row) => (row === 0 ? "1984" : `b${row}`));
const catalog: Catalog = {
  ...{ size: titles.length, ids, titles, text: {}, numbers: {} },
  rowOf: (id) => ids.indexOf(id),
};

test("the likeliest title comes first: itself, its id, its beginning, its words, then what holds the text", () => {
  assert.deepEqual(searchTitles(catalog, "1984", 9), [2, 0, 7]);
  assert.deepEqual(searchTitles(catalog, "far", 9), [0, 1, 3, 4]);
  assert.deepEqual(searchTitles(catalog, "pha", 9), [4]);
  assert.deepEqual(searchTitles(catalog, "new bra", 9), [6]); // words in any order
  assert.deepEqual(searchTitles(catalog, "arm", 9), [0, 1, 3, 4]);
  assert.deepEqual(searchTitles(catalog, "b5", 9), [5]);
  assert.deepEqual(searchTitles(catalog, "far", 2), [0, 1]);
});

test("case, accents and signs do not count; a slip finds the nearest title; nothing finds nothing", () => {
  assert.deepEqual(searchTitles(catalog, "CAFE  farm", 9), [3]);
  assert.deepEqual(searchTitles(catalog, "obriens", 9), [8]);
  assert.deepEqual(searchTitles(catalog, "brave new wrold", 9), [6]);
  assert.deepEqual(searchTitles(catalog, " – ", 9), []);
  assert.deepEqual(searchTitles(catalog, "zzz", 9), []);
});
