import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedIntervalOverSeeds } from "./bootstrap";
import { random } from "./random";

test("runs are paired seed by seed: what a seed adds to both sides leaves no spread", () => {
  const users = Float64Array.from({ length: 40 }, (_, user) => (user % 7) / 10);
  const under = (levels: readonly number[]): Float64Array[] =>
    levels.map((level) => users.map((each) => each + level));
  const found = pairedIntervalOverSeeds(under([0.1, 0.5, 0.9]), under([0, 0.4, 0.8]), random(1));
  assert.ok(Math.abs(found.mean - 0.1) < 1e-9);
  assert.ok(found.standardError < 1e-9 && found.upper - found.lower < 1e-9);
  const single = pairedIntervalOverSeeds(under([0.1, 0.5, 0.9]), under([0.2]), random(1));
  assert.ok(Math.abs(single.mean - 0.3) < 1e-9 && single.standardError > 0.1); // one run beside every seed
});
