import assert from "node:assert/strict";
import { test } from "node:test";
import { interval, intervalOverSeeds, pairedInterval, pairedIntervalOverSeeds } from "./bootstrap";
import { crossedError, crossedMean, crossedP, crossedReach } from "./crossedMean";
import { random } from "./random";
import { tDistribution, tQuantile } from "./studentT";

const near = (got: number, wanted: number, within: number): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not within ${within} of ${wanted}`);

/** NDCG-like values, two thirds of them 0, with as much luck of seeds as asked for; their true mean is 0. */
function worldOf(draw: ReturnType<typeof random>, seeds: number, users: number, ofSeeds: number) {
  const gains = Array.from({ length: 10 }, (_, rank) => 1 / Math.log2(rank + 2));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / 40;
  const luck = Array.from({ length: seeds }, () => ofSeeds * draw.normal() - mean);
  const runs = luck.map(() => new Float64Array(users));
  for (let u = 0; u < users; u++) {
    const chance = draw.next() ** 3;
    runs.forEach((run, s) => {
      run[u] = (draw.next() < chance ? gains[draw.integer(10)] : 0) + luck[s];
    });
  }
  return runs;
}

test("mean squares by hand: three seeds, two users", () => {
  // Seeds' means 2, 3, 7; users' means 3, 5; left over: ±1, 0, ∓1.
  const found = crossedMean([Float64Array.of(0, 4), Float64Array.of(2, 4), Float64Array.of(7, 7)]);
  near(found.mean, 4, 1e-12);
  near(found.bySeed, (4 + 1 + 9) / 2 / 3, 1e-12);
  near(found.byUser, (1 + 1) / 1 / 2, 1e-12);
  near(found.rest, (1 + 1 + 0 + 0 + 1 + 1) / 2 / 6, 1e-12);
  near(crossedError(found), Math.sqrt(found.bySeed + found.byUser - found.rest), 1e-12);
  const [seeds, users] = [tQuantile(0.975, 2), tQuantile(0.975, 1)];
  const half = found.rest / 2;
  near(
    crossedReach(found, 0.95) ** 2,
    Math.max(
      seeds ** 2 * (found.bySeed - half) + users ** 2 * (found.byUser - half),
      users ** 2 * found.byUser,
    ),
    1e-9,
  );
});

test("seeds alone: the t interval of their means, and its p; users alone: that of the users'", () => {
  const seeds = [-0.2, 0.5, 0.9].map((value) => new Float64Array(400).fill(value));
  const found = crossedMean(seeds);
  const error = Math.sqrt(0.31 / 3);
  near(crossedReach(found, 0.9), tQuantile(0.95, 2) * error, 1e-9);
  near(crossedP(found), 2 * tDistribution(-0.4 / error, 2), 1e-6);
  const draw = random(4);
  const users = Float64Array.from({ length: 300 }, () => 0.1 + draw.normal());
  const same = intervalOverSeeds([users, users, users], random(1));
  const alone = interval({ values: users }, random(1), { resamples: 4000 });
  near(same.lower, alone.lower, 0.01);
  near(same.upper, alone.upper, 0.01);
  near(same.standardError, alone.standardError, 0.003);
  // Of one user nothing is known of users.
  near(
    crossedReach(crossedMean([[1], [2], [4]].map((x) => Float64Array.from(x))), 0.95),
    4.30265273 * Math.sqrt(7 / 9),
    1e-6,
  );
});

test("95% intervals over few seeds hold the mean over fresh users and seeds, at no needless width", () => {
  const [users, worlds] = [100, 300];
  const usersError = Math.sqrt(0.454 ** 2 * (1 / 7 - 1 / 16));
  for (const [seeds, least] of [
    [3, 0.915],
    [5, 0.92],
  ] as const)
    for (const ratio of [0, 1, 4]) {
      const draw = random(100 * seeds + ratio);
      let [held, width, plain] = [0, 0, 0];
      for (let world = 0; world < worlds; world++) {
        const runs = worldOf(draw, seeds, users, (ratio * usersError * Math.sqrt(seeds)) / Math.sqrt(users));
        const found = crossedMean(runs);
        const reach = crossedReach(found, 0.95);
        held += Math.abs(found.mean) <= reach ? 1 : 0;
        width += reach;
        plain += 1.96 * Math.sqrt(found.byUser);
      }
      assert.ok(held / worlds >= least, `${seeds} seeds, ratio ${ratio}: ${held} of ${worlds}`);
      if (ratio === 0)
        assert.ok(width < plain * (seeds === 3 ? 1.5 : 1.2), `${width / plain} times the users'`);
    }
});

test("the users' choice is in the interval: it widens with their spread, and narrows with their number", () => {
  const draw = random(9);
  const runsOf = (users: number, spread: number) => {
    const own = Float64Array.from({ length: users }, () => spread * draw.normal());
    return [-1, 0, 1, 2, -2].map((luck) => own.map((value) => value + 0.01 * luck));
  };
  const few = intervalOverSeeds(runsOf(100, 1), random(1)).standardError;
  near(few, 0.1, 0.02);
  near(intervalOverSeeds(runsOf(100, 3), random(1)).standardError, 0.3, 0.06);
  near(intervalOverSeeds(runsOf(2500, 1), random(1)).standardError, 0.021, 0.003);
});

test("seed s is paired with seed s: what both learn of a seed's luck cancels out", () => {
  const draw = random(5);
  const luck = [-3, 1, 0, 2, 7];
  const users = Float64Array.from({ length: 200 }, () => draw.normal());
  const own = luck.map((shift) => users.map((value) => value + shift + 0.1 + 0.01 * draw.normal()));
  const other = luck.map((shift) => users.map((value) => value + shift));
  const { mean, lower, upper, p } = pairedIntervalOverSeeds(own, other, random(1));
  near(mean, 0.1, 0.005);
  assert.ok(lower > 0.09 && upper < 0.11, `${lower} to ${upper}`);
  assert.ok(p! < 1e-5);
});

test("p is below .05 where the 95% interval leaves 0 out, and nowhere else; without an effect it is even", () => {
  const draw = random(31);
  let below = 0;
  const worlds = 300;
  for (let world = 0; world < worlds; world++) {
    const a = worldOf(draw, 4, 40, 0.05 * (world % 3));
    const zero = a.map((run) => new Float64Array(run.length));
    const { lower, upper, p } = pairedIntervalOverSeeds(a, zero, random(1));
    assert.equal(p! < 0.05, lower > 0 || upper < 0, `${p}: ${lower} to ${upper}`);
    below += p! < 0.2 ? 1 : 0;
  }
  assert.ok(below > 0.1 * worlds && below < 0.25 * worlds, `${below} of ${worlds} below .2`);
  const users = Float64Array.from({ length: 50 }, () => draw.normal());
  const moved = users.map((value, i) => value + 0.1 + 0.3 * Math.sin(i));
  const { p: one, lower } = pairedInterval(moved, users, random(1));
  assert.ok(one! > 0 && one! < 0.1 && one! < 0.05 === lower > 0);
  assert.equal(pairedInterval(users, users, random(1)).p, 1);
  assert.equal(pairedIntervalOverSeeds([users, users], [users], random(1)).p, 1);
  assert.equal("p" in intervalOverSeeds([users, moved], random(1)), false);
});

test("refuses what it cannot split", () => {
  const two = new Float64Array(2);
  assert.throws(() => crossedMean([two]), /at least 2 seeds, got 1/);
  assert.throws(() => crossedMean([two, new Float64Array(3)]), /2 values in each column, got 3/);
  assert.throws(() => crossedMean([new Float64Array(0), new Float64Array(0)]), /at least one value/);
  assert.throws(() => crossedMean([two, Float64Array.of(1, Number.NaN)]), /finite values, got NaN/);
});
