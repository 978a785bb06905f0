import assert from "node:assert/strict";
import { test } from "node:test";
import { mainGenres } from "./mainGenres";

test("a short list: the rarest genre wins, nothing stays nothing", () => {
  const genres = ["Drama", "Drama, Horror", "Drama, Comedy", "Comedy", "", "Comedy, Drama"];
  assert.deepEqual(mainGenres({ size: 6, text: { genres } }), [
    "Drama",
    "Horror",
    "Comedy",
    "Comedy",
    "",
    "Comedy",
  ]);
  assert.deepEqual(mainGenres({ size: 2, text: {} }), ["", ""]);
});

test("readers' shelves: the family with most of its spellings wins", () => {
  const filler = Array.from({ length: 41 }, (_, i) => `shelf-${i}`);
  const genres = [
    "ya, ya-fiction, young-adult, thriller",
    "thriller, crime, detective, ya",
    ...filler, // makes the list long, belongs to no family
  ];
  const found = mainGenres({ size: genres.length, text: { genres } });
  assert.deepEqual(found.slice(0, 3), ["young adult", "mystery and thriller", ""]);
});
