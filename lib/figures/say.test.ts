import assert from "node:assert/strict";
import { test } from "node:test";
import { textIsAbout } from "./say";

test("what the text is about is said where other data are shown, and only there", (t) => {
  const printed = t.mock.method(console, "log", () => {});
  textIsAbout("goodbooks", "goodbooks");
  assert.equal(printed.mock.callCount(), 0);
  textIsAbout("goodbooks", "plays.csv");
  assert.match(
    String(printed.mock.calls[0].arguments[0]),
    /^This is plays\.csv\. .* it speaks of goodbooks;/,
  );
});
