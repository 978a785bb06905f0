import assert from "node:assert/strict";
import { test } from "node:test";
import { normalDistribution } from "../math/normal";
import { random } from "../math/random";
import { gaussian, normals } from "./initialisers";

const draws = 200_000;

test("normals are normal: moments, distribution and tails, as gaussian's", () => {
  for (const [name, values] of [
    ["normals", normals(draws, 2, random(1))],
    ["gaussian", gaussian(draws, 2, random(1))],
  ] as const) {
    const moment = (power: number): number =>
      values.reduce((sum, value) => sum + (value / 2) ** power, 0) / draws;
    // Each within 4.5 standard errors, √((E z^2p − (E z^p)²) / n).
    for (const [power, wanted, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
      [6, 15, 10_170],
    ] as const)
      assert.ok(
        Math.abs(moment(power) - wanted) < 4.5 * Math.sqrt(variance / draws),
        `${name}: moment ${power} is ${moment(power)}`,
      );
    const sorted = values.slice().sort();
    let furthest = 0; // Kolmogorov and Smirnov's distance, over 1.95 / √n once in a thousand
    for (const [i, value] of sorted.entries())
      furthest = Math.max(furthest, Math.abs((i + 0.5) / draws - normalDistribution(value / 2)));
    assert.ok(furthest < 1.95 / Math.sqrt(draws), `${name}: ${furthest} from Φ`);
    // The ziggurat's last layer ends at 3.44: what lies beyond is drawn in another way.
    for (const end of [2, 3, 3.442619855899, 3.72])
      for (const sign of [-1, 1]) {
        const wanted = draws * (1 - normalDistribution(end));
        const found = values.filter((value) => (sign * value) / 2 > end).length;
        assert.ok(Math.abs(found - wanted) < 4 * Math.sqrt(wanted), `${name}: ${found} beyond ${sign * end}`);
      }
  }
});

test("normals: the same numbers from the same seed, one after the other as all at once; of any length", () => {
  assert.deepEqual(normals(1000, 0.3, random(5)), normals(1000, 0.3, random(5)));
  const stream = random(5);
  const parts = [normals(400, 0.3, stream), normals(600, 0.3, stream)];
  assert.deepEqual([...parts[0], ...parts[1]], [...normals(1000, 0.3, random(5))]);
  assert.equal(normals(0, 1, random(1)).length, 0);
  assert.ok(normals(10, 0, random(1)).every((value) => Math.abs(value) === 0));
});
