import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogOfIds } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { smallLog } from "../data/smallLog.fixture";
import { type Random, random, shuffle } from "../math/random";
import { bestRemembered } from "./bestRemembered";
import { memoryWorld } from "./memory";
import { type MemoryEntries, memoryEntries, rewardPatterns, stateInto } from "./memoryEntries";
import { readersWithMemory } from "./memoryReaders";
import { playWorld } from "./playWorld";
import { rememberedRewards, type Similarity, stateCentres } from "./rememberedRewards";

/** Three items: at right angles, and one between them. */
const vectors = Float32Array.of(1, 0, 0, 1, 0.6, 0.8);

/** Three entries: (state along 0, item 0) → 1, (along 1, item 1) → 0, (along 1, item 0) → 1. */
const three: MemoryEntries = {
  width: 2,
  states: Float32Array.of(1, 0, 0, 1, 0, 1),
  items: Int32Array.of(0, 1, 0),
  patterns: Int32Array.of(1, 0, 1),
  users: Int32Array.of(0, 1, 1),
};

function chances(similarity: Similarity, state: number[], item: number, centres = three.states): number[] {
  const memory = rememberedRewards(three, vectors, { patterns: 2, similarity, centres });
  const weight = new Float64Array(2);
  const sum = memory.weigh(memory.features(Float32Array.from(state)), 0, item, weight);
  return [...weight].map((each) => each / sum);
}

function near(found: readonly number[], expected: readonly number[]): void {
  for (const [at, value] of expected.entries())
    assert.ok(Math.abs(found[at] - value) < 1e-6, `${found} not ${expected}`);
}

test("three entries by hand: probabilities are the summed similarities, by pattern", () => {
  // Linear, α = .25, state (1, 0), item 2: 1 + .25 · 1 + .75 · .6 = 1.7, 1 + .75 · .8 = 1.6, 1 + .75 · .6 = 1.45.
  near(chances({ kind: "linear", alpha: 0.25 }, [1, 0], 2), [1.6 / 4.75, 3.15 / 4.75]);
  // Exponential, κs = 1, κa = 2: e^(1 + 1.2), e^(0 + 1.6), e^(0 + 1.2).
  const weights = [Math.exp(2.2), Math.exp(1.6), Math.exp(1.2)];
  const sum = weights[0] + weights[1] + weights[2];
  const sharp = { kind: "exponential", stateSharpness: 1, itemSharpness: 2 } as const;
  near(chances(sharp, [1, 0], 2), [weights[1] / sum, (weights[0] + weights[2]) / sum]);
  // Nobody's state: all entries are as far.
  near(chances(sharp, [0, 0], 1), [Math.exp(2) / (Math.exp(2) + 2), 2 / (Math.exp(2) + 2)]);
});

/** Entries with states and items drawn. */
function drawnEntries(count: number, draw: Random): MemoryEntries {
  const states = new Float32Array(count * 2);
  for (let e = 0; e < count; e++) {
    const angle = draw.next() * 2 * Math.PI;
    if (e % 7 > 0) states.set([Math.cos(angle), Math.sin(angle)], 2 * e);
  }
  const column = (limit: number) => Int32Array.from({ length: count }, () => draw.integer(limit));
  return { width: 2, states, items: column(3), patterns: column(3), users: new Int32Array(count) };
}

test("sums by group equal the plain sum over all entries", () => {
  const draw = random(4);
  const entries = drawnEntries(40, draw);
  const asked = drawnEntries(10, draw);
  const cosine = (a: Float32Array, i: number, b: Float32Array, j: number): number =>
    a[2 * i] * b[2 * j] + a[2 * i + 1] * b[2 * j + 1];
  const centres = stateCentres(entries, 40, draw);
  for (const similarity of [
    { kind: "linear", alpha: 0.3 },
    { kind: "exponential", stateSharpness: 3, itemSharpness: 2 },
  ] as const) {
    const memory = rememberedRewards(entries, vectors, { patterns: 3, similarity, centres });
    const features = memory.features(asked.states);
    const weight = new Float64Array(3);
    for (let i = 0; i < 10; i++) {
      const sum = memory.weigh(features, i, asked.items[i], weight);
      const plain = [0, 0, 0];
      for (let e = 0; e < 40; e++) {
        const state = cosine(asked.states, i, entries.states, e);
        const item = cosine(vectors, asked.items[i], vectors, entries.items[e]);
        plain[entries.patterns[e]] +=
          similarity.kind === "linear" ? 1 + 0.3 * state + 0.7 * item : Math.exp(3 * state + 2 * item);
      }
      const all = plain[0] + plain[1] + plain[2];
      near(
        [...weight].map((each) => each / sum),
        plain.map((each) => each / all),
      );
    }
  }
});

test("an item without a vector is its own twin", () => {
  const withZero = Float32Array.of(1, 0, 0, 0);
  const entries = { ...three, items: Int32Array.of(0, 1, 0) };
  const similarity = { kind: "exponential", stateSharpness: 0, itemSharpness: 2 } as const;
  const memory = rememberedRewards(entries, withZero, { patterns: 2, similarity, centres: three.states });
  const weight = new Float64Array(2);
  memory.weigh(memory.features(Float32Array.of(1, 0)), 0, 1, weight);
  near([...weight], [1, 2 * Math.exp(-2)]);
});

test("rewards and states of a log: what was received well before, and nothing of the row itself", () => {
  const log = smallLog([
    [0, 0, 5],
    [0, 1, 2],
    [0, 2, 4],
    [0, 1, 5],
  ]);
  const stars = rewardPatterns(log, "rating");
  assert.deepEqual([...stars.values], [0, 2 / 3, 1]);
  assert.deepEqual([...stars.isPositive], [0, 1, 1]);
  const patterns = rewardPatterns(log, "positive");
  assert.deepEqual([patterns.of(3), patterns.of(4), patterns.threshold], [0, 1, 4]);
  assert.throws(() => rewardPatterns(log, "positive", 1), /2 to 20 different rewards in the log, got 1/);
  const histories = {
    ...{ size: 1, users: Int32Array.of(0), offsets: Int32Array.of(0, 4) },
    ...{ items: log.items, weights: log.weights, rows: Int32Array.of(0, 1, 2, 3) },
  };
  const { entries, last } = memoryEntries(histories, vectors, { patterns, history: 2, width: 2 });
  const half = Math.sqrt(0.8);
  near([...entries.states], [0, 0, 1, 0, 1, 0, half, 0.8 / (2 * half)]);
  assert.deepEqual([...entries.patterns], [1, 0, 1, 1]);
  assert.deepEqual(last, [[2, 1]]);
});

/** Readers of a memory in which item 0 is always received well, 1 never, and 2 nearly always. */
function readers(size: number, repeats: boolean) {
  const similarity = { kind: "exponential", stateSharpness: 0, itemSharpness: 40 } as const;
  const memory = rememberedRewards({ ...three, patterns: Int32Array.of(1, 0, 1) }, vectors, {
    ...{ patterns: 2, similarity, centres: three.states },
  });
  const patterns = rewardPatterns(
    smallLog([
      [0, 0, 5],
      [0, 1, 1],
    ]),
    "positive",
  );
  const fitted = { memory, patterns, vectors, starts: [[2]], leastWeight: 0.5 };
  return readersWithMemory(size, fitted, { width: 2, history: 1, repeats, steps: 3 });
}

test("what is received well enters the state, the oldest leaves; shown again it earns nothing; support", () => {
  const { environments, shown } = readers(2, false);
  near([...environments.reset(random(1))], [0.6, 0.8, 0.6, 0.8]);
  const first = environments.step([0, 1]);
  assert.deepEqual([...first.rewards], [1, 0]);
  near([...first.observations], [1, 0, 0.6, 0.8]);
  // The third item is in no entry, and nothing of the memory is within e^-8 of it.
  const second = environments.step([0, 2]);
  assert.deepEqual([...second.rewards], [0, 0], "shown before, and started from");
  assert.deepEqual([...second.info!.supported], [1, 0]);
  assert.deepEqual([...shown(0)], [2, 0, 0]);
  assert.deepEqual([...environments.step([0, 0]).truncated], [1, 1]);
  const again = readers(1, true).environments;
  again.reset(random(1));
  assert.deepEqual([again.step([0]).rewards[0], again.step([0]).rewards[0]], [1, 1]);
});

test("the best item is that of exact expectations, and none that is barred", () => {
  const draw = random(8);
  const entries = drawnEntries(60, draw);
  const similarity = { kind: "exponential", stateSharpness: 4, itemSharpness: 3 } as const;
  const memory = rememberedRewards(entries, vectors, {
    ...{ patterns: 3, similarity, centres: stateCentres(entries, 9, draw) },
  });
  const values = Float64Array.of(0, 0.5, 1);
  const patterns = {
    ...rewardPatterns(
      smallLog([
        [0, 0, 5],
        [0, 1, 1],
      ]),
      "positive",
    ),
    values,
  };
  const { states } = drawnEntries(20, draw);
  const features = memory.features(states);
  const weight = new Float64Array(3);
  const expected = (i: number, item: number): number => {
    const sum = memory.weigh(features, i, item, weight);
    return (0.5 * weight[1] + weight[2]) / sum;
  };
  const best = bestRemembered({ memory, patterns });
  const free = best(states, () => new Set());
  const barred = best(states, (i) => new Set([free[i]]));
  free.forEach((item, i) => {
    const all = [0, 1, 2].map((each) => expected(i, each));
    assert.equal(all[item], Math.max(...all));
    assert.equal(all[barred[i]], [...all].sort()[1]);
  });
  assert.ok(new Set(free).size > 1);
});

test("items that single precision cannot tell apart are asked in double", () => {
  const arc = Float32Array.from({ length: 80 }, (_, at) =>
    at % 2 === 0 ? Math.cos(1e-5 * at) : Math.sin(1e-5 * at),
  );
  const entries = { ...three, items: Int32Array.of(10, 30, 20) };
  const similarity = { kind: "exponential", stateSharpness: 1, itemSharpness: 3 } as const;
  const memory = rememberedRewards(entries, arc, { patterns: 2, similarity, centres: three.states });
  const patterns = rewardPatterns(
    smallLog([
      [0, 0, 5],
      [0, 1, 1],
    ]),
    "positive",
  );
  const state = Float32Array.of(0.6, 0.8);
  const weight = new Float64Array(2);
  const expected = Array.from({ length: 40 }, (_, item) => {
    const sum = memory.weigh(memory.features(state), 0, item, weight);
    return weight[1] / sum;
  });
  const [best] = bestRemembered({ memory, patterns })(state, () => new Set());
  assert.equal(best, expected.indexOf(Math.max(...expected)));
  assert.ok(best < 39 && Math.max(...expected) - Math.min(...expected) < 1e-4);
});

/** Readers who like items of their own kind, and one row in eight of the others'; or nothing of the kind. */
function tastes(isShuffled: boolean): Dataset {
  const draw = random(6);
  const rows: [number, number, number][] = [];
  for (let user = 0; user < 120; user++)
    for (const item of shuffle(
      Int32Array.from({ length: 24 }, (_, i) => i),
      draw,
    ).slice(0, 14))
      rows.push([user, item, draw.next() < (user % 3 === item % 3 ? 0.9 : 0.125) ? 5 : 1]);
  if (isShuffled) {
    const order = shuffle(
      Int32Array.from(rows, (_, row) => row),
      draw,
    );
    const ratings = rows.map(([, , rating]) => rating);
    for (const [at, row] of order.entries()) rows[at][2] = ratings[row];
  }
  const interactions = smallLog(rows);
  return {
    ...{ name: "tastes", label: "tastes", origin: "made here", skippedRows: 0, notices: [] },
    ...{ interactions, catalog: catalogOfIds(interactions.itemIds) },
  };
}

const quick = { width: 4, history: 5, centres: 12 };

test("validity: far above marginal and item rates where liking is by likeness, nothing where ratings are shuffled", () => {
  const { validity } = memoryWorld(tastes(false), quick).fitted;
  assert.ok(
    validity.overMarginal.lower > 0.05 && validity.overItemMean.lower > 0.05,
    JSON.stringify(validity),
  );
  assert.deepEqual(validity.warnings, []);
  assert.deepEqual([validity.users, validity.rows], [60, 60 * 14]);
  // LIRD's sum knows of no match between state and item.
  const { validity: linear } = memoryWorld(tastes(false), { ...quick, similarity: "linear" }).fitted;
  assert.ok(linear.overMarginal.mean < 0.2 * validity.overMarginal.mean);
  const { validity: shuffled } = memoryWorld(tastes(true), quick).fitted;
  assert.ok(shuffled.overMarginal.lower <= 0, JSON.stringify(shuffled));
  assert.match(shuffled.warnings[0], /no more of other users than the rates of all rewards/);
});

test("greedy and popular, and a share without support that is as asked on logged pairs", () => {
  const world = memoryWorld(tastes(false), { ...quick, steps: 4, support: 0.3 });
  const played = (name: string): { readonly mean: number; readonly isTwice: boolean } => {
    const environments = world.environments(300);
    const shown = Array.from({ length: 300 }, () => new Set<number>());
    let isTwice = false;
    const { returns } = playWorld(world.policy(name, environments), environments, random(2), {
      watch: ({ choice: { actions } }) =>
        actions.forEach((action, i) => {
          isTwice ||= shown[i].has(action);
          shown[i].add(action);
        }),
    });
    return { mean: returns.reduce((sum, each) => sum + each, 0) / 300, isTwice };
  };
  const [greedy, popular] = [played("greedy"), played("popular")];
  assert.ok(greedy.mean > popular.mean + 0.3, `${greedy.mean} ${popular.mean}`);
  assert.ok(popular.mean > played("random").mean - 0.2);
  assert.deepEqual([greedy.isTwice, popular.isTwice], [false, false]);
  assert.throws(() => world.policy("optimal", world.environments(1)), /has no policy optimal, but random/);
  assert.throws(() => memoryWorld(tastes(false), { centers: 3 } as never), /centers/);
});

test("the state of items: their mean direction; nothing of nothing", () => {
  const state = new Float32Array(2);
  stateInto([0, 1], vectors, state);
  near([...state], [Math.SQRT1_2, Math.SQRT1_2]);
  stateInto([], vectors, state);
  assert.deepEqual([...state], [0, 0]);
});
