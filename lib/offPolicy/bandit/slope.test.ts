import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { random } from "../../math/random";
import { banditWorld } from "../../worlds/banditWorld";
import { banditRounds } from "./banditRounds";
import {
  candidatesOf,
  clippedFamily,
  optimisticShrinkageFamily,
  subGaussianDrFamily,
  subGaussianIpsFamily,
  switchDrFamily,
} from "./estimatorFamilies";
import { ips } from "./inversePropensity";
import { slope } from "./slope";
import { tunedByError } from "./tunedByError";

const candidate = (value: number, standardError: number) => ({ value, standardError });
const placeOf = (candidates: readonly ReturnType<typeof candidate>[], errors?: number): number =>
  candidates.indexOf(slope(candidates, errors === undefined ? {} : { errors }));

test("SLOPE by hand: the last that could be as right as all before it, and none after the first that could not", () => {
  assert.equal(placeOf([candidate(0, 1), candidate(0, 0.1), candidate(0, 0.01)]), 2);
  // 1 ≤ .01 + 1.4495 · 1 but 1 > .01 + 1.4495 · .1.
  assert.equal(placeOf([candidate(0, 1), candidate(0, 0.1), candidate(1, 0.01)]), 1);
  // .9 ≤ .2 + 1.4495 · .5, and not the other way round.
  assert.equal(placeOf([candidate(0, 0.5), candidate(0.9, 0.2)]), 1);
  assert.equal(placeOf([candidate(0, 0.5), candidate(-0.93, 0.2)]), 0);
  assert.equal(placeOf([candidate(0, 0.2), candidate(0.9, 0.5)]), 0);
  assert.equal(placeOf([candidate(0, 0.2), candidate(0.9, 0.5)], 2), 1);
  // Step by step too far: 1.2 fits .9, but no longer 0.
  assert.equal(placeOf([candidate(0, 0.5), candidate(0.9, 0.2), candidate(1.2, 0.05)]), 1);
  // The third fits both, but comes after one that does not.
  assert.equal(placeOf([candidate(0, 1), candidate(3, 0.5), candidate(2, 2)]), 0);
  assert.equal(placeOf([candidate(7, 0)]), 0);
});

test("tuning by error by hand: standard error and distance from the first, squared", () => {
  const candidates = [candidate(0, 2), candidate(1, 1), candidate(1.5, 0.1), candidate(-1.4, 0.1)];
  assert.equal(tunedByError(candidates.slice(0, 3)), candidates[1]);
  assert.equal(tunedByError(candidates), candidates[3]);
  assert.equal(tunedByError([candidates[0], { ...candidates[0] }]), candidates[0]);
});

test("the choice is a candidate, is the same in other units, and moves on when intervals widen", () => {
  const values = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 8 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(values, fc.constantFrom(1, 1.5, 4), (pairs, wider) => {
      const candidates = pairs.map(([value, error]) => candidate(value, error));
      const place = placeOf(candidates);
      assert.ok(place >= 0);
      const scaled = candidates.map(({ value, standardError }) =>
        candidate(8 * value - 32, 8 * standardError),
      );
      assert.equal(placeOf(scaled), place);
      assert.equal(scaled.indexOf(tunedByError(scaled)), candidates.indexOf(tunedByError(candidates)));
      assert.ok(placeOf(candidates, wider) >= place);
      // All that comes after the choice may change.
      assert.equal(placeOf(candidates.slice(0, place + 1)), place);
    }),
  );
});

test("what cannot be chosen from is refused", () => {
  assert.throws(() => slope([]), /slope requires at least one candidate, got none/);
  assert.throws(() => slope([candidate(1, Number.NaN)]), /finite candidates, got 1 ± NaN/);
  assert.throws(() => slope([candidate(1, 1)], { errors: 0 }), /errors above 0, got 0/);
  assert.throws(() => tunedByError([]), /tunedByError requires at least one candidate, got none/);
  assert.throws(() => tunedByError([candidate(Number.NaN, 1)]), /finite candidates, got NaN ± 1/);
});

/** Mean squared error of every setting and of both choices over 120 logs, in units of the best setting's. */
function errorsIn(behaviour: number, sharpness: number) {
  const world = banditWorld(random(1), { actions: 10, contexts: 100 });
  const [logging, target] = [world.policy(behaviour, random(2)), world.policy(sharpness, random(3))];
  const truth = world.valueOf(target);
  const model = world.meanRewards.map((mean, i) => 0.7 * mean + 0.1 + 0.1 * Math.sin(i));
  const families = [
    clippedFamily(ips),
    switchDrFamily(),
    optimisticShrinkageFamily(),
    subGaussianIpsFamily(),
    subGaussianDrFamily(),
  ];
  const sums = families.map(({ settings }) => ({
    fixed: new Float64Array(settings.length),
    slope: 0,
    byError: 0,
  }));
  for (let seed = 0; seed < 120; seed++) {
    const log = world.collect(logging, 500, random(1000 + seed));
    const rounds = banditRounds(log, target, { actions: 10, model });
    families.forEach((family, f) => {
      const candidates = candidatesOf(family, rounds);
      candidates.forEach(({ value }, c) => {
        sums[f].fixed[c] += (value - truth) ** 2;
      });
      sums[f].slope += (slope(candidates).value - truth) ** 2;
      sums[f].byError += (tunedByError(candidates).value - truth) ** 2;
    });
  }
  return families.map(({ name }, f) => {
    const { fixed, ...tuned } = sums[f];
    const best = Math.min(...fixed);
    return {
      name,
      first: fixed[0] / best,
      last: fixed[fixed.length - 1] / best,
      worst: Math.max(...fixed) / best,
      slope: tuned.slope / best,
      byError: tuned.byError / best,
    };
  });
}

test("SLOPE's squared error is within 4 times the best setting's, and below 3 quarters of the worst one's", () => {
  // Little overlap, where the least biased setting errs most, and much, where for IPS the most biased one does.
  const overlaps = [errorsIn(-8, 8), errorsIn(5, 5)];
  assert.ok(overlaps[0].every(({ first, worst }) => first === worst));
  assert.ok(overlaps[1].some(({ last, worst }) => last === worst));
  for (const found of overlaps.flat()) {
    const told = JSON.stringify(found);
    assert.ok(found.worst > 4, told);
    assert.ok(found.slope < 4 && found.slope < 0.75 * found.worst, told);
    assert.ok(found.byError < found.worst, told);
    if (found.name === "ips" || found.name === "sgIps") assert.ok(found.byError < 4, told);
    else assert.ok(found.slope < found.byError, told);
  }
});

test("candidates of a large log have the same errors sorted by reward as in the order drawn", () => {
  const world = banditWorld(random(1), { actions: 4, contexts: 20 });
  const log = world.collect(world.policy(0, random(2)), 60_000, random(3));
  const inOrder = (order: readonly number[]): number => {
    const of = <T extends Float64Array | Int32Array>(column: T): T =>
      column.map((_, i) => column[order[i]]) as T;
    const { contexts, actions, rewards, propensities } = log;
    const sorted = {
      ...{ contexts: of(contexts), actions: of(actions), rewards: of(rewards) },
      ...{ propensities: of(propensities), users: log.users },
    };
    const rounds = banditRounds(sorted, world.policy(4, random(4)), { actions: 4 });
    return candidatesOf(clippedFamily(ips, [Number.POSITIVE_INFINITY]), rounds)[0].standardError;
  };
  const drawn = [...log.rewards.keys()];
  const dearest = drawn.slice().sort((a, b) => log.rewards[a] - log.rewards[b]);
  const ratio = inOrder(dearest) / inOrder(drawn);
  assert.ok(Math.abs(ratio - 1) < 0.03, `${ratio}`);
});
