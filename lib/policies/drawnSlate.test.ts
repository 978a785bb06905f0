import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { drawSlate, rowCosine, slatePlaceProbabilities } from "./drawnSlate";
import type { ServedDistribution } from "./itemPolicy";
import { placeLogProbabilities } from "./plackettLuce";

const size = 7;
/** Item 6 is not allowed; candidates 2, 0 and 4; items 1, 3 and 5 share the exploration. */
const excluded = Uint8Array.of(0, 0, 0, 0, 0, 0, 1);
const vectors = Float32Array.of(1, 0, 0, 1, 0.8, 0.6, -1, 0, 0.6, 0.8, 0, -1, 1, 0);
const similarity = rowCosine(vectors, 2);

/** Two requests, of which the second is asked: the first has nothing to do with it. */
function served(exploration: number, shares = [0.5, 0.3, 0.2], available = 6): ServedDistribution {
  const each = exploration / available;
  const own = shares.map((share) => (1 - exploration) * share + each);
  return {
    candidates: {
      size: 2,
      k: 4,
      items: Int32Array.of(5, 1, -1, -1, 2, 0, 4, -1),
      scores: Float64Array.of(9, 8, -Infinity, -Infinity, 3, 2, 1, -Infinity),
    },
    probabilities: Float64Array.of(0.6, 0.4, 0, 0, ...own, 0),
    elsewhere: Float64Array.of(0, each),
    available: Int32Array.of(2, available),
  };
}

function slates(length: number): Int32Array[] {
  const all: number[][] = [];
  const grow = (slate: number[]): void => {
    if (slate.length === length) return void all.push(slate);
    for (let row = 0; row < size; row++) if (!slate.includes(row)) grow([...slate, row]);
  };
  grow([]);
  return all.map((slate) => Int32Array.from(slate));
}

const product = (values: Float64Array): number => values.reduce((all, value) => all * value, 1);

test("the probabilities of all ordered slates sum to 1, with and without variety", () => {
  for (const exploration of [0, 0.3, 1])
    for (const variety of [0, 2, 20]) {
      const distribution = served(exploration);
      const length = exploration === 0 ? 3 : 4;
      const rules = { variety, similarity, excluded };
      let total = 0;
      for (const slate of slates(length)) {
        const probability = product(slatePlaceProbabilities(distribution, 1, slate, rules));
        if (slate.includes(6)) assert.equal(probability, 0);
        total += probability;
      }
      assert.ok(Math.abs(total - 1) < 1e-9, `exploration ${exploration}, variety ${variety}: ${total}`);
    }
});

test("draws follow the slate probabilities (chi-square) and carry them", () => {
  for (const [seed, variety, exploration] of [
    [1, 0, 0.3],
    [2, 3, 0.3],
    [3, 3, 0],
  ]) {
    const distribution = served(exploration);
    const rules = { variety, similarity, excluded };
    const draw = random(seed);
    const counts = new Map<string, number>();
    const draws = 30_000;
    for (let i = 0; i < draws; i++) {
      const slate = drawSlate(distribution, 1, 2, { random: draw, size, ...rules });
      const key = slate.items.join();
      if (!counts.has(key))
        assert.deepEqual(
          [...slate.probabilities],
          [...slatePlaceProbabilities(distribution, 1, slate.items, rules)],
        );
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    let [statistic, cells] = [0, 0];
    for (const slate of slates(2)) {
      const expected = draws * product(slatePlaceProbabilities(distribution, 1, slate, rules));
      const count = counts.get(slate.join()) ?? 0;
      if (expected === 0) assert.equal(count, 0);
      else {
        cells++;
        statistic += (count - expected) ** 2 / expected;
      }
    }
    const most = cells - 1 + 3.3 * Math.sqrt(2 * (cells - 1)) + 4; // above the .999 quantile for 5 to 29 degrees
    assert.ok(statistic < most, `seed ${seed}: chi-square ${statistic} of ${cells} slates`);
  }
});

test("without variety a slate is Plackett-Luce over all items", () => {
  const distribution = served(0.3);
  const each = distribution.elsewhere[1];
  const [two, zero, four] = distribution.probabilities.subarray(4);
  const logits = Float64Array.of(zero, each, two, each, four, each, 0).map(Math.log);
  for (const slate of slates(3).filter((rows) => !rows.includes(6))) {
    const expected = placeLogProbabilities(logits, slate).map(Math.exp);
    const found = slatePlaceProbabilities(distribution, 1, slate, { excluded });
    for (let place = 0; place < 3; place++)
      assert.ok(Math.abs(found[place] - expected[place]) < 1e-12, `${slate}: ${found}, not ${expected}`);
  }
});

test("variety by hand: likeness to the nearest above moves candidates alone", () => {
  const distribution = served(0.3);
  const found = slatePlaceProbabilities(distribution, 1, Int32Array.of(2, 5, 4), {
    variety: 2,
    similarity,
    excluded,
  });
  const [two, zero, four] = distribution.probabilities.subarray(4);
  const each = distribution.elsewhere[1];
  const rest = zero + four + 3 * each;
  // After 2 comes 5, which no candidate; then 0 and 4 meet 2 (.8 and .96) and 5 (0 and −.8): the nearest counts.
  const [a, b] = [zero * Math.exp(-2 * 0.8), four * Math.exp(-2 * 0.96)];
  const expected = [two, each / rest, ((zero + four) / (zero + four + 2 * each)) * (b / (a + b))];
  for (let place = 0; place < 3; place++)
    assert.ok(Math.abs(found[place] - expected[place]) < 1e-7, `${found}`);
});

test("too few items shorten the slate; lost probabilities leave the best candidate", () => {
  const options = { random: random(1), size, excluded };
  assert.equal(drawSlate(served(0.3), 1, 20, options).items.length, 6);
  assert.equal(drawSlate(served(0, [1, 0, 0], 3), 1, 20, options).items.join(), "2,0,4");
  assert.deepEqual([...drawSlate(served(0, [1, 0, 0], 3), 1, 9, options).probabilities], [1, 1, 1]);
  assert.equal(drawSlate({ ...served(0), available: Int32Array.of(0, 0) }, 1, 3, options).items.length, 0);
  // Without exploration what is no candidate never comes.
  assert.equal(drawSlate(served(0), 1, 20, options).items.length, 3);
});

test("what is refused", () => {
  const distribution = served(0.3);
  assert.throws(() => drawSlate(distribution, 1, 0, { random: random(1), size }), /k of at least 1, got 0/);
  assert.throws(
    () => slatePlaceProbabilities(distribution, 1, Int32Array.of(2, 2)),
    /distinct items, got 2, 2/,
  );
  const draw = { random: random(1), size };
  assert.throws(() => drawSlate(distribution, 1, 2, { ...draw, variety: -1 }), /at least 0, got -1/);
  assert.throws(
    () => drawSlate(distribution, 1, 2, { ...draw, variety: 1 }),
    /similarity of items, got nothing/,
  );
});

test("a slate of ten of 200 candidates passes over no catalogue, and costs little", () => {
  const rows = 200;
  const draw = random(3);
  const probabilities = Float64Array.from({ length: rows }, () => 1 / rows);
  const distribution = {
    candidates: {
      size: 1,
      k: rows,
      items: Int32Array.from({ length: rows }, (_, i) => i),
      scores: probabilities,
    },
    ...{ probabilities, elsewhere: Float64Array.of(0), available: Int32Array.of(2_000_000) },
  };
  // A mask that nobody may look at: no place falls outside the candidates.
  const guarded = new Proxy(new Uint8Array(1), { get: () => assert.fail("the catalogue was passed over") });
  for (let i = 0; i < 50; i++)
    drawSlate(distribution, 0, 10, { random: draw, size: 2_000_000, excluded: guarded });
});
