import assert from "node:assert/strict";
import { test } from "node:test";
import { armAt, armNames, armShares, placeOfDraw, placeOfUser } from "./arms";

test("arms are named by their folders, distinctly", () => {
  assert.deepEqual(armNames(["data/runs/a", "data/runs/b"]), ["a", "b"]);
  assert.deepEqual(armNames(["x/td3/seed-1", "x/ddpg/seed-1"]), ["td3/seed-1", "ddpg/seed-1"]);
  assert.deepEqual(armNames(["x/a", "x/a", "x/b"]), ["a", "a#2", "b"]);
});

test("shares sum to 100, one for each run", () => {
  assert.deepEqual(armShares("90,10", 2), [90, 10]);
  assert.deepEqual(armShares(undefined, 2), [50, 50]);
  assert.deepEqual(armShares("33.3, 66.7", 2), [33.3, 66.7]);
  for (const [split, runs] of [
    ["90,11", 2],
    ["100", 2],
    ["50,50", 1],
    ["110,-10", 2],
    ["a,b", 2],
    ["100,", 2],
    ["", 1],
  ] as const)
    assert.throws(() => armShares(split, runs), /--split: .* expected .* that sum to 100/);
});

test("users fall on arms by their shares, always alike; another salt divides them anew", () => {
  const arms = [{ share: 90 }, { share: 0 }, { share: 10 }];
  const at = (salt: string): number[] =>
    Array.from({ length: 10_000 }, (_, user) => arms.indexOf(armAt(arms, placeOfUser(`user ${user}`, salt))));
  const [one, again, other] = [at("a"), at("a"), at("b")];
  assert.deepEqual(one, again);
  const small = one.filter((arm) => arm === 2).length;
  assert.ok(Math.abs(small - 1000) < 120, `${small}`);
  assert.ok(!one.includes(1));
  // Independent: of those on the small arm a tenth is on it under the other salt.
  const both = one.filter((arm, user) => arm === 2 && other[user] === 2).length;
  assert.ok(both > 50 && both < 160, `${both}`);
  const drawn = Array.from({ length: 10_000 }, (_, draw) => armAt(arms, placeOfDraw(draw))).filter(
    (arm) => arm === arms[2],
  );
  assert.ok(Math.abs(drawn.length - 1000) < 120, `${drawn.length}`);
  assert.equal(armAt(arms, 1), arms[2]);
});
