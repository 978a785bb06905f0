import assert from "node:assert/strict";
import { test } from "node:test";
import type { Histories } from "../data/histories";
import { random } from "../math/random";
import { exactIndex } from "../retrieval/exactIndex";
import { itemPolicy } from "./itemPolicy";

const vectors = Float32Array.of(1, 0, 0, 1, 0.5, 0.5, -1, 0, 0.2, 0.9, 0, -1);
const index = exactIndex(vectors, 2);
const query = Float32Array.of(1, 0.5);
const seen: Histories = {
  size: 1,
  users: Int32Array.of(-1),
  offsets: Int32Array.of(0, 1),
  items: Int32Array.of(2),
  weights: Float32Array.of(1),
  rows: Int32Array.of(-1),
};
const search = { seen, unavailable: new Set([5]) };

test("probabilities are the mixture, by hand", () => {
  const policy = itemPolicy(index, { temperature: 0.5, candidates: 2, exploration: 0.2 });
  const p = policy.probabilities(query, search);
  // Available: 0, 1, 3, 4 with scores 1, .5, -1, .65; the two nearest are 0 and 4.
  const [a, b] = [Math.exp(1 / 0.5), Math.exp(0.65 / 0.5)];
  const expected = [0.8 * (a / (a + b)) + 0.05, 0.05, 0, 0.05, 0.8 * (b / (a + b)) + 0.05, 0];
  for (let row = 0; row < 6; row++) assert.ok(Math.abs(p[row] - expected[row]) < 1e-7, `${row}: ${p[row]}`);
  assert.ok(Math.abs(p.reduce((x, y) => x + y) - 1) < 1e-12);
  for (let row = 0; row < 6; row++)
    assert.equal(policy.probabilityOf(query, Int32Array.of(row), search)[0], p[row]);
});

test("draws follow the stated probabilities (chi-square) and carry them; what is masked never comes", () => {
  for (const [seed, exploration] of [
    [1, 0.3],
    [2, 0],
    [3, 1],
  ] as const) {
    const policy = itemPolicy(index, { temperature: 0.5, candidates: 2, exploration });
    const p = policy.probabilities(query, search);
    const draw = random(seed);
    const counts = new Float64Array(6);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const { items, probabilities } = policy.sample(query, draw, search);
      counts[items[0]]++;
      assert.equal(probabilities[0], p[items[0]]);
    }
    let statistic = 0;
    for (let row = 0; row < 6; row++) {
      if (p[row] === 0) assert.equal(counts[row], 0);
      else statistic += (counts[row] - draws * p[row]) ** 2 / (draws * p[row]);
    }
    assert.ok(statistic < 16.27, `chi-square ${statistic}`); // 3 degrees of freedom, p = .001
  }
});

test("nothing available gives no item; bad settings are named", () => {
  const policy = itemPolicy(index, { temperature: 1, exploration: 0.1 });
  const none = policy.sample(query, random(1), { unavailable: new Set([0, 1, 2, 3, 4, 5]) });
  assert.deepEqual([none.items[0], none.probabilities[0]], [-1, 0]);
  assert.throws(() => itemPolicy(index, { temperature: 0 }), /positive temperature, got 0/);
  assert.throws(() => itemPolicy(index, { temperature: 1, candidates: 0 }), /at least 1 candidate, got 0/);
  assert.throws(
    () => itemPolicy(index, { temperature: 1, exploration: 1.1 }),
    /exploration in \[0, 1\], got 1.1/,
  );
});
