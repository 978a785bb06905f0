import assert from "node:assert/strict";
import { test } from "node:test";
import type { Evaluation } from "../metrics/evaluate";
import { curveOfSeeds, endOfSeeds, gainOverSeeds, measuresOfSeeds } from "./trainSeeds";

const run = (steps: number[], values: number[]) =>
  ({ name: "TD3", curves: { meanQ: { steps, values } } }) as unknown as Parameters<typeof curveOfSeeds>[0][0];

test("a curve of several seeds is their mean, with the lowest and the highest, where all have a value", () => {
  const found = curveOfSeeds([run([0, 10, 20], [1, 2, 3]), run([0, 20], [3, 9])], "meanQ");
  assert.deepEqual(found, { name: "TD3", x: [0, 20], y: [2, 6], lower: [1, 3], upper: [3, 9] });
  const halved = curveOfSeeds([run([0, 10, 20], [1, 2, 3])], "meanQ", { perStep: 0.5, until: 5 });
  assert.deepEqual(
    [halved.x, halved.y],
    [
      [0, 5],
      [1, 2],
    ],
  );
  const some = curveOfSeeds([run([0, 10, 20], [1, 2, 3])], "meanQ", { at: [0, 20, 30] });
  assert.deepEqual(
    [some.x, some.y],
    [
      [0, 20],
      [1, 3],
    ],
  );
  assert.throws(() => curveOfSeeds([run([0], [1])], "meanX"), /a curve of TD3, got meanX: it has meanQ/);
  assert.throws(() => curveOfSeeds([], "meanQ"), /at least one run/);
});

test("where curves end, and several of them as a figure takes them", () => {
  const runs = [run([0, 10], [1, 2]), run([0, 10], [3, 8])];
  assert.deepEqual(endOfSeeds(runs, "meanQ"), { mean: 5, lower: 2, upper: 8 });
  assert.deepEqual(measuresOfSeeds(runs, ["meanQ"], { from: 500 }), {
    name: "TD3",
    steps: [500, 510],
    measures: { meanQ: [2, 5] },
    bands: { meanQ: { lower: [1, 2], upper: [3, 8] } },
  });
});

const judged = (...values: number[]) =>
  ({ ks: [10], perUser: { 10: { ndcg: Float64Array.from(values) } } }) as unknown as Evaluation;

test("a gain over seeds pairs users and seeds, and its interval carries both", () => {
  const base = judged(0.1, 0.2, 0.3, 0.4);
  const one = gainOverSeeds([judged(0.2, 0.3, 0.4, 0.5)], [base]);
  assert.ok(Math.abs(one.mean - 0.1) < 1e-12 && one.upper - one.lower < 1e-9, "every user gains the same");
  // seeds that gain .1, .0 and −.1 for everybody: as many for as against
  const seeds = [0.1, 0, -0.1].map((by) => judged(0.1 + by, 0.2 + by, 0.3 + by, 0.4 + by));
  const three = gainOverSeeds(seeds, [base]);
  assert.ok(Math.abs(three.mean) < 1e-12 && three.lower < -0.1 && three.upper > 0.1, JSON.stringify(three));
  const paired = gainOverSeeds(seeds, seeds);
  assert.deepEqual([paired.mean, paired.lower, paired.upper], [0, 0, 0], "seed s stands beside seed s");
  assert.throws(() => gainOverSeeds([base], [base], { k: 5 }), /metrics at 5, got \[10\]/);
});
