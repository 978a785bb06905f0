import assert from "node:assert/strict";
import { test } from "node:test";
import type { Catalog } from "../data/catalog";
import { findItem } from "./findItem";

const titles = [
  "The Hobbit",
  "The Hunger Games (The Hunger Games, #1)",
  "Catching Fire (The Hunger Games, #2)",
  "1984",
  "Émile et les détectives",
  "The Girl on the Train",
  "The Girl with the Dragon Tattoo (Millennium, #1)",
];
const ids = ["3", "1984", "7", "12", "ü-1", "20", "21"];
const catalog: Catalog = {
  size: ids.length,
  ids,
  titles,
  text: {},
  numbers: {},
  rowOf: (id) => ids.indexOf(id),
};
const rows = (text: string) => findItem(catalog, text).rows;

test("findItem takes an id, a title in any case, and a title without its series", () => {
  assert.deepEqual(rows("ü-1"), [4]);
  assert.deepEqual(rows("the HOBBIT"), [0]);
  assert.deepEqual(rows("the hunger games"), [1]);
  assert.deepEqual(rows("emile et les detectives"), [4]);
});

test("findItem shows every item a text may mean", () => {
  assert.deepEqual(rows("the girl"), [5, 6]);
  assert.deepEqual(rows("1984"), [1, 3], "an id and a title that read the same");
  assert.deepEqual(rows("id:1984"), [1]);
});

test("findItem forgives a slip and says that it did, and gives nothing when nothing is near", () => {
  assert.deepEqual(findItem(catalog, "The Hobit"), { rows: [0], exact: false });
  assert.deepEqual(rows("dragon tattoo"), [6]);
  assert.deepEqual(rows("zzzz"), []);
  assert.deepEqual(rows("  "), []);
  assert.deepEqual(rows("id:nothing"), []);
});
