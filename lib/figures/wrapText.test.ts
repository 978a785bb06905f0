import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapText } from "./wrapText";

test("lines end between words and keep to their length, where the words allow it", () => {
  assert.deepEqual(wrapText("far from the log", 8), ["far from", "the log"]);
  assert.deepEqual(wrapText("far from the log", 7), ["far", "from", "the log"]);
  assert.deepEqual(wrapText("an extraordinary log", 5), ["an", "extraordinary", "log"]);
  assert.deepEqual(wrapText(" ", 5), []);
});
