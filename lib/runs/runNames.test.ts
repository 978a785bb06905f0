import assert from "node:assert/strict";
import { test } from "node:test";
import { runNames } from "./runNames";

test("short names tell run folders apart", () => {
  assert.deepEqual(runNames(["a/td3/1", "a/sac/1"]), ["td3/1", "sac/1"]);
  assert.deepEqual(runNames(["runs/td3", "runs/sac/"]), ["td3", "sac"]);
  assert.deepEqual(runNames(["x/a/run", "x/b/run", "x/other"]), ["a/run", "b/run", "other"]);
});
