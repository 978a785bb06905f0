import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix, solve } from "ml-matrix";
import { historiesOfLists } from "../../data/histories";
import { random } from "../../math/random";
import type { RewardedLog } from "../incrementalAgent";
import { handLog, someLog } from "../smallLogs.fixture";

import { linUcb } from "./linUcb";
import { inTime, runningTastes, tasteOf } from "./linUcbContext";

const itemVectors = Float32Array.of(1, -0.5, 2, 0.25);
const problem = { items: 4, random: random(1), itemVectors };
const settings = { vectorWidth: 1, negatives: 0, recency: 0.5, window: 2 };
const near = (a: number, b: number, tolerance: number): void =>
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

/** Rows of users 0 and 1 taking turns. */
function turns(): RewardedLog {
  const log = handLog([
    [
      [0, 1],
      [1, -1],
      [2, 0.5],
    ],
    [
      [2, 1],
      [3, 0],
    ],
  ]);
  const rows = Int32Array.of(0, 2, 4, 1, 3);
  return { ...log, histories: { ...log.histories, rows } };
}

/** The contexts of `turns`, worked out here from the definition: 1, u, v, u·v, and the clock's four. */
function contextsOfTurns(): {
  contexts: number[][];
  rewards: number[];
  counts: number[];
  sums: number[];
  last: number[];
  decayed: number[];
} {
  const happened: [user: number, item: number, reward: number][] = [
    [0, 0, 1],
    [1, 2, 1],
    [0, 1, -1],
    [1, 3, 0],
    [0, 2, 0.5],
  ];
  const [counts, sums, last, decayed] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [-1, -1, -1, -1],
    [0, 0, 0, 0],
  ];
  const had: number[][] = [[], []];
  let all = 0;
  const contexts = happened.map(([user, item, reward], now) => {
    const weights = had[user].map((_, i) => 0.5 ** (had[user].length - 1 - i));
    const total = weights.reduce((sum, one) => sum + one, 0);
    const u = total > 0 ? had[user].reduce((sum, i, at) => sum + weights[at] * itemVectors[i], 0) / total : 0;
    const v = itemVectors[item];
    const mean = now > 0 ? all / now : 0;
    const fresh = decayed[item] * Math.exp((last[item] - now) / 2);
    const context = [
      1,
      u,
      v,
      u * v,
      Math.log1p(counts[item]),
      (sums[item] + 5 * mean) / (counts[item] + 5),
      Math.log1p(fresh),
      Math.log1p(now - last[item]),
    ];
    decayed[item] = fresh + 1;
    last[item] = now;
    counts[item]++;
    sums[item] += reward;
    all += reward;
    had[user].push(item);
    return context;
  });
  return { contexts, rewards: happened.map(([, , reward]) => reward), counts, sums, last, decayed };
}

/** A x = b by another way than the one under test. */
const solved = (matrix: number[][], b: number[]): number[] =>
  solve(new Matrix(matrix), Matrix.columnVector(b)).to1DArray();

test("LinUCB solves the normal equations of its contexts, each row seen as it was at its moment", () => {
  const { contexts, rewards, counts, sums, last, decayed } = contextsOfTurns();
  const precision = contexts[0].map((_, i) =>
    contexts[0].map((__, j) => contexts.reduce((sum, x) => sum + x[i] * x[j], i === j ? 0.5 : 0)),
  );
  const moments = contexts[0].map((_, i) => contexts.reduce((sum, x, row) => sum + x[i] * rewards[row], 0));
  const theta = solved(precision, moments);
  const agent = linUcb(problem, { ...settings, ridge: 0.5 });
  assert.equal(agent.learn(turns()).rows, 5);
  for (const [i, value] of agent.coefficients().entries()) near(value, theta[i], 1e-4);

  // And its scores, now, for somebody who had items 0 and then 3; with α also the width.
  const u = (0.5 * 1 + 0.25) / 1.5;
  const wanted = [0, 1, 2, 3].map((item) => {
    const v = itemVectors[item];
    const x = [
      1,
      u,
      v,
      u * v,
      Math.log1p(counts[item]),
      (sums[item] + 1.5) / (counts[item] + 5),
      Math.log1p(decayed[item] * Math.exp((last[item] - 5) / 2)),
      Math.log1p(5 - last[item]),
    ];
    const width = Math.sqrt(solved(precision, x).reduce((sum, value, i) => sum + value * x[i], 0));
    return [x.reduce((sum, value, i) => sum + value * theta[i], 0), width] as const;
  });
  const asked = historiesOfLists([[0, 3]]);
  for (const [item, score] of agent.scores(asked).entries()) near(score, wanted[item][0], 1e-4);
  const bold = linUcb(problem, { ...settings, ridge: 0.5, alpha: 0.7 });
  bold.learn(turns());
  for (const [item, score] of bold.scores(asked).entries())
    near(score, wanted[item][0] + 0.7 * wanted[item][1], 1e-4);
});

test("learning a log at once is learning it one interaction after the other, sampled items included", () => {
  for (const negatives of [0, 2]) {
    const made = () =>
      linUcb({ items: 4, random: random(3), itemVectors }, { ...settings, window: 100, negatives });
    const [whole, inParts] = [made(), made()];
    const log = turns();
    whole.learn(log);
    const start = handLog([[]]);
    inParts.learn({ ...start, histories: { ...start.histories, users: Int32Array.of(99) } });
    const { order, owners } = inTime(log.histories);
    for (const e of order)
      inParts.update({ user: owners[e], item: log.histories.items[e], reward: log.rewards[e] });
    for (const [i, value] of inParts.coefficients().entries()) near(value, whole.coefficients()[i], 1e-4);
    const asked = historiesOfLists([[0], [], [3, 1]], { users: [5, 6, 7] });
    const scores = inParts.scores(asked);
    for (const [i, score] of whole.scores(asked).entries()) near(score, scores[i], 1e-4);
  }
});

test("running tastes are those of the histories so far", () => {
  const options = { width: 2, recency: 0.7 };
  const vectors = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
  const running = runningTastes(1, vectors, options);
  const items = [3, 0, 5, 1];
  for (let length = 0; length <= items.length; length++) {
    const [u] = [tasteOf(historiesOfLists([items.slice(0, length)]), vectors, options)];
    for (const [f, value] of running.of(0).entries()) near(value, u[f], 1e-12);
    if (length < items.length) running.add(0, items[length]);
  }
});

test("without the product of user and item the order would be everybody's; with it, it follows the reader", () => {
  // Two kinds of readers, each liking its own half: only u∘v can tell.
  const draw = random(5);
  const vectors = Float32Array.from(
    { length: 20 },
    (_, i) => (Math.floor(i / 2) < 5 ? [1, 0] : [0, 1])[i % 2],
  );
  const steps = Array.from({ length: 60 }, (_, user) => {
    const order = Array.from({ length: 10 }, (__, item) => item).sort(() => draw.next() - 0.5);
    const own = order.filter((item) => item < 5 === (user % 2 === 0));
    const other = order.filter((item) => item < 5 !== (user % 2 === 0));
    return [own[0], own[1], other[0], own[2], other[1]].map(
      (item) => [item, item < 5 === (user % 2 === 0) ? 1 : -1] as const,
    );
  });
  const agent = linUcb(
    { items: 10, random: random(1), itemVectors: vectors },
    { vectorWidth: 2, negatives: 0, recency: 1 },
  );
  agent.learn(handLog(steps));
  const lists = agent.recommend(
    historiesOfLists([
      [0, 1],
      [8, 9],
    ]),
    3,
  );
  assert.ok(
    [...lists.items.slice(0, 3)].every((item) => item < 5),
    `${lists.items}`,
  );
  assert.ok(
    [...lists.items.slice(3)].every((item) => item >= 5),
    `${lists.items}`,
  );
});

test("sampled items teach what is taken at all: without them a rare favourite leads, with them what people take", () => {
  // Item 0 is taken by everybody and liked somewhat; item 1 by one in ten and loved.
  const steps = Array.from({ length: 100 }, (_, user) => [
    [2 + (user % 8), 0] as const,
    [0, 0.5] as const,
    ...(user % 10 === 0 ? [[1, 1] as const] : []),
  ]);
  const first = (negatives: number): number => {
    const agent = linUcb({ items: 10, random: random(2) }, { vectorWidth: 2, negatives });
    agent.learn(handLog(steps));
    return agent.recommend(historiesOfLists([[5]]), 1).items[0];
  };
  assert.equal(first(0), 1);
  assert.equal(first(4), 0);
});

test("sampled items are never ones that were had: with the last of the catalogue taken there is none left to draw", () => {
  for (const items of [2, 3]) {
    const [made, drawn] = [2, 1].map((negatives) => {
      const agent = linUcb({ items, random: random(4) }, { vectorWidth: 2, negatives });
      const every = Array.from({ length: items }, (_, item) => [item, 1] as const);
      return agent.learn(handLog([every, [...every].reverse()])).rows;
    });
    // Each history of N entries leaves N − 1, N − 2 … 0 items to draw from; one may be drawn twice.
    assert.equal(drawn, 2 * items + 2 * (items - 1));
    assert.equal(made, 2 * items + 2 * 2 * (items - 1));
    const agent = linUcb({ items, random: random(4) }, { vectorWidth: 2, negatives: 1 });
    agent.learn(handLog([[[0, 1]]]));
    const before = agent.coefficients();
    for (let item = 0; item < items; item++) agent.update({ user: 7, item, reward: 0 });
    assert.notDeepEqual(agent.coefficients(), before);
  }
});

test("α lifts what is little known", () => {
  const log = someLog(random(3), { users: 40, items: 6, length: 3 });
  const places = (alpha: number): number => {
    const agent = linUcb({ items: 7, random: random(1) }, { vectorWidth: 2, negatives: 0, alpha });
    agent.learn(log); // nobody had item 6
    return [...agent.recommend(historiesOfLists([[0]]), 6).items].indexOf(6);
  };
  assert.ok(places(50) < places(0), `${places(50)} ${places(0)}`);
  assert.equal(places(50), 0);
});

test("settings out of range are refused by name", () => {
  assert.throws(
    () => linUcb(problem, { vectorWidth: 2 }),
    /lin-ucb requires 4 item vectors of 2 numbers, got 4/,
  );
  assert.throws(() => linUcb(problem, { alpha: -1 }), /lin-ucb requires alpha to be a number from 0, got -1/);
  assert.throws(() => linUcb(problem, { ridge: 0 }), /lin-ucb requires ridge/);
});
