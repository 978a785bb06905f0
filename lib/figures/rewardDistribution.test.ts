import assert from "node:assert/strict";
import { test } from "node:test";
import { rewardDistribution } from "./rewardDistribution";

test("few values get a bar each, many are binned, and each panel adds up to all rows", () => {
  const many = Float64Array.from({ length: 1000 }, (_, i) => i / 999);
  const figure = rewardDistribution({ rewards: { binary: [0, 1, 1, 1], many }, dataset: "invented" });
  const [binary, binned] = figure.data as { x: number[]; y: number[] }[];
  assert.deepEqual(
    [binary!.x, binary!.y],
    [
      [0, 1],
      [25, 75],
    ],
  );
  assert.equal(binned!.x.length, 25);
  assert.ok(Math.abs(binned!.y.reduce((sum, share) => sum + share, 0) - 100) < 1e-9);
  assert.match(figure.caption, /binary 0\.75, many 0\.50/);
});
