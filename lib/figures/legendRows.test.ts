import assert from "node:assert/strict";
import { test } from "node:test";
import { legendRows } from "./legendRows";

test("names share a line while they fit, then stand in columns of the longest", () => {
  assert.equal(legendRows(["men", "women"], 800), 1);
  const long = "fourteen words of a name"; // 24 letters: 187 pixels
  assert.equal(legendRows([long, long, "b", "c"], 500), 1);
  assert.equal(legendRows([long, long, long], 500), 2);
  assert.equal(legendRows([long, long, long], 150), 3);
  assert.equal(legendRows([`${long}<sub>e</sub>`, long], 400), 1);
  assert.equal(legendRows([], 100), 1);
});
