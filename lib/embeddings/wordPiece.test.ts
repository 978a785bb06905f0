import assert from "node:assert/strict";
import { test } from "node:test";
import { wordPiece } from "./wordPiece";

const words = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "un",
  "##aff",
  "##able",
  "##a",
  "cafe",
  "!",
  "(",
  "#",
  "1",
  "書",
  "σας",
  "σασ",
];
const tokens = (text: string, longest?: number): string[] =>
  wordPiece(words)
    .encode(text, longest)
    .map((row) => words[row]);

test("the longest piece comes first, and the rest goes on with ##", () => {
  assert.deepEqual(tokens("unaffable una"), ["[CLS]", "un", "##aff", "##able", "un", "##a", "[SEP]"]);
});

test("a word that does not come out whole is unknown as a whole, and so is one that is too long", () => {
  assert.deepEqual(tokens("unaffect un"), ["[CLS]", "[UNK]", "un", "[SEP]"]);
  assert.deepEqual(tokens(`un${"a".repeat(98)}`).length, 101); // un and 98 pieces
  assert.deepEqual(tokens(`un${"a".repeat(99)}`), ["[CLS]", "[UNK]", "[SEP]"]);
});

test("case, accents, punctuation, symbols, ideographs and control characters", () => {
  assert.deepEqual(tokens("CAFÉ!(#1"), ["[CLS]", "cafe", "!", "(", "#", "1", "[SEP]"]);
  assert.deepEqual(tokens("ca\u0000fe\u00a0cafe\u0301\n書書"), [
    "[CLS]",
    "cafe",
    "cafe",
    "書",
    "書",
    "[SEP]",
  ]);
  assert.deepEqual(tokens("ΣΑΣ σας"), ["[CLS]", "σασ", "σας", "[SEP]"]);
  assert.deepEqual(tokens(" \t"), ["[CLS]", "[SEP]"]);
});

test("texts are cut before the last mark", () => {
  assert.deepEqual(tokens("un un un un", 4), ["[CLS]", "un", "un", "[SEP]"]);
});

test("a vocabulary without its special entries is refused", () => {
  assert.throws(() => wordPiece(["[UNK]", "[CLS]"]), /requires \[SEP\]/);
});
