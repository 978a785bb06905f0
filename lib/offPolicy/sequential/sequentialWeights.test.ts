import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random } from "../../math/random";
import { statisticIntervals } from "../../math/statisticIntervals";
import { estimateOf } from "../../math/sumStatistic";
import { sumUnits } from "../../math/sumUnits";
import { tabularLog } from "../../worlds/tabularLog";
import { tabularValue } from "../../worlds/tabularWorld";
import { directMethod, doublyRobust, selfNormalisedDr } from "../bandit/doublyRobust";
import { importanceWeights } from "../bandit/importanceWeights";
import { ips, snips } from "../bandit/inversePropensity";
import { loggedRounds } from "../bandit/loggedRounds";
import { cumulativeWeights, effectiveSizes, lastWeights } from "./cumulativeWeights";
import { pdis, wpdis } from "./perDecision";
import { sdm, sdr, wsdr } from "./sequentialDoublyRobust";
import { assertNear, behaviour, chancy, exactModel, judged, target } from "./smallTrajectories.fixture";
import { type StepLog, type Trajectories, trajectories, withModel } from "./trajectories";
import { tis, wtis } from "./trajectorySampling";

/** A log drawn by fast-check: rows of users in any order, some weights 0. */
const logs: fc.Arbitrary<StepLog> = fc
  .record({
    rows: fc.array(
      fc.record({
        user: fc.integer({ min: 0, max: 5 }),
        reward: fc.double({ min: -2, max: 3, noNaN: true }),
        propensity: fc.double({ min: 0.05, max: 1, noNaN: true }),
        // 0, or large enough that no product of them loses digits at the bottom of the numbers.
        probability: fc.oneof(fc.constant(0), fc.double({ min: 1e-4, max: 1, noNaN: true })),
        model: fc.double({ min: -3, max: 3, noNaN: true }),
      }),
      { minLength: 1, maxLength: 25 },
    ),
    discount: fc.constantFrom(0, 0.5, 0.9, 1),
  })
  .map(({ rows, discount }) => ({
    users: Int32Array.from(rows, ({ user }) => user),
    steps: Int32Array.from(rows, (_, i) => i),
    rewards: Float64Array.from(rows, ({ reward }) => reward),
    propensities: Float64Array.from(rows, ({ propensity }) => propensity),
    targetProbabilities: Float64Array.from(rows, ({ probability }) => probability),
    discount,
    model: {
      logged: Float64Array.from(rows, ({ model }) => model),
      expected: Float64Array.from(rows, ({ model }) => 1 - model),
    },
  }));

test("property: one step each, they are the bandit estimators, to the last bit", () => {
  fc.assert(
    fc.property(logs, fc.constantFrom(undefined, 0.5, 2), (log, clip) => {
      const alone = { ...log, users: Int32Array.from(log.rewards.keys()) };
      const [steps, rounds] = [trajectories(alone), loggedRounds(alone)];
      const weights = importanceWeights(rounds, clip);
      for (const [sequential, bandit] of [
        [tis, ips],
        [pdis, ips],
        [wtis, snips],
        [wpdis, snips],
        [sdm, directMethod],
        [sdr, doublyRobust],
        [wsdr, selfNormalisedDr],
      ] as const)
        assert.equal(
          estimateOf(sequential.on(steps, clip)),
          estimateOf(bandit.on(rounds, weights)),
          sequential.name,
        );
    }),
  );
});

test("property: wtis stays within the logged returns, wpdis within what each step could earn", () => {
  fc.assert(
    fc.property(logs, (input) => {
      const log = trajectories(input);
      const whole = estimateOf(wtis.on(log));
      const returns = Array.from({ length: log.size }, (_, i) => discounted(log, i));
      assert.ok(Number.isNaN(whole) || within(whole, Math.min(...returns), Math.max(...returns)));
      let [low, high] = [0, 0];
      for (let t = 0; t < log.horizon; t++) {
        const earned = Array.from({ length: log.size }, (_, i) => {
          const at = log.offsets[i] + t;
          return at < log.offsets[i + 1] ? log.rewards[at] : 0;
        });
        low += log.discount ** t * Math.min(...earned);
        high += log.discount ** t * Math.max(...earned);
      }
      const perStep = estimateOf(wpdis.on(log));
      assert.ok(Number.isNaN(perStep) || within(perStep, low, high), `${perStep} in [${low}, ${high}]`);
    }),
  );
});

test("property: the order of rows and the names of users say nothing", () => {
  fc.assert(
    fc.property(logs, fc.integer(), (log, seed) => {
      const draw = random(seed);
      const order = Int32Array.from(log.users.keys()).sort(() => draw.next() - 0.5);
      const moved = <T extends Float64Array | Int32Array>(column: T): T =>
        column.map((_, row) => column[order[row]]) as T;
      const other = trajectories({
        ...log,
        users: moved(log.users).map((user) => 3 * user + 2),
        steps: moved(Int32Array.from(log.steps)),
        rewards: moved(log.rewards),
        propensities: moved(log.propensities),
        targetProbabilities: moved(log.targetProbabilities),
        model: { logged: moved(log.model!.logged), expected: moved(log.model!.expected) },
      });
      const one = trajectories(log);
      for (const estimator of [tis, wtis, pdis, wpdis, sdm, sdr, wsdr])
        assert.deepEqual(estimator.on(other).terms, estimator.on(one).terms);
    }),
  );
});

test("the clip caps the product of ratios, not the ratios: by hand", () => {
  const log = trajectories({
    users: new Int32Array(3),
    steps: Int32Array.of(0, 1, 2),
    rewards: Float64Array.of(1, 10, 100),
    propensities: Float64Array.of(0.25, 0.5, 1),
    targetProbabilities: Float64Array.of(1, 1, 0.25),
    discount: 0.5,
    model: { logged: new Float64Array(3).fill(1), expected: new Float64Array(3).fill(2) },
  });
  assert.deepEqual([...cumulativeWeights(log)], [4, 8, 2]);
  assert.deepEqual([...cumulativeWeights(log, 5)], [4, 5, 2]);
  assert.deepEqual([...cumulativeWeights(log, 0.5)], [0.5, 0.5, 0.5]);
  assert.equal(estimateOf(tis.on(log, 5)), 2 * (1 + 5 + 25));
  assert.equal(estimateOf(tis.on(log, 1)), 1 + 5 + 25);
  assert.equal(estimateOf(pdis.on(log, 5)), 4 * 1 + 5 * 5 + 2 * 25);
  // Misses: 1 + ½ · 2 − 1, 10 + ½ · 2 − 1, 100 − 1.
  assert.equal(estimateOf(sdr.on(log, 5)), 2 + 4 * 1 + 5 * 5 + (2 * 99) / 4);
  assert.throws(() => pdis.on(log, 0), /clip above 0, got 0/);
});

test("self-normalised forms by hand: each step is divided by the weights of that step", () => {
  const log = trajectories({
    users: Int32Array.of(0, 0, 1, 1, 2),
    steps: Int32Array.of(0, 1, 0, 1, 0),
    rewards: Float64Array.of(1, 10, 2, 20, 4),
    propensities: Float64Array.of(0.25, 0.5, 0.5, 0.25, 0.5),
    targetProbabilities: Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.25),
    discount: 0.5,
    model: { logged: Float64Array.of(1, 2, 3, 4, 5), expected: Float64Array.of(6, 8, 10, 12, 14) },
  });
  // Weights 2, 2 and 1, 2 and ½, which stays: sums 3½ and 4½.
  assertNear(estimateOf(wtis.on(log)), (2 * 6 + 2 * 12 + 0.5 * 4) / 4.5);
  assertNear(estimateOf(wpdis.on(log)), (2 * 1 + 1 * 2 + 0.5 * 4) / 3.5 + (0.5 * (2 * 10 + 2 * 20)) / 4.5);
  // Misses 1 + 4 − 1, 10 − 2; 2 + 6 − 3, 20 − 4; 4 − 5.
  const [first, second] = [(2 * 4 + 1 * 5 - 0.5) / 3.5, (0.5 * (2 * 8 + 2 * 16)) / 4.5];
  assertNear(estimateOf(wsdr.on(log)), 10 + first + second);
});

test("products that leave the numbers are refused, unless clipped", () => {
  const n = 400;
  const log = trajectories({
    users: new Int32Array(n),
    steps: Int32Array.from({ length: n }, (_, t) => t),
    rewards: new Float64Array(n).fill(1),
    propensities: new Float64Array(n).fill(0.1),
    targetProbabilities: Float64Array.from({ length: n }, (_, t) => (t === n - 1 ? 0 : 1)),
    discount: 1,
  });
  assert.throws(() => tis.on(log), /requires a clip, got a product beyond 1e\+?300/);
  assert.equal(estimateOf(pdis.on(log, 10)), 10 * (n - 1));
  assert.equal(estimateOf(tis.on(log, 10)), 0);
});

test("effective sizes fall with the steps, and ended trajectories keep their weight", () => {
  const log = judged(tabularLog(chancy, behaviour, { users: 500, random: random(2) }), target, 1);
  const weights = cumulativeWeights(log);
  const sizes = effectiveSizes(log, weights);
  assert.equal(sizes.length, 3);
  assert.ok(500 > sizes[0] && sizes[0] > sizes[1] && sizes[1] > sizes[2]);
  let [sum, squares] = [0, 0];
  for (const weight of lastWeights(log, weights)) {
    sum += weight;
    squares += weight * weight;
  }
  assertNear(sizes[2], (sum * sum) / squares, 1e-9);
});

test("a bootstrap draws users: every row of one goes along, and one user tells no spread", () => {
  const log = judged(tabularLog(chancy, behaviour, { users: 50, random: random(7) }), target, 0.5);
  const statistics = [tis, wtis, pdis, wpdis].map((each) => each.on(log));
  assert.equal(sumUnits(statistics).size, 50);
  const one = judged(tabularLog(chancy, behaviour, { users: 1, random: random(6) }), target, 0.5);
  assert.ok(one.rewards.length > 1);
  for (const estimator of [tis, pdis, wpdis]) {
    const { value, lower, upper } = statisticIntervals([estimator.on(one)], random(1))[0];
    assert.ok(Number.isFinite(value) && Number.isNaN(lower) && Number.isNaN(upper));
  }
});

test("intervals of 95% hold the true value about as often as they say", () => {
  const { value } = tabularValue(chancy, target, 0.5);
  const held = [0, 0, 0, 0];
  const runs = 200;
  for (let seed = 1; seed <= runs; seed++) {
    const draw = random(seed);
    const trajectories = tabularLog(chancy, behaviour, { users: 150, random: draw.fork("walks") });
    const log = withModel(judged(trajectories, target, 0.5), exactModel(chancy, trajectories, 0.5));
    const statistics = [pdis, wpdis, sdr, wsdr].map((each) => each.on(log));
    statisticIntervals(statistics, draw.fork("bootstrap"), { resamples: 200 }).forEach(
      ({ lower, upper }, e) => {
        if (lower <= value && value <= upper) held[e]++;
      },
    );
  }
  for (const times of held) assert.ok(times / runs > 0.88 && times / runs <= 1, `${held} of ${runs}`);
});

function discounted({ offsets, rewards, discount }: Trajectories, i: number): number {
  let value = 0;
  for (let at = offsets[i]; at < offsets[i + 1]; at++) value += discount ** (at - offsets[i]) * rewards[at];
  return value;
}

function within(value: number, low: number, high: number): boolean {
  return value >= low - 1e-9 && value <= high + 1e-9;
}
