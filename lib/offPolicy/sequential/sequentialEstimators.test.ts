import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { estimateOf } from "../../math/sumStatistic";
import { tabularLog, tabularTrajectories } from "../../worlds/tabularLog";
import { tabularValue, tabularWorld } from "../../worlds/tabularWorld";
import { pdis, wpdis } from "./perDecision";
import { sdm, sdr, wsdr } from "./sequentialDoublyRobust";
import { sequentialEstimators } from "./sequentialEstimators";
import {
  assertNear,
  behaviour,
  certain,
  chancy,
  discounts,
  exactModel,
  judged,
  limitOver,
  momentsOver,
  target,
  trajectoriesOf,
  wrongModel,
} from "./smallTrajectories.fixture";
import { withModel } from "./trajectories";
import { tis, wtis } from "./trajectorySampling";

const worlds = { chancy, certain };

for (const [name, world] of Object.entries(worlds))
  for (const discount of discounts) {
    const trajectories = trajectoriesOf(world);
    const log = judged(trajectories, target, discount);
    const { value } = tabularValue(world, target, discount);

    test(`${name}, discount ${discount}: over all trajectories the mean of tis, pdis and sdr is the value`, () => {
      assert.ok(Math.abs(value - tabularValue(world, behaviour, discount).value) > 0.1);
      for (const estimator of [tis, pdis])
        assertNear(momentsOver(trajectories, estimator.on(log)).mean, value);
      for (const model of [wrongModel(trajectories), exactModel(world, trajectories, discount)])
        assertNear(momentsOver(trajectories, sdr.on(withModel(log, model))).mean, value);
      assert.ok(
        Math.abs(momentsOver(trajectories, sdm.on(withModel(log, wrongModel(trajectories)))).mean - value) >
          0.01,
      );
    });

    test(`${name}, discount ${discount}: the self-normalised forms settle on the value`, () => {
      for (const estimator of [wtis, wpdis]) assertNear(limitOver(trajectories, estimator.on(log)), value);
      for (const model of [wrongModel(trajectories), exactModel(world, trajectories, discount)])
        assertNear(limitOver(trajectories, wsdr.on(withModel(log, model))), value);
    });

    test(`${name}, discount ${discount}: an exact model makes up for wrong propensities`, () => {
      // Wrong by state and action: a factor that knew the next state would not be a propensity at all.
      const wrong = {
        ...trajectories,
        propensities: trajectories.propensities.map(
          (p, row) => p * (0.9 - 0.1 * (2 * trajectories.states[row] + trajectories.actions[row])),
        ),
      };
      const misjudged = withModel(judged(wrong, target, discount), exactModel(world, trajectories, discount));
      for (const estimator of [sdr, sdm])
        assertNear(momentsOver(trajectories, estimator.on(misjudged)).mean, value);
      assert.ok(Math.abs(momentsOver(trajectories, tis.on(misjudged)).mean - value) > 0.1);
      assert.ok(Math.abs(momentsOver(trajectories, pdis.on(misjudged)).mean - value) > 0.1);
    });
  }

test("with an exact model and nothing by chance, sdr and wsdr say the value of every trajectory and clip", () => {
  for (const discount of discounts) {
    const trajectories = trajectoriesOf(certain);
    const log = withModel(
      judged(trajectories, target, discount),
      exactModel(certain, trajectories, discount),
    );
    const { value } = tabularValue(certain, target, discount);
    for (const clip of [undefined, 1.5]) {
      for (const each of sdr.on(log, clip).terms[0]) assertNear(each, value);
      assertNear(estimateOf(wsdr.on(log, clip)), value);
    }
  }
});

test("a target that is the log's own policy: all give the on-policy mean, the model's part apart", () => {
  const log = tabularLog(chancy, behaviour, { users: 200, random: random(5) });
  for (const discount of discounts) {
    const own = judged(log, behaviour, discount);
    let mean = 0;
    log.rewards.forEach((reward, row) => {
      mean += (discount ** log.steps[row] * reward) / 200;
    });
    for (const estimator of [tis, wtis, pdis, wpdis]) assertNear(estimateOf(estimator.on(own)), mean, 1e-10);
    // v̂ = 0 = q̂: a model that says nothing changes nothing.
    const nothing = {
      logged: new Float64Array(log.users.length),
      expected: new Float64Array(log.users.length),
    };
    for (const estimator of [sdr, wsdr])
      assertNear(estimateOf(estimator.on(withModel(own, nothing))), mean, 1e-10);
  }
});

test("sdr is the recursion of Jiang and Li 2016, equation 10, and follows its bandit form at each step", () => {
  const trajectories = trajectoriesOf(chancy);
  for (const discount of discounts) {
    const log = withModel(judged(trajectories, target, discount), wrongModel(trajectories));
    const { offsets, rewards, targetProbabilities, propensities } = log;
    sdr.on(log).terms[0].forEach((got, i) => {
      let value = 0;
      for (let at = offsets[i + 1] - 1; at >= offsets[i]; at--) {
        const ratio = targetProbabilities[at] / propensities[at];
        value = log.model!.expected[at] + ratio * (rewards[at] + discount * value - log.model!.logged[at]);
      }
      assertNear(got, value);
    });
  }
});

test("spread, counted out: pdis below tis, sdr with the true model below both; and where tis has less", () => {
  for (const world of [chancy, certain])
    for (const discount of [0, 0.5]) {
      const trajectories = trajectoriesOf(world);
      const log = withModel(
        judged(trajectories, target, discount),
        exactModel(world, trajectories, discount),
      );
      const [whole, perStep, robust] = [tis, pdis, sdr].map(
        (each) => momentsOver(trajectories, each.on(log)).variance,
      );
      assert.ok(perStep < whole && robust < perStep, `${robust} < ${perStep} < ${whole}`);
    }
  // 1 and then −1, whatever is done: the return is 0 on every trajectory, but the parts have unlike weights.
  const undone = tabularWorld({
    start: [1, 0, 0],
    transitions: [
      [
        [0, 1, 0],
        [0, 1, 0],
      ],
      [
        [0, 0, 1],
        [0, 0, 1],
      ],
      [
        [0, 0, 1],
        [0, 0, 1],
      ],
    ],
    rewards: [
      [1, 1],
      [-1, -1],
      [0, 0],
    ],
    horizon: 2,
  });
  const trajectories = tabularTrajectories(undone, behaviour);
  const log = judged(trajectories, target, 1);
  assert.equal(momentsOver(trajectories, tis.on(log)).variance, 0);
  assert.ok(momentsOver(trajectories, pdis.on(log)).variance > 0.1);
});

test("ended trajectories stay in the mean of each step: those that go on do not speak for all", () => {
  // User 0 goes on and earns 1 a step, user 1 ends at once. Weights are all 1: the value is the mean return, 1.5.
  const log = judged(
    {
      users: Int32Array.of(0, 0, 0, 1),
      steps: Int32Array.of(0, 1, 2, 0),
      states: new Int32Array(4),
      actions: new Int32Array(4),
      rewards: Float64Array.of(1, 1, 1, 0),
      propensities: new Float64Array(4).fill(0.5),
      terminals: Uint8Array.of(0, 0, 1, 1),
    },
    behaviour,
    1,
  );
  assert.equal(estimateOf(wpdis.on(log)), 1.5);
});

test("the list: models and long trajectories decide what is in it, and each says what it lacks", () => {
  const names = (log: Parameters<typeof sequentialEstimators>[0]) =>
    sequentialEstimators(log).map(({ name }) => name);
  const model = { logged: new Float64Array(0), expected: new Float64Array(0) };
  assert.deepEqual(names({ horizon: 3, model }), ["tis", "wtis", "pdis", "wpdis", "sdm", "sdr", "wsdr"]);
  assert.deepEqual(names({ horizon: 3 }), ["tis", "wtis", "pdis", "wpdis"]);
  assert.deepEqual(names({ horizon: 101, model }), ["tis", "wtis", "pdis", "sdm", "sdr"]);
  const log = judged(trajectoriesOf(certain), target, 1);
  for (const estimator of [sdm, sdr, wsdr])
    assert.throws(
      () => estimator.on(log),
      new RegExp(`${estimator.name} requires a log with a model of returns`),
    );
  for (const estimator of [wpdis, wsdr])
    assert.throws(
      () =>
        estimator.on({ ...withModel(log, exactModel(certain, trajectoriesOf(certain), 1)), horizon: 101 }),
      /at most 100 steps, got 101/,
    );
});
