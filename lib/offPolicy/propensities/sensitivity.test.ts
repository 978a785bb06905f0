import assert from "node:assert/strict";
import { test } from "node:test";
import { doublyRobust } from "../bandit/doublyRobust";
import { ips, snips } from "../bandit/inversePropensity";
import { loggedRounds } from "../bandit/loggedRounds";
import type { RoundDistributions } from "./choiceColumns";
import { propensitiesOf } from "./crossFitted";
import { sensitivityOf } from "./sensitivity";
import { atTemperature } from "./temperature";

const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value - expected) <= 1e-12, `${value} is not ${expected}`);

const actions = Int32Array.of(0, 0, 1, 1);
const told: RoundDistributions = { size: 4, actionCount: 2, write: (_round, into) => into.set([0.8, 0.2]) };
const propensitiesAt = (temperature: number): Float64Array =>
  propensitiesOf(atTemperature(told, temperature), actions);
const rounds = loggedRounds({
  rewards: Float64Array.of(1, 0, 1, 1),
  propensities: propensitiesAt(1),
  provenance: "estimated",
  targetProbabilities: Float64Array.of(0.5, 0.5, 0.5, 0.5),
  model: { logged: Float64Array.of(1, 0, 1, 1), expected: Float64Array.of(0.2, 0.4, 0.6, 0.8) },
});

test("temperatures and clips by hand; at 1 without a clip the plain estimate", () => {
  const temperatures = [0.5, 1, 2];
  const band = sensitivityOf(rounds, ips, { propensitiesAt, temperatures, clips: [2, Infinity] });
  // Propensities (16/17, 1/17), (4/5, 1/5), (2/3, 1/3); weights 17/32 and 17/2, 5/8 and 5/2, 3/4 and 3/2.
  const expected = [
    [0.5, 2, (17 / 32 + 2 + 2) / 4],
    [0.5, Infinity, (17 / 32 + 17) / 4],
    [1, 2, (5 / 8 + 4) / 4],
    [1, Infinity, (5 / 8 + 5) / 4],
    [2, 2, (3 / 4 + 3) / 4],
    [2, Infinity, (3 / 4 + 3) / 4],
  ] as const;
  band.cells.forEach((cell, i) => {
    assert.deepEqual([cell.temperature, cell.clip], expected[i].slice(0, 2));
    near(cell.value, expected[i][2]);
  });
  assert.equal(band.cells.length, expected.length);
  near(band.lowest, 3.75 / 4);
  near(band.highest, (17 / 32 + 17) / 4);
  near(band.asFitted!.value, (5 / 8 + 5) / 4);
  near(band.asFitted!.meanWeight, (10 / 8 + 5) / 4);
  near(band.asFitted!.effectiveSampleSize, 6.25 ** 2 / (2 * (25 / 64) + 12.5));
  // Student's t on 4 numbers: 5/8, 0, 5/2, 5/2.
  const { value, lower, upper } = band.asFitted!;
  near(upper - value, value - lower);
  const deviation = Math.sqrt([0.625, 0, 2.5, 2.5].reduce((sum, v) => sum + (v - value) ** 2, 0) / 3);
  assert.ok(Math.abs(upper - value - (3.1824 * deviation) / 2) < 0.02, `${upper - value}`);
});

test("any estimator; the log's own propensities are not read, the reward model is kept", () => {
  const other = { ...rounds, propensities: new Float64Array(4).fill(1) };
  const [one, two] = [rounds, other].map((each) => sensitivityOf(each, snips, { propensitiesAt }));
  assert.deepEqual(one, two);
  assert.equal(one.cells.length, 20);
  assert.ok(one.lowest < one.highest);
  // A model that is right about every round leaves nothing to weigh: no temperature and no clip moves it.
  const exact = sensitivityOf(rounds, doublyRobust, { propensitiesAt });
  near(exact.lowest, 0.5);
  near(exact.highest, 0.5);
  assert.throws(() => sensitivityOf(rounds, ips, { propensitiesAt, clips: [] }), /at least one temperature/);
});

test("rounds of one user are one: the interval rests on users", () => {
  const grid = { propensitiesAt, temperatures: [1], clips: [Infinity] };
  const apart = sensitivityOf(rounds, ips, grid).asFitted!;
  const two = sensitivityOf({ ...rounds, users: Int32Array.of(0, 1, 0, 1) }, ips, grid).asFitted!;
  assert.equal(two.value, apart.value);
  // Users' means are 25/16 and 5/4, so the error is half their difference.
  const reach = (cell: { upper: number; lower: number }): number => (cell.upper - cell.lower) / 2;
  const onePair = sensitivityOf({ ...rounds, users: Int32Array.of(0, 0, 1, 1) }, ips, grid).asFitted!;
  // Means 5/16 and 5/2: seven times as far apart, whatever Student's quantile.
  assert.ok(Math.abs(reach(onePair) / reach(two) - (5 / 2 - 5 / 16) / (25 / 16 - 5 / 4)) < 1e-6);
});
